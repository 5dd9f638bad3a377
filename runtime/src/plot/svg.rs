//! Pictures as SVG.

use super::picture::{Align, Ink, Picture, SERIES, Shape, Theme};
use std::fmt::Write as _;

/// Returns a picture as SVG.
pub(super) fn write(picture: &Picture, theme: Theme) -> String {
    let (width, height) = (picture.width, picture.height);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"system-ui, Helvetica, Arial, \
         sans-serif\">\n<title>{}</title>\n<style>\n",
        escaped(&picture.title)
    );
    svg.push_str(&rules(theme == Theme::Dark, ""));
    if theme == Theme::Reader {
        let rules = rules(true, "  ");
        svg.push_str("@media (prefers-color-scheme: dark) {\n");
        svg.push_str(&rules);
        svg.push_str("}\n");
    }
    svg.push_str("</style>\n");
    let background = paint(Ink::Background, "f");
    let _ = writeln!(svg, "<rect width=\"{width}\" height=\"{height}\" {background}/>");
    for shape in &picture.shapes {
        // writing to a string does not fail
        let _ = draw(&mut svg, shape);
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw(svg: &mut String, shape: &Shape) -> std::fmt::Result {
    match shape {
        Shape::Line { points, ink, width, dash } => {
            let (points, paint) = (listed(points), paint(*ink, "s"));
            let dash =
                dash.map_or_else(String::new, |dash| format!(" stroke-dasharray=\"{dash}\""));
            writeln!(
                svg,
                "<polyline points=\"{points}\" fill=\"none\" {paint} stroke-width=\"{width}\" \
                 stroke-linejoin=\"round\"{dash}/>"
            )
        }
        Shape::Area { points, ink, opacity } => {
            let (points, paint) = (listed(points), paint(*ink, "f"));
            let opacity = match *opacity {
                // no seams between cells
                1.0 => " shape-rendering=\"crispEdges\"".to_owned(),
                opacity => format!(" fill-opacity=\"{opacity}\""),
            };
            writeln!(svg, "<polygon points=\"{points}\" {paint}{opacity}/>")
        }
        Shape::Text { at: (x, y), text, align, size, ink, upwards } => {
            let anchor = match align {
                Align::Start => "start",
                Align::Middle => "middle",
                Align::End => "end",
            };
            let (x, y) = (rounded(*x), rounded(*y));
            let turned = match upwards {
                true => format!(" transform=\"rotate(-90 {x} {y})\""),
                false => String::new(),
            };
            writeln!(
                svg,
                "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\" \
                 {}{turned}>{}</text>",
                paint(*ink, "f"),
                escaped(text)
            )
        }
    }
}

/// Returns the style rules of a theme's colours, for filling and for drawing lines.
fn rules(dark: bool, indent: &str) -> String {
    Ink::themed().fold(String::new(), |mut rules, ink| {
        let (class, colour) = (class(ink), hex(ink.rgb(dark)));
        let _ = writeln!(rules, "{indent}.f{class} {{ fill: {colour}; }}");
        let _ = writeln!(rules, "{indent}.s{class} {{ stroke: {colour}; }}");
        rules
    })
}

/// Returns the attribute for a colour: a class, or a value that no theme changes.
fn paint(ink: Ink, kind: &str) -> String {
    match (ink, kind) {
        (Ink::Rgb(rgb), "f") => format!("fill=\"{}\"", hex(rgb)),
        (Ink::Rgb(rgb), _) => format!("stroke=\"{}\"", hex(rgb)),
        (ink, kind) => format!("class=\"{kind}{}\"", class(ink)),
    }
}

fn class(ink: Ink) -> String {
    match ink {
        Ink::Background => "-background".to_owned(),
        Ink::Text => "-text".to_owned(),
        Ink::Muted => "-muted".to_owned(),
        Ink::Grid => "-grid".to_owned(),
        Ink::Series(index) => (index % SERIES).to_string(),
        Ink::Rgb(_) => String::new(),
    }
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn listed(points: &[(f64, f64)]) -> String {
    let points: Vec<_> =
        points.iter().map(|(x, y)| format!("{},{}", rounded(*x), rounded(*y))).collect();
    points.join(" ")
}

/// A hundredth of a pixel is exact enough.
fn rounded(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}

/// Returns a text with the letters that have a meaning in XML as entities, and without those that it forbids.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                escaped.push(' ');
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}
