//! Summaries as Markdown.

use super::{HEADER, Summary, grouped};
use std::fmt::Write as _;

/// Returns a summary as a title, a table and a list of totals.
pub(super) fn markdown(summary: &Summary) -> String {
    let mut text = format!("**{}**\n\n", escaped(&summary.title));
    let _ = writeln!(text, "| {} |", HEADER.join(" | "));
    text.push_str("|---|---|---|---:|---:|\n");
    for (depth, [name, layer, shape, parameters, flops]) in summary.table() {
        let name = format!("{}{}", "&emsp;".repeat(depth), escaped(&name));
        let cells = [name, escaped(&layer), escaped(&shape), parameters, flops];
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    let (parameters, flops) = (grouped(summary.parameters), grouped(summary.flops));
    let _ = writeln!(text, "| **total** |  |  | **{parameters}** | **{flops}** |\n");
    for (word, total) in summary.totals() {
        let _ = writeln!(text, "- {word}: {}", escaped(&total));
    }
    text
}

/// Returns text in which no character has a meaning to Markdown or HTML, or ends the cell of a table.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        match char {
            char if "\\`*_{}[]<>#|~$&!".contains(char) => {
                escaped.push('\\');
                escaped.push(char);
            }
            char if char.is_control() => escaped.push(' '),
            char => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn hostile_names_are_escaped() {
        assert_eq!(escaped("h.{i}|*_a<b>`\\&\n"), r"h.\{i\}\|\*\_a\<b\>\`\\\& ");
        assert_eq!(escaped("Linear(64)"), "Linear(64)");
    }
}
