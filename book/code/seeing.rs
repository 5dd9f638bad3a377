//! The chapter "Seeing a network".

#[path = "../../examples/networks/gpt.rs"]
mod gpt;
#[path = "../../examples/networks/lstm.rs"]
mod lstm;

use gpt::Gpt;
use lstm::{Lstm, Writer};
use monograd::graph::NodeKind;
use monograd::layout::entries;
use monograd::prelude::*;
use monograd::{Formulas, Graph, Kind, Summary};

// ANCHOR: mlp
network! {
    pub Mlp<A: Activation = Gelu, const H: usize = 128>(x: [28, 28]) -> [10] {
        x >> Flatten() >> Linear(H) >> A >> Dropout(0.2) >> Linear(H) >> A >> Linear(10)
    }
    loss cross_entropy
}
// ANCHOR_END: mlp

network! {
    /// The features that the others lack: a skip, shared layers, loops in loops, states, unused parameters.
    Mixed<const H: usize = 6>(left: [8], right: [8]) -> ([H], [2]) {
        let encoder = Linear(H);
        let scale = param([H], init = ones);
        let mut calls = state([], init = zeros);
        calls = calls + 1;
        let a = left >> encoder >> BatchNorm1d() >> Tanh;
        let mut b = right >> encoder;
        for _ in 0..3 {
            let within = b;
            for _ in 0..2 {
                b = b + (b >> Linear(H, bias = false) >> Silu) * scale;
            }
            b = maximum(b, within) / (calls + 1);
        }
        let half = Half::<H>;
        (a * b, concat(half(a), b >> half))
    }
    loss |y, z, target: [H]| mse(y, target) + 0.1 * l2(encoder.weight) + mean(z)
    metric error |y, z, target| mean(abs(y - target)) + mean(z)

    Half<const H: usize>(x: [H]) -> [1] { x >> Linear(1) }
}

type BigGpt = Gpt<65, 128, 4, 12, 256>;
type SmallWriter = Writer<65, 32, 64>;

/// The pictures of the chapter.
pub fn pictures() -> Vec<(&'static str, String)> {
    vec![
        ("seeing-mlp.svg", Mlp::<Gelu, 128>::graph().to_svg()),
        ("seeing-lstm.svg", SmallWriter::graph().to_svg()),
        ("seeing-gpt.svg", BigGpt::graph().to_svg()),
        ("seeing-mlp.dot", Mlp::<Gelu, 128>::graph().to_dot()),
        ("seeing-gpt.mmd", BigGpt::graph().with_loss().to_mermaid()),
        ("seeing-mlp.md", Mlp::<Gelu, 128>::summary().to_markdown()),
        ("seeing-mlp.tex", Mlp::<Gelu, 128>::summary().to_latex()),
        ("seeing-lstm.tex", SmallWriter::formulas().to_latex()),
    ]
}

/// Checks what holds for the graph of every network.
fn is_whole<N: Network>() {
    let (graph, summary) = (Graph::of::<N>().with_loss(), Summary::of::<N>());
    let (nodes, title) = (graph.nodes(), graph.title().to_owned());
    for edge in graph.edges() {
        assert!(edge.from < nodes.len() && edge.to < nodes.len(), "{title}: {edge:?}");
        assert!(edge.from < edge.to || edge.is_next, "{title}: {edge:?}");
    }
    let mut names: Vec<&str> =
        nodes.iter().flat_map(|node| node.parameter_names.iter().copied()).collect();
    let mut all: Vec<&str> = N::LAYOUT.iter().map(|parameter| parameter.name).collect();
    names.sort_unstable();
    all.sort_unstable();
    assert_eq!(names, all, "{title}: each parameter in exactly one node");
    assert_eq!(nodes.iter().map(|node| node.parameters).sum::<usize>(), N::PARAMS, "{title}");
    let learned = entries(N::LAYOUT).filter(|entry| entry.kind() != Kind::State);
    assert_eq!(graph.parameters(), learned.map(|entry| entry.range().len()).sum::<usize>());
    let mut rows: Vec<usize> = nodes.iter().filter_map(|node| node.row).collect();
    rows.extend(graph.frames().iter().filter_map(|frame| frame.row));
    rows.sort_unstable();
    assert!(rows.iter().copied().eq(0..N::ROWS.len()), "{title}: each row once, {rows:?}");
    let table = summary.to_string();
    for node in nodes.iter().filter(|node| node.row.is_some()) {
        assert!(table.contains(&node.shape), "{title}: {} {}", node.label, node.shape);
        let row = &N::ROWS[node.row.unwrap_or_default()];
        assert_eq!((row.name, row.parameters), (node.name.as_str(), node.parameters), "{title}");
    }
    let outputs = nodes.iter().filter(|node| node.kind == NodeKind::Output).count();
    assert_eq!(outputs, N::OUTPUTS.len(), "{title}");
    // every node is reached from an input, a parameter or a constant, and leads on
    for (index, node) in nodes.iter().enumerate() {
        let leads_on = graph.edges().iter().any(|edge| edge.from == index);
        let is_end = matches!(node.kind, NodeKind::Output | NodeKind::Loss);
        assert!(leads_on != is_end || node.row.is_some(), "{title}: {node:?}");
    }
    for text in [graph.to_svg(), graph.to_dot(), graph.to_mermaid()] {
        assert!(nodes.iter().all(|node| node.name.is_empty() || text.len() > node.name.len()));
    }
    assert!(!Formulas::of::<N>().lines().is_empty(), "{title}");
}

#[test]
fn graphs_are_whole() {
    is_whole::<Mlp<Gelu, 128>>();
    is_whole::<Mixed<6>>();
    is_whole::<Half<3>>();
    is_whole::<BigGpt>();
    is_whole::<SmallWriter>();
    is_whole::<Lstm<3, 4>>();
}

#[test]
fn a_graph_is_a_value() {
    // ANCHOR: graph
    let graph = Mlp::<Relu, 64>::graph();
    let parameters: usize = graph.nodes().iter().map(|node| node.parameters).sum();
    assert_eq!(parameters, Mlp::<Relu, 64>::PARAMS);
    let svg = graph.to_svg(); // a picture
    let dot = graph.to_dot(); // Graphviz: dot -Tpdf
    let flowchart = graph.with_loss().to_mermaid(); // for Markdown
    // ANCHOR_END: graph
    assert!(svg.contains("Relu") && dot.contains("Linear(64)"));
    assert!(flowchart.contains("cross") && !dot.contains("cross"));
}

#[test]
fn loops_and_shared_layers_are_drawn_once() {
    let graph = Mixed::<6>::graph();
    let frames: Vec<String> =
        graph.frames().iter().map(|frame| format!("{} {}", frame.label, frame.count)).collect();
    let half = "Half::<H> ";
    assert_eq!(frames, ["for _ in 0..3 3", "for _ in 0..2 2", half, half]);
    let within: Vec<_> = graph.nodes().iter().filter(|node| node.copies == 6).collect();
    assert_eq!((within.len(), within[0].parameters), (1, 6 * 36));
    let shared = graph.nodes().iter().filter(|node| node.name == "encoder");
    assert_eq!(shared.map(|node| node.parameters).collect::<Vec<_>>(), [54, 0]);
    assert!(graph.edges().iter().filter(|edge| edge.is_next).count() == 2);
}
