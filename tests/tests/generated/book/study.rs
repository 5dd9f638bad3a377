//! The numbers that the chapters of the study quote are those of its last run, what they claim of comparisons holds
//! in it, and all of its tables and figures are shown.
//!
//! `UPDATE_BOOK=1` rewrites the numbers. Comparisons are never rewritten: where one no longer holds, a sentence is wrong.
//! `QUICK_STUDY=FOLDER` checks those that hold in a quick run, too, in what `activations --quick --write FOLDER` wrote. Those
//! of its short experiments are tests of the example.

#[path = "../../../../examples/study/claims.rs"]
mod claims;

use super::quotes::root;
use claims::{Claim, Numbers, comments};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Returns the pages and their texts, with the README.
fn pages() -> Vec<(PathBuf, String)> {
    claims::pages(&root())
}

fn folder() -> PathBuf {
    root().join("book/src/study")
}

/// Returns the numbers of the run by name.
fn numbers() -> Numbers {
    read(&folder().join("results"))
}

/// Returns the numbers of a folder of results.
fn read(results: &Path) -> Numbers {
    let text = std::fs::read_to_string(results.join("numbers.txt")).unwrap();
    let pairs = text.lines().map(|line| line.split_once(" = ").unwrap());
    pairs.map(|(name, value)| (name.to_owned(), value.parse().unwrap())).collect()
}

/// A comment of a page.
enum Mark<'a> {
    /// `14 %<!-- name -->`: a number, rounded, and the name of the exact one. Without a number, it is another comment.
    Number { shown: &'a str, name: &'a str },
    /// `<!-- holds: first < second -->` or `<!-- holds quickly: first < second -->`.
    Claim(Claim<'a>),
}

/// Returns the comments of a page, each with the text before it that belongs to neither a number nor a comment.
fn marks(page: &str) -> (Vec<(&str, Mark<'_>)>, &str) {
    let (comments, rest) = comments(page);
    let mut found = Vec::new();
    for (before, comment) in comments {
        found.push(match Claim::of(comment) {
            Some(claim) => (before, Mark::Claim(claim)),
            None => {
                let (text, shown) = before.split_at(number_at_end(before));
                (text, Mark::Number { shown, name: comment })
            }
        });
    }
    (found, rest)
}

/// Returns where the number at the end of `text` begins, which may be a percentage.
fn number_at_end(text: &str) -> usize {
    let digits = text.strip_suffix(" %").or(text.strip_suffix('%')).unwrap_or(text);
    digits.trim_end_matches(|c: char| c.is_ascii_digit() || ".,-e".contains(c)).len()
}

/// The form in which a number is shown.
struct Form {
    percent: &'static str,
    decimals: usize,
    exponent: bool,
}

impl Form {
    fn of(shown: &str) -> Self {
        let percent = [" %", "%"].into_iter().find(|unit| shown.ends_with(unit)).unwrap_or("");
        let number = shown.strip_suffix(percent).unwrap_or(shown);
        let mantissa = number.split_once('e').map_or(number, |(mantissa, _)| mantissa);
        let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        Self { percent, decimals, exponent: number.contains('e') }
    }

    /// Returns `value` in this form.
    fn show(&self, value: f64) -> String {
        let value = if self.percent.is_empty() { value } else { 100.0 * value };
        let Self { percent, decimals, exponent } = self;
        let number = match exponent {
            true => format!("{value:.decimals$e}"),
            false => with_thousands(&format!("{value:.decimals$}")),
        };
        format!("{number}{percent}")
    }
}

/// Returns a number with a comma before each group of three digits, if it has four digits or more.
fn with_thousands(number: &str) -> String {
    let (whole, decimals) = number.split_at(number.find('.').unwrap_or(number.len()));
    if whole.len() < 4 || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let (first, groups) = whole.split_at(whole.len() % 3);
    let groups = groups.as_bytes().chunks(3).map(|group| std::str::from_utf8(group).unwrap());
    let parts: Vec<&str> =
        [first].into_iter().filter(|part| !part.is_empty()).chain(groups).collect();
    parts.join(",") + decimals
}

/// Returns the page with the numbers of the run.
fn updated(page: &str, numbers: &Numbers) -> String {
    let (marks, rest) = marks(page);
    let mut text = String::new();
    for (before, mark) in marks {
        text += before;
        text += &match mark {
            Mark::Claim(Claim { text, quick: false }) => format!("<!-- holds: {text} -->"),
            Mark::Claim(Claim { text, quick: true }) => format!("<!-- holds quickly: {text} -->"),
            Mark::Number { shown: "", name } => {
                assert!(!numbers.contains_key(name), "no number before `{name}`");
                format!("<!-- {name} -->")
            }
            Mark::Number { shown, name } => {
                let value = numbers.get(name).unwrap_or_else(|| panic!("no number `{name}`"));
                format!("{}<!-- {name} -->", Form::of(shown).show(*value))
            }
        };
    }
    text + rest
}

#[test]
fn the_study_quotes_its_run() {
    let numbers = numbers();
    let mut count = 0;
    for (path, text) in pages() {
        let actual = updated(&text, &numbers);
        if std::env::var_os("UPDATE_BOOK").is_some() {
            std::fs::write(&path, &actual).unwrap();
        } else {
            let lines = text.lines().zip(actual.lines());
            for (line, actual) in lines {
                assert_eq!(
                    line, actual,
                    "{path:?} is out of date: set UPDATE_BOOK=1, run again, read the sentence"
                );
            }
        }
        count += marks(&text).0.len();
    }
    assert!(count > 40, "{count} numbers");
}

/// Checks the claims of all pages, or only those that hold in a quick run, and returns how many they are.
fn compare(numbers: &Numbers, only_quick: bool) -> usize {
    let mut count = 0;
    for (path, page) in pages() {
        for (_, mark) in marks(&page).0 {
            let Mark::Claim(claim) = mark else { continue };
            if claim.quick || !only_quick {
                assert!(
                    claim.holds(numbers),
                    "{path:?}: `{}` does not hold in the run",
                    claim.text
                );
                count += 1;
            }
        }
    }
    count
}

#[test]
fn the_study_concludes_from_its_run() {
    let count = compare(&numbers(), false);
    assert!(count > 40, "{count} comparisons");
    if let Some(folder) = std::env::var_os("QUICK_STUDY") {
        let count = compare(&read(Path::new(&folder)), true);
        assert!(count > 10, "{count} comparisons");
    }
}

#[test]
fn the_study_shows_all_of_its_results() {
    let pages = pages();
    let mut count = 0;
    for entry in std::fs::read_dir(folder().join("results")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let shown = match path.extension().and_then(|extension| extension.to_str()) {
            Some("md") => format!("{{{{#include results/{name}}}}}"),
            Some("svg") => format!("](results/{name})"),
            _ => continue,
        };
        assert!(pages.iter().any(|(_, text)| text.contains(&shown)), "no page has `{shown}`");
        count += 1;
    }
    assert!(count > 15, "{count} tables and figures");
}

/// Both summaries quote the same numbers.
#[test]
fn summaries_agree() {
    let [english, chinese] = ["study.md", "summary-zh.md"].map(|name| {
        let text = std::fs::read_to_string(folder().join(name)).unwrap();
        let numbers = marks(&text).0.into_iter().filter_map(|(_, mark)| match mark {
            Mark::Number { shown, name } => Some((name.to_owned(), shown.to_owned())),
            Mark::Claim(_) => None,
        });
        numbers.collect::<BTreeSet<_>>()
    });
    assert_eq!(english, chinese);
}

#[test]
fn forms_of_numbers_are_kept() {
    let show = |shown: &str, value: f64| Form::of(shown).show(value);
    assert_eq!(show("0.15", 0.141), "0.14");
    assert_eq!(show("15 %", 0.1451), "15 %");
    assert_eq!(show("15.0 %", 0.1451), "14.5 %");
    assert_eq!(show("6e-109", 6.8e-109), "7e-109");
    assert_eq!(show("1,000", 25_128.4), "25,128");
    assert_eq!(show("1000", 999.6), "1,000");
    assert_eq!(show("7", f64::INFINITY), "inf");
    let page =
        "a factor of 0.14<!-- a b -->, and 97 %<!-- c -->. <!-- holds quickly: a b < c < 1 -->.";
    let numbers = Numbers::from([("a b".to_owned(), 0.151), ("c".to_owned(), 0.966)]);
    let expected =
        "a factor of 0.15<!-- a b -->, and 97 %<!-- c -->. <!-- holds quickly: a b < c < 1 -->.";
    assert_eq!(updated(page, &numbers), expected);
}
