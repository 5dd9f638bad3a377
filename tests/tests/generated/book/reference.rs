//! Checks that the reference page is complete, and that its code compiles.

use monograd_compiler::check;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../../book/src/reference.md");
const CODE: &str = concat!(
    include_str!("../../../../book/code/reference.rs"),
    include_str!("../../../../book/code/layers.rs")
);

/// Returns the cells of all rows of the tables, without their headers.
fn rows() -> Vec<Vec<String>> {
    let lines: Vec<&str> = PAGE.lines().collect();
    let mut rows = Vec::new();
    for (line, next) in lines.iter().zip(lines.iter().skip(1).chain([&""])) {
        let is_row = line.starts_with('|') && !line.starts_with("|---");
        if is_row && !next.starts_with("|---") {
            let cells = line.replace("\\|", "\0");
            let cells = cells.trim_matches('|').split('|');
            rows.push(cells.map(|cell| cell.trim().replace('\0', "|")).collect());
        }
    }
    rows
}

/// Returns the parts in backquotes.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn every_example_is_compiled() {
    let code = without_spaces(CODE);
    let rows = rows();
    assert!(rows.len() > 100, "{} rows", rows.len());
    for row in rows {
        let example = row.last().map(|cell| quoted(cell).collect::<Vec<_>>()).unwrap_or_default();
        assert_eq!(example.len(), 1, "one example each: {row:?}");
        assert!(code.contains(&without_spaces(example[0])), "not in the code: {example:?}");
    }
}

#[test]
fn every_name_has_a_row() {
    let name = |form: &str| form.split(['(', ' ']).next().unwrap_or_default().to_owned();
    let forms: BTreeSet<String> =
        rows().iter().flat_map(|row| quoted(&row[0]).map(name).collect::<Vec<_>>()).collect();
    let names = check::names();
    assert!(names.len() > 60, "{names:?}");
    for name in names {
        assert!(forms.contains(name), "no row for `{name}`");
    }
}
