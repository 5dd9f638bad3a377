//! Comparisons of the study's numbers from which sentences of the book conclude, as comments of the pages say them.
//!
//! A test of the book checks them with the results that are shown, a test of this example those that hold in a quick run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The numbers of a run by name.
pub type Numbers = BTreeMap<String, f64>;

/// Returns the pages of the study and their texts, with the README, of the repository in folder `root`.
pub fn pages(root: &Path) -> Vec<(PathBuf, String)> {
    let paths =
        std::fs::read_dir(root.join("book/src/study")).unwrap().map(|entry| entry.unwrap().path());
    let paths = paths.chain([root.join("README.md")]);
    let paths = paths.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// Returns the comments of a page, each with the text before it, and the text after the last.
///
/// # Panics
/// If a comment does not end.
pub fn comments(page: &str) -> (Vec<(&str, &str)>, &str) {
    let (mut found, mut rest) = (Vec::new(), page);
    while let Some((before, after)) = rest.split_once("<!-- ") {
        let (comment, after) = after.split_once(" -->").expect("a comment that ends");
        found.push((before, comment));
        rest = after;
    }
    (found, rest)
}

/// A comparison of numbers of a run, which a sentence of the book rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// Numbers, by name or as they are, each less than the next: `first < second`.
    pub text: &'a str,
    /// True if it holds in a quick run as well.
    pub quick: bool,
}

impl<'a> Claim<'a> {
    /// Returns the claim of the comment `holds: first < second` or `holds quickly: first < second`.
    pub fn of(comment: &'a str) -> Option<Self> {
        let of = |start, quick| comment.strip_prefix(start).map(|text| Self { text, quick });
        of("holds: ", false).or_else(|| of("holds quickly: ", true))
    }

    /// Returns true if the numbers increase as it says.
    ///
    /// # Panics
    /// If there is no number of a name.
    pub fn holds(self, numbers: &Numbers) -> bool {
        let value = |side: &str| {
            let named = numbers.get(side).copied();
            named.or(side.parse().ok()).unwrap_or_else(|| panic!("no number `{side}`"))
        };
        let sides: Vec<f64> = self.text.split(" < ").map(value).collect();
        sides.len() > 1 && sides.is_sorted_by(|a, b| a < b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_are_checked() {
        let numbers = Numbers::from([("a b".to_owned(), 1.0), ("c".to_owned(), 2.0)]);
        let holds = |text| Claim { text, quick: false }.holds(&numbers);
        assert!(holds("a b < c") && holds("0.5 < a b < c < 3"));
        assert!(!holds("c < a b") && !holds("a b < c < 2") && !holds("c"));
    }
}
