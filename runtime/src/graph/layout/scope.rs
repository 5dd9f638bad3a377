//! The contents of one frame: boxes, ports, and the lines between them.

use super::Inner;
use crate::graph::Graph;

/// An element of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A node.
    Node(usize),
    /// A frame within this one.
    Frame(usize),
    /// The port at which the value of a node outside enters.
    In(usize),
    /// The port at which the value of a node leaves.
    Out(usize),
    /// A place in a rank that a line goes through.
    Bend,
}

#[derive(Clone, Debug)]
pub struct Vertex {
    pub what: What,
    pub width: f64,
    pub height: f64,
    pub rank: usize,
    /// The centre.
    pub x: f64,
    /// The upper side.
    pub y: f64,
}

/// A line between vertices; after [`Scope::bend`], of neighbouring ranks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    pub from: usize,
    pub to: usize,
    /// The beginning and the end, relative to the centres.
    pub from_at: f64,
    pub to_at: f64,
    /// The node whose value it is.
    pub source: usize,
}

pub struct Scope {
    pub vertices: Vec<Vertex>,
    pub links: Vec<Link>,
    /// The lines to the next iteration.
    pub back: Vec<Link>,
    /// The vertices of each rank, from left to right.
    pub ranks: Vec<Vec<usize>>,
    /// The upper and lower ends of the ranks.
    pub bands: Vec<(f64, f64)>,
    /// `true` if there is a frame around it.
    pub is_framed: bool,
}

impl Scope {
    pub fn new(
        graph: &Graph,
        frame: Option<usize>,
        sizes: &[(f64, f64)],
        children: &[(usize, Inner)],
    ) -> Self {
        let mut scope = Self {
            vertices: Vec::new(),
            links: Vec::new(),
            back: Vec::new(),
            ranks: Vec::new(),
            bands: Vec::new(),
            is_framed: frame.is_some(),
        };
        // each node outside of inner frames, and each inner frame at its first node
        for (index, node) in graph.nodes().iter().enumerate() {
            let found = match child_with(graph, node.frame, frame) {
                None => continue,
                Some(None) => (What::Node(index), sizes[index]),
                Some(Some(child)) => {
                    let inner = children.iter().find(|(frame, _)| *frame == child);
                    let size = inner.map_or((0.0, 0.0), |(_, inner)| (inner.width, inner.height));
                    (What::Frame(child), size)
                }
            };
            if !scope.vertices.iter().any(|vertex| vertex.what == found.0) {
                scope.add(found.0, found.1);
            }
        }
        for edge in graph.edges() {
            let [from, to] = [edge.from, edge.to].map(|node| {
                let what = match child_with(graph, graph.nodes()[node].frame, frame)? {
                    None => What::Node(node),
                    Some(child) => What::Frame(child),
                };
                scope.vertices.iter().position(|vertex| vertex.what == what)
            });
            let (from, to) = match (from, to) {
                (Some(from), Some(to)) => (from, to),
                (None, Some(to)) => (scope.port(What::In(edge.from)), to),
                (Some(from), None) => (from, scope.port(What::Out(edge.from))),
                (None, None) => continue,
            };
            let is_within = matches!(scope.vertices[from].what, What::Frame(_));
            if from == to && (is_within || !edge.is_next) {
                continue;
            }
            let at = |vertex: usize, side: fn(&Inner) -> &Vec<(usize, f64)>| {
                let What::Frame(frame) = scope.vertices[vertex].what else { return 0.0 };
                let inner = children.iter().find(|(child, _)| *child == frame);
                let port = inner.and_then(|(_, inner)| {
                    let port = side(inner).iter().find(|(source, _)| *source == edge.from)?;
                    Some(port.1 - inner.width / 2.0)
                });
                port.unwrap_or(0.0)
            };
            let (from_at, to_at) = (at(from, |inner| &inner.outs), at(to, |inner| &inner.ins));
            let link = Link { from, to, from_at, to_at, source: edge.from };
            let is_port = matches!(scope.vertices[to].what, What::Out(_));
            match edge.is_next && !is_port {
                true => scope.back.push(link),
                false if scope.links.contains(&link) => {}
                false => scope.links.push(link),
            }
        }
        scope
    }

    pub fn add(&mut self, what: What, (width, height): (f64, f64)) -> usize {
        self.vertices.push(Vertex { what, width, height, rank: 0, x: 0.0, y: 0.0 });
        self.vertices.len() - 1
    }

    fn port(&mut self, what: What) -> usize {
        let known = self.vertices.iter().position(|vertex| vertex.what == what);
        known.unwrap_or_else(|| self.add(what, (0.0, 0.0)))
    }
}

/// Returns where something whose innermost frame is `inner` stands in `frame`: directly in it
/// (`Some(None)`), in a frame within it, or not in it (`None`).
fn child_with(graph: &Graph, inner: Option<usize>, frame: Option<usize>) -> Option<Option<usize>> {
    let (mut child, mut at) = (None, inner);
    while at != frame {
        child = at;
        at = graph.frames()[at?].parent;
    }
    Some(child)
}
