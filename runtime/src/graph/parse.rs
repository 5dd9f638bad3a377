//! Reads the text that `network!` writes down for a graph. The compiler's `sketch/text.rs` has its lines.

use super::{Edge, Frame, FrameKind, Graph, Node, NodeKind, Source};
use crate::layout;
use crate::summary::{Label, Row};

impl Graph {
    /// Returns the graph that a network has written down, with or without its loss.
    pub(super) fn new(source: Source, with_loss: bool) -> Self {
        let (text, mut reader) = (source.drawing.text, Reader::new(source));
        let (mut depth, mut loss_depth) = (0, None);
        for line in text.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            let letter = fields[0];
            // the nodes of a loss that is not drawn are the last ones, and no others read them
            let in_loss = loss_depth.is_some() || letter == "z";
            match letter {
                "n" | "l" | "s" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if letter == "s" {
                loss_depth = Some(depth);
            }
            if with_loss || !(in_loss || letter == "s") {
                reader.line(letter, &fields[1..]);
            }
            if letter == ")" && loss_depth == Some(depth + 1) {
                loss_depth = None;
            }
        }
        reader.finish()
    }
}

struct Reader {
    graph: Graph,
    /// The innermost frame.
    frame: Option<usize>,
    outputs: usize,
}

impl Reader {
    fn new(source: Source) -> Self {
        let nodes = Vec::new();
        let graph = Graph { source, nodes, edges: Vec::new(), frames: Vec::new() };
        let mut reader = Self { graph, frame: None, outputs: 0 };
        for port in reader.graph.source.inputs {
            reader.node(NodeKind::Input, port.name, port.shape_text(), "");
        }
        reader
    }

    fn line(&mut self, letter: &str, fields: &[&str]) {
        let field = |index: usize| fields.get(index).copied().unwrap_or_default();
        match letter {
            "r" => self.row(fields),
            "e" => self.node(NodeKind::Elementwise, field(0), String::new(), field(1)),
            "f" => {
                let shape = self.sizes(field(2));
                self.node(NodeKind::Function, field(0), shape, field(1));
            }
            "c" => {
                self.node(NodeKind::Carried, field(0), String::new(), field(1));
                let to = self.graph.nodes.len() - 1;
                self.graph.edges.extend(ids(field(2)).map(|from| Edge { from, to, is_next: true }));
            }
            "x" => self.node(NodeKind::Element, field(0), String::new(), field(1)),
            "t" => {
                let shape = self.sizes(field(1));
                self.node(NodeKind::Target, field(0), shape, "");
            }
            "y" => {
                let port = self.graph.source.outputs.get(self.outputs);
                let (name, shape) =
                    port.map_or(("output", String::new()), |port| (port.name, port.shape_text()));
                self.outputs += 1;
                let around = self.frame.take();
                self.node(NodeKind::Output, name, shape, field(0));
                self.frame = around;
            }
            "z" => {
                // the loss stands in the frame of what computes it, which has just ended
                let frames = self.graph.frames.iter();
                let loss = frames.map(|frame| frame.kind).rposition(|kind| kind == FrameKind::Loss);
                let around = std::mem::replace(&mut self.frame, loss);
                self.node(NodeKind::Loss, "loss", String::new(), field(0));
                self.frame = around;
            }
            "n" => {
                let row = field(0).parse().ok();
                let found = row.and_then(|row: usize| self.graph.source.rows.get(row));
                let (name, label) = found.map_or((String::new(), String::new()), name_and_label);
                self.open(Frame { name, label, row, ..frame(FrameKind::Network) });
            }
            "l" => {
                let count = self.sizes(field(1));
                let label = field(0).to_owned();
                self.open(Frame { label, count, ..frame(FrameKind::Loop) });
            }
            "s" => self.open(Frame { label: "loss".to_owned(), ..frame(FrameKind::Loss) }),
            _ => self.frame = self.frame.and_then(|frame| self.graph.frames[frame].parent),
        }
    }

    fn open(&mut self, frame: Frame) {
        self.graph.frames.push(Frame { parent: self.frame, ..frame });
        self.frame = Some(self.graph.frames.len() - 1);
    }

    fn node(&mut self, kind: NodeKind, label: &str, shape: String, reads: &str) {
        let to = self.graph.nodes.len();
        self.graph.edges.extend(ids(reads).map(|from| Edge { from, to, is_next: false }));
        self.graph.nodes.push(Node {
            kind,
            name: String::new(),
            label: label.to_owned(),
            shape,
            parameters: 0,
            copies: 1,
            parameter_names: Vec::new(),
            row: None,
            frame: self.frame,
        });
    }

    /// Adds a row of the summary: a layer, an activation or a parameter.
    fn row(&mut self, fields: &[&str]) {
        let [row, first, end] =
            [0, 1, 2].map(|i| fields.get(i).and_then(|n| n.parse::<usize>().ok()).unwrap_or(0));
        let source = &self.graph.source;
        let Some(found) = source.rows.get(row) else { return };
        let (name, mut label) = name_and_label(found);
        let extents = source.row_extents.get(row).copied().unwrap_or_default();
        let shape = crate::source::shape_text(found.shape, extents);
        let own = source.layout.get(first..end).unwrap_or_default();
        let is_parameter = own.len() == 1 && own[0].name == name && own[0].inner.is_none();
        let kind = match found.layer {
            _ if is_parameter => NodeKind::Parameter,
            [Label::Name(_)] => NodeKind::Activation,
            _ => NodeKind::Layer,
        };
        if is_parameter {
            // its initial values are of no interest here
            label = if own[0].kind == layout::Kind::State { "state" } else { "param" }.to_owned();
        }
        let copies = own.iter().map(|parameter| parameter.iterations.iter().product()).max();
        let names = own.iter().map(|parameter| parameter.name).collect();
        let parameters = layout::count(own);
        self.node(kind, &label, shape, fields.get(3).copied().unwrap_or_default());
        if let Some(node) = self.graph.nodes.last_mut() {
            (node.name, node.parameters, node.parameter_names) = (name, parameters, names);
            (node.copies, node.row) = (copies.unwrap_or(1), Some(row));
        }
        let mut around = self.frame;
        while let Some(frame) = around {
            let frame = &mut self.graph.frames[frame];
            frame.parameters += parameters;
            around = frame.parent;
        }
    }

    /// Puts the values of sizes in place of references to them, such as `{2}`.
    fn sizes(&self, text: &str) -> String {
        let mut parts = text.split('{');
        let mut result = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (index, rest) = part.split_once('}').unwrap_or((part, ""));
            let index = index.parse::<usize>().ok();
            let size = index.and_then(|index| self.graph.source.drawing.sizes.get(index));
            result.extend(size.map(usize::to_string));
            result.push_str(rest);
        }
        result
    }

    fn finish(mut self) -> Graph {
        let count = self.graph.nodes.len();
        self.graph.edges.retain(|edge| edge.from < count && edge.to < count);
        self.graph
    }
}

fn frame(kind: FrameKind) -> Frame {
    let (name, label, count) = (String::new(), String::new(), String::new());
    Frame { kind, name, label, count, parameters: 0, row: None, parent: None }
}

fn name_and_label(row: &Row) -> (String, String) {
    (row.name.to_owned(), row.layer.iter().map(Label::to_string).collect())
}

fn ids(list: &str) -> impl Iterator<Item = usize> {
    list.split(',').filter_map(|id| id.parse().ok())
}
