//! Summaries as LaTeX.

use super::{HEADER, Summary, grouped};
use std::fmt::Write as _;

/// Returns a summary as a `tabular`.
pub(super) fn latex(summary: &Summary) -> String {
    let mut text = format!(
        "% {}; \\usepackage{{booktabs}}\n\\begin{{tabular}}{{lllrr}}\n\\toprule\n{} \\\\\n\\midrule\n",
        summary.title.replace(char::is_control, " "),
        HEADER.join(" & "),
    );
    for (depth, [name, layer, shape, parameters, flops]) in summary.table() {
        let name = format!("{}{}", "\\quad ".repeat(depth), escaped(&name));
        // a row that began with a bracket would be an option of the one before
        let cells = [format!("{{}}{name}"), escaped(&layer), escaped(&shape), parameters, flops];
        let _ = writeln!(text, "{} \\\\", cells.join(" & "));
    }
    let (parameters, flops) = (grouped(summary.parameters), grouped(summary.flops));
    let _ = writeln!(text, "\\midrule\ntotal & & & {parameters} & {flops} \\\\\n\\midrule");
    for (word, total) in summary.totals() {
        let total = escaped(&total);
        let _ = writeln!(text, "\\multicolumn{{5}}{{l}}{{{word}: {total}}} \\\\");
    }
    text.push_str("\\bottomrule\n\\end{tabular}\n");
    text
}

/// Returns text in which no character has a meaning to LaTeX.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        match char {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '<' => escaped.push_str("\\textless{}"),
            '>' => escaped.push_str("\\textgreater{}"),
            '|' => escaped.push_str("\\textbar{}"),
            // two hyphens would be a dash, two apostrophes a quotation mark
            '-' | '\'' | '`' => {
                let _ = write!(escaped, "{{{char}}}");
            }
            '"' => escaped.push_str("\\char34{}"),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
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
        let expected = r#"a\_1\&\%\$\#\{i\}\textbackslash{}\textasciitilde{}\textasciicircum{}"#;
        assert_eq!(escaped("a_1&%$#{i}\\~^"), expected);
        assert_eq!(
            escaped("<\"|--'>\n"),
            r#"\textless{}\char34{}\textbar{}{-}{-}{'}\textgreater{} "#
        );
    }
}
