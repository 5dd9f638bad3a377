//! Graphs in the language of Graphviz.

use super::text::{details, first_line, frame_title};
use super::{Graph, NodeKind};
use std::fmt::Write as _;

/// Returns the graph in the language of Graphviz.
pub(super) fn dot(graph: &Graph) -> String {
    let mut text = format!(
        "digraph {} {{\n  label={};\n  labelloc=t;\n  compound=true;\n  fontname=\"Helvetica\";\n  node [fontname=\"Helvetica\", fontsize=11, shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\"];\n  edge [arrowsize=0.6];\n",
        quoted(graph.title()),
        quoted(graph.title()),
    );
    frame(graph, None, 1, &mut text);
    for edge in graph.edges() {
        let next = if edge.is_next { " [style=dashed, constraint=false]" } else { "" };
        let _ = writeln!(text, "  n{} -> n{}{next};", edge.from, edge.to);
    }
    text.push_str("}\n");
    text
}

/// Writes the nodes and frames in a frame.
fn frame(graph: &Graph, around: Option<usize>, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for (index, node) in graph.nodes().iter().enumerate().filter(|(_, n)| n.frame == around) {
        let mut label = first_line(node).to_owned();
        let details = details(node);
        if !details.is_empty() {
            let _ = write!(label, "\n{details}");
        }
        let style = match node.kind {
            NodeKind::Input | NodeKind::Output | NodeKind::Target => {
                "shape=ellipse, style=filled, fillcolor=\"#dff3e4\""
            }
            NodeKind::Layer if node.parameters > 0 => "fillcolor=\"#dbe9fb\"",
            NodeKind::Activation => "fillcolor=\"#fdebd0\"",
            NodeKind::Parameter => "shape=note, style=filled, fillcolor=\"#ece2f8\"",
            NodeKind::Elementwise => "shape=circle, margin=\"0.02\", fillcolor=\"#f2f2f2\"",
            NodeKind::Carried | NodeKind::Element => {
                "shape=ellipse, style=dashed, margin=\"0.05,0.02\""
            }
            NodeKind::Loss => "shape=ellipse, style=filled, fillcolor=\"#f9dcdc\"",
            NodeKind::Layer | NodeKind::Function => "fillcolor=\"#f2f2f2\"",
        };
        let _ = writeln!(text, "{indent}n{index} [label={}, {style}];", quoted(&label));
    }
    for (index, inner) in graph.frames().iter().enumerate().filter(|(_, f)| f.parent == around) {
        let label = quoted(&frame_title(inner).join("  "));
        let _ = writeln!(
            text,
            "{indent}subgraph cluster_{index} {{\n{indent}  label={label};\n{indent}  labeljust=l;\n{indent}  style=rounded;\n{indent}  color=\"#888888\";"
        );
        frame(graph, Some(index), depth + 1, text);
        let _ = writeln!(text, "{indent}}}");
    }
}

/// Returns a string of Graphviz's language. A backslash is doubled, since a label has escapes of its own;
/// other control characters than line ends have no place in a label.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            // Graphviz replaces the entities of HTML in labels
            '&' => quoted.push_str("&amp;"),
            char if char.is_control() => quoted.push(' '),
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}
