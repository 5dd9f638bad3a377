//! Graphs as SVG documents.

use super::layout::{Rect, Route, layout};
use super::text::{detail_parts, first_line, frame_title, shortened, width, wrapped};
use super::{FrameKind, Graph, Node, NodeKind};
use crate::summary::grouped;
use std::fmt::Write as _;

/// The sizes of the fonts of labels and of details.
const LABEL: f64 = 13.0;
const DETAIL: f64 = 11.0;
/// The widest text.
const WIDEST: f64 = 270.0;
const MARGIN: f64 = 18.0;
const HEADER: f64 = 34.0;

/// The colours: rules for light mode, then those that differ in dark mode.
const STYLE: &str = "text{font-family:'Helvetica Neue',Helvetica,Arial,sans-serif;fill:#1c2733}\
.d{fill:#5b6b7b}.e{text-anchor:middle}.b{font-weight:bold}\
.bg{fill:#ffffff}\
.n{fill:#f3f5f7;stroke:#8a97a4;stroke-width:1}\
.layer{fill:#dfecfb;stroke:#5b8fc9}.act{fill:#fdeed6;stroke:#d29a45}.io{fill:#def3e3;stroke:#57a56d}\
.par{fill:#ece4f8;stroke:#9274c4}.loop{fill:#ffffff;stroke-dasharray:3 2}.loss{fill:#fadfdf;stroke:#c96a6a}\
.f{fill:#7f95ab;fill-opacity:0.09;stroke:#8a97a4;stroke-width:1}\
.l{fill:none;stroke:#6b7a89;stroke-width:1.3}.x{stroke-dasharray:5 3}.h{fill:#6b7a89}\
@media (prefers-color-scheme:dark){text{fill:#e4eaf0}.d{fill:#a3b1bf}\
.bg{fill:#161b21}.n{fill:#262d35;stroke:#6f7d8b}\
.layer{fill:#1d3450;stroke:#5b8fc9}.act{fill:#43331a;stroke:#c1904a}.io{fill:#1d3a27;stroke:#57a56d}\
.par{fill:#33274a;stroke:#9274c4}.loop{fill:#161b21}.loss{fill:#482626;stroke:#c96a6a}\
.l{stroke:#93a2b1}.h{fill:#93a2b1}}";

/// Returns the graph as an SVG document.
pub(super) fn svg(graph: &Graph) -> String {
    let boxes: Vec<Texts> = graph.nodes().iter().map(Texts::new).collect();
    let sizes: Vec<(f64, f64)> = boxes.iter().map(|texts| (texts.width, texts.height)).collect();
    let titles: Vec<[String; 2]> = graph.frames().iter().map(short_title).collect();
    let title_widths: Vec<f64> = titles.iter().map(title_width).collect();
    let layout = layout(graph, &sizes, &title_widths);
    let header = format!("{} parameters", grouped(graph.parameters()));
    let header_width =
        width(graph.title(), LABEL + 2.0, true) + 10.0 + width(&header, DETAIL, false);
    let whole = layout.width.max(header_width) + 2.0 * MARGIN;
    let height = layout.height + HEADER + 2.0 * MARGIN;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\">\n<title>{2}</title>\n<style>{STYLE}</style>\n<rect class=\"bg\" width=\"{0}\" height=\"{1}\" rx=\"8\"/>\n<text x=\"{MARGIN}\" y=\"{3}\" font-size=\"{4}\"><tspan class=\"b\">{2}</tspan><tspan class=\"d\" dx=\"10\" font-size=\"{DETAIL}\">{header}</tspan></text>\n",
        number(whole),
        number(height),
        escaped(graph.title()),
        number(MARGIN + 10.0),
        LABEL + 2.0,
    );
    let (x, y) = ((whole - layout.width) / 2.0, MARGIN + HEADER);
    let _ = writeln!(text, "<g transform=\"translate({} {})\">", number(x), number(y));
    for (index, (frame, title)) in graph.frames().iter().zip(&titles).enumerate() {
        let rect = &layout.frames[index];
        let _ = writeln!(text, "<rect class=\"f\" {} rx=\"8\"/>", corners(rect));
        let [first, rest] = title;
        let _ = writeln!(
            text,
            "<text x=\"{}\" y=\"{}\" font-size=\"{DETAIL}\"><title>{}</title><tspan class=\"b\">{}</tspan><tspan class=\"d\" dx=\"6\">{}</tspan></text>",
            number(layout.titles[index]),
            number(rect.y + 17.0),
            escaped(&frame_title(frame).join("  ")),
            escaped(first),
            escaped(rest),
        );
    }
    for route in &layout.routes {
        line(route, &mut text);
    }
    for ((node, texts), rect) in graph.nodes().iter().zip(&boxes).zip(&layout.nodes) {
        texts.draw(node, rect, &mut text);
    }
    text.push_str("</g>\n</svg>\n");
    text
}

fn short_title(frame: &super::Frame) -> [String; 2] {
    let [first, rest] = frame_title(frame);
    let rest = match frame.kind {
        FrameKind::Loop => shortened(&rest, DETAIL, false, 190.0),
        FrameKind::Network | FrameKind::Loss => shortened(&rest, DETAIL, false, 150.0),
    };
    [shortened(&first, DETAIL, true, 190.0), rest]
}

fn title_width([first, rest]: &[String; 2]) -> f64 {
    width(first, DETAIL, true) + 6.0 + width(rest, DETAIL, false)
}

/// The lines of text in a node, and its size.
struct Texts {
    label: Vec<String>,
    details: Vec<String>,
    width: f64,
    height: f64,
}

/// The height of a line of details, and of one of the label.
const LINE: f64 = 15.0;

impl Texts {
    fn new(node: &Node) -> Self {
        let is_small =
            matches!(node.kind, NodeKind::Elementwise | NodeKind::Carried | NodeKind::Element);
        let size = if is_small { DETAIL + 1.0 } else { LABEL };
        let shown = match node.kind {
            NodeKind::Elementwise => operator(&node.label),
            _ => first_line(node).replace(" = ", "\u{a0}=\u{a0}"),
        };
        let label = match is_small {
            true => vec![shortened(&shown, size, false, 150.0)],
            false => wrapped(&shown, size, true, WIDEST),
        };
        // broken between the parts, not within
        let parts: Vec<String> =
            detail_parts(node).into_iter().map(|part| part.replace(' ', "\u{a0}")).collect();
        let details = match parts.is_empty() {
            true => Vec::new(),
            false => wrapped(&parts.join(" · "), DETAIL, false, WIDEST),
        };
        let widths = label.iter().map(|line| width(line, size, !is_small));
        let widths = widths.chain(details.iter().map(|line| width(line, DETAIL, false)));
        let widest = widths.fold(0.0, f64::max);
        #[allow(clippy::cast_precision_loss)]
        let lines = (label.len() + details.len()) as f64;
        let (width, height) = match is_small {
            true => ((widest + 14.0).max(24.0), 24.0),
            false => ((widest + 24.0).max(64.0), LINE * lines + 13.0),
        };
        Self { label, details, width, height }
    }

    fn draw(&self, node: &Node, rect: &Rect, text: &mut String) {
        let (class, radius) = match node.kind {
            NodeKind::Input | NodeKind::Output | NodeKind::Target => ("n io", rect.height / 2.0),
            NodeKind::Layer if !node.parameter_names.is_empty() => ("n layer", 5.0),
            NodeKind::Layer | NodeKind::Function => ("n", 5.0),
            NodeKind::Activation => ("n act", rect.height / 2.0),
            NodeKind::Parameter => ("n par", 0.0),
            NodeKind::Elementwise => ("n", rect.height / 2.0),
            NodeKind::Carried | NodeKind::Element => ("n loop", rect.height / 2.0),
            NodeKind::Loss => ("n loss", rect.height / 2.0),
        };
        let is_small =
            matches!(node.kind, NodeKind::Elementwise | NodeKind::Carried | NodeKind::Element);
        let title = match node.parameter_names.is_empty() {
            true => node.label.clone(),
            false => format!("{}: {}", node.label, node.parameter_names.join(", ")),
        };
        let _ = write!(
            text,
            "<g><title>{}</title><rect class=\"{class}\" {} rx=\"{}\"/>",
            escaped(&title),
            corners(rect),
            number(radius)
        );
        let (x, mut y) = (rect.x + rect.width / 2.0, rect.y + if is_small { 16.0 } else { 19.0 });
        let size = if is_small { DETAIL + 1.0 } else { LABEL };
        let bold = if is_small { "e" } else { "e b" };
        let lines = self.label.iter().map(|line| (line, size, bold));
        let lines = lines.chain(self.details.iter().map(|line| (line, DETAIL, "e d")));
        for (line, size, class) in lines {
            let _ = write!(
                text,
                "<text class=\"{class}\" x=\"{}\" y=\"{}\" font-size=\"{size}\">{}</text>",
                number(x),
                number(y),
                escaped(line)
            );
            y += LINE;
        }
        text.push_str("</g>\n");
    }
}

/// Returns an operation with the signs of mathematics.
fn operator(label: &str) -> String {
    let sign = |word: &str| match word {
        "*" => "×".to_owned(),
        "/" => "÷".to_owned(),
        "-" => "−".to_owned(),
        word => word.to_owned(),
    };
    label.split(' ').map(sign).collect::<Vec<_>>().join(" ")
}

/// Draws a line, with its arrow.
fn line(route: &Route, text: &mut String) {
    let points = &route.points;
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
    let at = |point: (f64, f64)| format!("{} {}", number(point.0), number(point.1));
    let mut path = format!("M{}", at(*first));
    // the line ends where the arrow begins
    let end = if route.has_arrow { (last.0, last.1 - 5.0) } else { *last };
    for (index, pair) in points.windows(2).enumerate() {
        let (from, mut to) = (pair[0], pair[1]);
        let is_last = index + 2 == points.len();
        if is_last {
            to = end;
        }
        #[allow(clippy::float_cmp)]
        let straight = from.0 == to.0 || route.is_angular;
        if straight && route.is_angular && !is_last {
            // a round corner
            let next = points[index + 2];
            let near = |other: (f64, f64)| {
                let (dx, dy) = (other.0 - to.0, other.1 - to.1);
                let length = dx.hypot(dy).max(1e-6);
                let radius = 6.0_f64.min(length / 2.0);
                (to.0 + dx / length * radius, to.1 + dy / length * radius)
            };
            let _ = write!(path, "L{}Q{} {}", at(near(from)), at(to), at(near(next)));
        } else if straight {
            let _ = write!(path, "L{}", at(to));
        } else {
            let middle = f64::midpoint(from.1, to.1);
            let _ = write!(path, "C{} {} {}", at((from.0, middle)), at((to.0, middle)), at(to));
        }
    }
    let class = if route.is_next { "l x" } else { "l" };
    let _ = writeln!(text, "<path class=\"{class}\" d=\"{path}\"/>");
    if route.has_arrow {
        let (x, y) = *last;
        let [left, right] = [x - 3.5, x + 3.5].map(number);
        let (x, top, y) = (number(x), number(y - 7.0), number(y));
        let _ = writeln!(text, "<path class=\"h\" d=\"M{x} {y}L{left} {top}L{right} {top}Z\"/>");
    }
}

fn corners(rect: &Rect) -> String {
    let [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map(number);
    format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")
}

/// Returns a coordinate with one decimal, or none.
fn number(x: f64) -> String {
    let text = format!("{x:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Returns text for XML, without the control characters that it cannot hold.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            char if char.is_control() => escaped.push(' '),
            char => escaped.push(char),
        }
    }
    escaped
}
