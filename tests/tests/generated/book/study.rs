//! The numbers that the chapters of the study quote are those of its last run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/src/study")
}

/// Returns the numbers of the run by name.
fn numbers() -> BTreeMap<String, f64> {
    let text = std::fs::read_to_string(folder().join("results/numbers.txt")).unwrap();
    let pairs = text.lines().map(|line| line.split_once(" = ").unwrap());
    pairs.map(|(name, value)| (name.to_owned(), value.parse().unwrap())).collect()
}

/// A number in the text, marked with the name of the one that it rounds: `14 %<!-- name -->`.
struct Quoted<'a> {
    shown: &'a str,
    name: &'a str,
}

/// Returns the marked numbers of a page.
fn quoted(page: &str) -> Vec<Quoted<'_>> {
    let mut parts = page.split("<!-- ");
    let mut before = parts.next().unwrap_or("");
    let mut found = Vec::new();
    for part in parts {
        let (name, rest) = part.split_once(" -->").expect("a comment that ends");
        let unit = before.strip_suffix(" %").or(before.strip_suffix("%")).unwrap_or(before);
        let is_of_number = |c: char| c.is_ascii_digit() || ".,-".contains(c);
        let start = unit.trim_end_matches(|c| is_of_number(c) || c == 'e').len();
        found.push(Quoted { shown: &before[start..], name });
        before = rest;
    }
    found
}

/// Returns true if `shown` is `value`, rounded to as many digits.
fn rounds(shown: &str, value: f64) -> bool {
    let (number, value) = match shown.strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 100.0 * value),
        None => (shown, value),
    };
    let number = number.replace(',', "");
    let Ok(parsed) = number.parse::<f64>() else { return false };
    let (mantissa, exponent) = number.split_once('e').unwrap_or((&number, "0"));
    let digits = mantissa.split_once('.').map_or(0, |(_, digits)| digits.len() as i32);
    let half = 0.5 * 10.0_f64.powi(exponent.parse::<i32>().unwrap() - digits);
    (parsed - value).abs() <= half * 1.000_001
}

#[test]
fn the_study_quotes_its_run() {
    let numbers = numbers();
    let mut count = 0;
    for page in std::fs::read_dir(folder()).unwrap() {
        let path = page.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for Quoted { shown, name } in quoted(&text) {
            let value = numbers.get(name).unwrap_or_else(|| panic!("{path:?}: no number `{name}`"));
            assert!(rounds(shown, *value), "{path:?}: `{shown}`, but `{name}` is {value}");
            count += 1;
        }
    }
    assert!(count > 20, "{count} numbers");
}

#[test]
fn rounding_is_checked() {
    assert!(rounds("0.14", 0.141) && !rounds("0.14", 0.147));
    assert!(rounds("14 %", 0.141) && !rounds("14 %", 0.1451));
    assert!(rounds("7e-109", 6.8e-109) && !rounds("6e-109", 6.8e-109));
    assert!(rounds("25,128", 25_128.4) && !rounds("many", 1.0));
    let page = quoted("a factor of 0.14<!-- decay --> and 97 %<!-- share -->.");
    assert_eq!(page.iter().map(|q| (q.shown, q.name)).collect::<Vec<_>>(), [("0.14", "decay"), ("97 %", "share")]);
}
