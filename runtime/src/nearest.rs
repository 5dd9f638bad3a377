//! Suggests the name that was probably meant.

/// A search for the candidate most similar to a name: one that differs only by a module in front
/// (`transformer.wte` and `wte`), or by edits of at most a third of its letters. Edits are those of
/// the compiler's suggestions.
pub(crate) struct Nearest<'a> {
    name: &'a str,
    limit: usize,
    found: Option<(usize, String)>,
}

impl<'a> Nearest<'a> {
    pub fn to(name: &'a str) -> Self {
        // a name of one letter is within one edit of every other
        let limit = match name.chars().count() {
            1 => 0,
            letters => letters.max(3) / 3,
        };
        Self { name, limit, found: None }
    }

    pub fn consider(&mut self, candidate: &str) {
        self.consider_as(candidate, candidate);
    }

    /// Considers a candidate that is called `shown` in what is found.
    pub fn consider_as(&mut self, candidate: &str, shown: &str) {
        let Self { name, limit, .. } = *self;
        let distance = match is_suffix(name, candidate) {
            true => Some(1),
            false => distance(name, candidate, limit),
        };
        let best = self.found.as_ref().map(|(distance, name)| (*distance, &**name));
        if let Some(distance) = distance
            && best.is_none_or(|best| (distance, shown) < best)
        {
            self.found = Some((distance, shown.to_owned()));
        }
    }

    pub fn found(self) -> Option<String> {
        self.found.map(|(_, name)| name)
    }
}

/// Returns the most similar of all candidates, if one is similar enough.
pub(crate) fn nearest(
    name: &str,
    candidates: impl IntoIterator<Item = impl AsRef<str>>,
) -> Option<String> {
    let mut nearest = Nearest::to(name);
    candidates.into_iter().for_each(|candidate| nearest.consider(candidate.as_ref()));
    nearest.found()
}

fn is_suffix(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    !short.is_empty() && long.strip_suffix(short).is_some_and(|front| front.ends_with('.'))
}

/// Returns the number of edits (insert, delete, replace, swap neighbours) from one name to the
/// other, without regard to case, if it is at most `limit`: the restricted Damerau-Levenshtein
/// distance.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().take(a.len() + limit + 1).collect();
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    Some(last[b.len()]).filter(|&distance| distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let names = ["fc1.weight", "fc2.weight", "fc1.bias", "wte.weight"];
        assert_eq!(nearest("fc1.wieght", names), Some("fc1.weight".to_owned()));
        assert_eq!(nearest("fc2.weigh", names), Some("fc2.weight".to_owned()));
        assert_eq!(nearest("transformer.wte.weight", names), Some("wte.weight".to_owned()));
        assert_eq!(nearest("attention", names), None);
        assert_eq!(nearest("FC1.Bias", names), Some("fc1.bias".to_owned()));
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("", names), None);
    }

    #[test]
    fn counts_edits() {
        assert_eq!(distance("kitten", "sitting", 3), Some(3));
        assert_eq!(distance("kitten", "sitting", 2), None);
        assert_eq!(distance("", "ab", 2), Some(2));
        assert_eq!(distance("ab", "ab", 0), Some(0));
        assert_eq!(distance("ab", "BA", 2), Some(1));
    }
}
