use super::text::{shortened, width, wrapped};
use super::{Drawing, Graph, NodeKind, Source};
use crate::source::Port;
use crate::summary::{Label, Row};

/// Returns a graph from the lines of a drawing, with an input `x` and an output.
fn graph(text: &'static str, rows: &'static [Row]) -> Graph {
    const PORT: [Port; 1] = [Port::new("x", &[4])];
    let drawing = Drawing { text, sizes: &[3, 12] };
    let title = "Net<f32>".to_owned();
    let (layout, row_extents): (_, &[&[crate::Extent]]) = (&[], &[]);
    let (inputs, outputs) = (&PORT, &PORT);
    Graph::new(
        Source { title, parameters: 0, drawing, layout, rows, row_extents, inputs, outputs },
        false,
    )
}

const ROWS: [Row; 1] = [Row {
    name: "a\"b\\c<d>&e|f]\u{7}",
    layer: &[Label::Text("F(\"<&\")"), Label::Size(3)],
    shape: &[4],
    parameters: 0,
    flops: 0,
    depth: 0,
}];
const LOOP: &str =
    "l\tfor i in 0..N\t{1}\nc\th\t0\t3\nr\t0\t0\t0\t1\ne\t+\t1,2\n)\nf\tsum\t3\t[{0}, T]\ny\t4\n";

#[test]
fn lines_become_nodes_edges_and_frames() {
    let graph = graph(LOOP, &ROWS);
    let kinds: Vec<NodeKind> = graph.nodes().iter().map(|node| node.kind).collect();
    use NodeKind::{Carried, Elementwise, Function, Input, Layer, Output};
    assert_eq!(kinds, [Input, Carried, Layer, Elementwise, Function, Output]);
    let edges: Vec<_> = graph.edges().iter().map(|edge| (edge.from, edge.to)).collect();
    assert_eq!(edges, [(0, 1), (3, 1), (1, 2), (1, 3), (2, 3), (3, 4), (4, 5)]);
    assert!(
        graph.edges()[1].is_next && graph.edges().iter().filter(|edge| edge.is_next).count() == 1
    );
    assert_eq!(
        (graph.frames()[0].count.as_str(), graph.nodes()[4].shape.as_str()),
        ("12", "[3, T]")
    );
    let inside: Vec<Option<usize>> = graph.nodes().iter().map(|node| node.frame).collect();
    assert_eq!(inside, [None, Some(0), Some(0), Some(0), None, None]);
}

#[test]
fn hostile_names_are_escaped() {
    let graph = graph(LOOP, &ROWS);
    let svg = graph.to_svg();
    assert!(svg.contains("a&quot;b\\c&lt;d&gt;&amp;e|f]  · [4]"), "{svg}");
    let dot = graph.to_dot();
    assert!(dot.contains(r#"label="F(\"<&amp;\")3\na\"b\\c<d>&amp;e|f]  · [4]""#), "{dot}");
    let mermaid = graph.to_mermaid();
    assert!(mermaid.contains(r##"n2["F(#34;#60;#38;#34;)3<br/>a#34;b#92;c#60;d#62;#38;e#124;f]"##));
}

/// Returns the numbers of attributes such as `x="12.5"` in a rectangle.
fn rectangles(svg: &str, class: &str) -> Vec<[f64; 4]> {
    let found = svg.split("<rect class=\"").filter(|rect| rect.starts_with(class));
    let number = |rect: &str, name: &str| {
        let rest =
            rect.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        rest.and_then(|number| number.parse::<f64>().ok()).expect("a number")
    };
    found.map(|rect| ["x", "y", "width", "height"].map(|name| number(rect, name))).collect()
}

#[test]
fn boxes_do_not_overlap_and_frames_hold_theirs() {
    // a value that many read, in a loop in a loop
    let text = "f\tf\t0\t[]\nf\tg\t0\t[]\nf\th\t1,0\t[]\nl\tfor x in y\tT\nc\ta\t1\t7\nx\tx\t3\nl\tfor j in 0..3\t3\nc\tb\t4\t7\nf\tlong_name(axis = 12345)\t4,5,6\t[{0}]\n)\n)\nf\tp\t7,0\t[]\nf\tq\t7,2\t[]\ny\t8\n";
    let svg = graph(text, &[]).to_svg();
    let (boxes, frames) = (rectangles(&svg, "n"), rectangles(&svg, "f"));
    assert_eq!((boxes.len(), frames.len()), (11, 2));
    for (i, a) in boxes.iter().enumerate() {
        for b in &boxes[..i] {
            let apart = a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0];
            assert!(apart || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1], "{a:?} {b:?}");
        }
        for frame in &frames {
            let within = |x: f64, axis: usize| x > frame[axis] && x < frame[axis] + frame[axis + 2];
            let corners = [(a[0], a[1]), (a[0] + a[2], a[1] + a[3])];
            let inside: Vec<bool> =
                corners.iter().map(|c| within(c.0, 0) && within(c.1, 1)).collect();
            assert_eq!(inside[0], inside[1], "{a:?} {frame:?}");
        }
    }
    let [outer, inner] = [frames[0], frames[1]];
    assert!(outer[0] < inner[0] && outer[0] + outer[2] > inner[0] + inner[2]);
}

#[test]
fn texts_are_broken_where_words_end() {
    assert_eq!(wrapped("Linear(64, bias)", 13.0, false, 80.0), ["Linear(64,", "bias)"]);
    assert_eq!(wrapped("short", 13.0, false, 80.0), ["short"]);
    let lines = wrapped(&"äöü𝒳".repeat(40), 13.0, true, 100.0);
    assert!(lines.iter().all(|line| width(line, 13.0, true) <= 100.0));
    assert_eq!(lines.concat(), "äöü𝒳".repeat(40));
    assert!(shortened("a very long text", 13.0, false, 60.0).ends_with('…'));
    assert_eq!(wrapped("W", 13.0, false, 1.0), ["W"]);
}

#[test]
fn a_drawing_that_is_damaged_is_drawn_as_far_as_it_goes() {
    for text in ["", "r\n", "r\t9\t1\t0\t7\n", "c\tx\t0\t99\n", "y\t5\n", ")\n)\nz\t\n", "?\t\n"] {
        let graph = graph(text, &[]);
        let count = graph.nodes().len();
        assert!(graph.edges().iter().all(|edge| edge.from < count && edge.to < count));
        assert!(graph.to_svg().ends_with("</svg>\n"));
    }
}
