//! Graphs as Mermaid flowcharts.

use super::text::{details, first_line, frame_title};
use super::{Graph, NodeKind};
use std::fmt::Write as _;

/// Returns the graph as a flowchart.
pub(super) fn mermaid(graph: &Graph) -> String {
    let mut text = String::from("flowchart TD\n");
    frame(graph, None, 1, &mut text);
    for edge in graph.edges() {
        let arrow = if edge.is_next { "-.->" } else { "-->" };
        let _ = writeln!(text, "  n{} {arrow} n{}", edge.from, edge.to);
    }
    text
}

/// Writes the nodes and frames in a frame.
fn frame(graph: &Graph, around: Option<usize>, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for (index, node) in graph.nodes().iter().enumerate().filter(|(_, n)| n.frame == around) {
        let mut label = escaped(first_line(node));
        let details = details(node);
        if !details.is_empty() {
            let _ = write!(label, "<br/>{}", escaped(&details));
        }
        let [open, close] = match node.kind {
            NodeKind::Input | NodeKind::Output | NodeKind::Target | NodeKind::Loss => ["([", "])"],
            NodeKind::Elementwise => ["((", "))"],
            NodeKind::Carried | NodeKind::Element => ["(", ")"],
            NodeKind::Parameter => ["[/", "/]"],
            NodeKind::Activation => ["{{", "}}"],
            NodeKind::Layer | NodeKind::Function => ["[", "]"],
        };
        let _ = writeln!(text, "{indent}n{index}{open}\"{label}\"{close}");
    }
    for (index, inner) in graph.frames().iter().enumerate().filter(|(_, f)| f.parent == around) {
        let label = escaped(&frame_title(inner).join("  "));
        let _ = writeln!(text, "{indent}subgraph f{index}[\"{label}\"]");
        frame(graph, Some(index), depth + 1, text);
        let _ = writeln!(text, "{indent}end");
    }
}

/// Returns text for a label in quotation marks: with entities for all that Mermaid, Markdown or HTML give a
/// meaning, such as a label that begins as a list does.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        match char {
            char if char.is_alphanumeric() || " ,[]()=:.".contains(char) => escaped.push(char),
            char if char.is_control() => escaped.push(' '),
            char => {
                let _ = write!(escaped, "#{};", u32::from(char));
            }
        }
    }
    escaped
}
