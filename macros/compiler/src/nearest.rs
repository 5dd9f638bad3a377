//! Suggestions for misspelt names.

/// Returns the candidate nearest to `name`, if its distance is at most a third of the letters.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // a name of one letter is within one edit of every other
    let limit = match name.chars().count() {
        1 => 0,
        letters => letters.max(3) / 3,
    };
    candidates
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|&(distance, _)| distance <= limit)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Returns `; did you mean ...?`, or an empty string if no candidate is near.
#[must_use]
pub fn suggestion<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, candidates).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// Returns `; did you mean ...?`, or, if no candidate is near, `; there are a, b` with all
/// candidates, and `more`.
#[must_use]
pub fn suggestion_or_all(name: &str, candidates: &[&str], more: &str) -> String {
    let near = suggestion(name, candidates.iter().copied());
    match near.is_empty() {
        true => format!("; there are {}{more}", candidates.join(", ")),
        false => near,
    }
}

/// Returns up to three candidates that are somewhat like `name`: that begin with the same three
/// letters, or contain it.
#[must_use]
pub fn somewhat_like<'a>(name: &str, candidates: &[&'a str]) -> Vec<&'a str> {
    let begin: String = name.to_lowercase().chars().take(3).collect();
    let is_like = |candidate: &&&str| {
        let candidate = candidate.to_lowercase();
        begin.chars().count() == 3 && candidate.contains(&begin)
    };
    let mut like: Vec<&str> = candidates.iter().filter(is_like).copied().collect();
    like.sort_by_key(|candidate| distance(name, candidate));
    like.truncate(3);
    like
}

/// Returns the number of edits (insert, delete, replace, swap neighbours) from one word to the
/// other, without regard to case: the restricted Damerau-Levenshtein distance.
#[must_use]
pub fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
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
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let names = ["Linear", "Dropout", "LayerNorm"];
        assert_eq!(nearest("Lienar", names), Some("Linear"));
        assert_eq!(nearest("linear", names), Some("Linear"));
        assert_eq!(nearest("Layernrom", names), Some("LayerNorm"));
        assert_eq!(nearest("Conv2d", names), None);
        assert_eq!(nearest("", names), None);
    }

    #[test]
    fn counts_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("", "abc"), 3);
    }
}
