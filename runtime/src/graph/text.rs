//! The texts of nodes and frames, and how wide they are.

use super::{Frame, FrameKind, Node, NodeKind};
use crate::summary::grouped;

/// Returns the first line of a node.
pub(super) fn first_line(node: &Node) -> &str {
    if node.kind == NodeKind::Parameter { &node.name } else { &node.label }
}

/// Returns the second line of a node: name, shape and parameters.
pub(super) fn details(node: &Node) -> String {
    detail_parts(node).join(" · ")
}

/// Returns the parts of the second line.
pub(super) fn detail_parts(node: &Node) -> Vec<String> {
    let name = match node.kind {
        NodeKind::Parameter => Some(node.label.clone()),
        _ => (!node.name.is_empty()).then(|| node.name.clone()),
    };
    let shape = (!node.shape.is_empty()).then(|| node.shape.clone());
    let parameters = (node.parameters > 0).then(|| parameters(node.parameters, node.copies));
    [name, shape, parameters].into_iter().flatten().collect()
}

/// Returns a number of parameters, with that of the iterations that have their own.
fn parameters(count: usize, copies: usize) -> String {
    let text = grouped(count / copies.max(1));
    if copies > 1 { format!("{copies} × {text} params") } else { format!("{text} params") }
}

/// Returns the title of a frame: what is shown first, and the rest.
pub(super) fn frame_title(frame: &Frame) -> [String; 2] {
    match frame.kind {
        FrameKind::Loop => [format!("× {}", frame.count), frame.label.clone()],
        FrameKind::Loss => [frame.label.clone(), String::new()],
        FrameKind::Network => {
            let count = (frame.parameters > 0).then(|| parameters(frame.parameters, 1));
            let parts: Vec<String> =
                [Some(frame.name.clone()), count].into_iter().flatten().collect();
            [frame.label.clone(), parts.join(" · ")]
        }
    }
}

/// The widths of the characters from the space to the tilde in Helvetica, in thousandths of the font's size.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // to ~
];

/// Returns the width of a text in a sans-serif font of some size. It is that of wide fonts, so that the text
/// fits in all.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let of = |char: char| match (char as usize).checked_sub(32).and_then(|i| WIDTHS.get(i)) {
        Some(width) => f64::from(*width),
        None if char == '·' => 300.0,
        None if (char as usize) < 0x2000 => 700.0,
        None => 1000.0,
    };
    let factor = if bold { 1.24 } else { 1.15 };
    text.chars().map(of).sum::<f64>() / 1000.0 * size * factor
}

/// Breaks a text into lines of at most `most` wide, after commas, spaces, dots or underscores if possible.
pub(super) fn wrapped(text: &str, size: f64, bold: bool, most: f64) -> Vec<String> {
    let (mut lines, mut rest) = (Vec::new(), text.trim());
    while width(rest, size, bold) > most {
        let ends = rest.char_indices().map(|(at, char)| at + char.len_utf8());
        let fitting: Vec<usize> =
            ends.take_while(|end| width(&rest[..*end], size, bold) <= most).collect();
        let last = fitting.last().copied().or_else(|| rest.chars().next().map(char::len_utf8));
        let Some(last) = last else { break };
        let after = |chars: &[char]| rest[..last].rfind(chars).map(|at| at + 1);
        let third = last / 3;
        let end = after(&[' ']).filter(|end| *end > third);
        let end = end.or_else(|| after(&['.', '_', ':', ',', '/']).filter(|end| *end > third));
        let (line, more) = rest.split_at(end.unwrap_or(last));
        lines.push(line.trim_end().to_owned());
        rest = more.trim_start();
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(rest.to_owned());
    }
    lines
}

/// Returns a text shortened to at most `most` wide.
pub(super) fn shortened(text: &str, size: f64, bold: bool, most: f64) -> String {
    if width(text, size, bold) <= most {
        return text.to_owned();
    }
    let mut short = text.to_owned();
    while short.pop().is_some() && width(&short, size, bold) + size > most {}
    format!("{}…", short.trim_end())
}
