//! Checks that the index of errors has every variant, and quotes messages that there are.

use super::quotes::{read, root};
use std::collections::BTreeSet;
use syn::Item;

const PAGE: &str = include_str!("../../../../book/src/errors.md");

/// The enums of run-time errors, with their files.
const ERRORS: [(&str, &str); 8] = [
    ("Error", "error.rs"),
    ("FileProblem", "error/file.rs"),
    ("DataProblem", "data/error.rs"),
    ("StepError", "optimizer/error.rs"),
    ("TrainError", "train/error.rs"),
    ("SampleError", "sampler/error.rs"),
    ("MetricError", "metrics.rs"),
    ("CollectiveError", "distributed/error.rs"),
];

/// Returns the part of the page below a heading of the second level.
fn section(heading: &str) -> &str {
    let (_, rest) = PAGE.split_once(&format!("\n## {heading}\n")).expect("the heading");
    rest.split("\n## ").next().unwrap_or_default()
}

/// Returns the parts of a text in backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_variant_is_in_the_index() {
    let names: BTreeSet<&str> = quoted(section("Index of run-time errors")).collect();
    let mut variants = 0;
    for (name, path) in ERRORS {
        let file = syn::parse_file(&read(&format!("runtime/src/{path}"))).expect("a Rust file");
        let found = file.items.into_iter().find_map(|item| match item {
            Item::Enum(found) if found.ident == name => Some(found),
            _ => None,
        });
        assert!(names.contains(format!("{name}::").as_str()), "no table of `{name}`");
        for variant in found.unwrap_or_else(|| panic!("no `{name}` in {path}")).variants {
            variants += 1;
            let variant = variant.ident.to_string();
            assert!(names.contains(variant.as_str()), "`{name}::{variant}` is not in the index");
        }
    }
    assert!(variants > 80, "{variants}");
}

#[test]
fn messages_of_the_index_exist() {
    let mut messages = String::new();
    let folders = ["tests/ui", "tests/ui/built"].map(|folder| root().join(folder));
    for entry in folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("the folder")) {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "stderr") {
            messages.push_str(&std::fs::read_to_string(path).expect("a file"));
        }
    }
    let rows = section("Index of compile errors").lines().filter(|line| line.starts_with("| `"));
    let mut count = 0;
    for row in rows {
        let (cell, _) = row[2..].split_once(" | ").expect("two cells");
        for message in quoted(cell) {
            let words: Vec<&str> = message.split("..").collect();
            let is_message = |line: &str| {
                let mut rest = line;
                words.iter().all(|part| match rest.split_once(part.trim()) {
                    Some((_, after)) => {
                        rest = after;
                        true
                    }
                    None => false,
                })
            };
            assert!(messages.lines().any(is_message), "no message is like `{message}`");
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
}
