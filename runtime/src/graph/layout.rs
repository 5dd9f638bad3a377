//! The layout of a graph in layers from top to bottom, after Sugiyama, Tagawa and Toda (1981).
//!
//! Each frame is laid out by itself, the innermost first, and is then one box of the frame around it. Edges
//! enter and leave it at ports on its upper and lower side, so that nothing crosses a frame that it has
//! nothing to do with.

mod order;
mod place;
mod rank;
mod route;
mod scope;

use super::Graph;
use scope::{Scope, What};

/// A rectangle, by its left upper corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// A line from node to node, or a part of one.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// The corners. Between two that are not one above the other, the line is a curve, unless `is_angular`.
    pub points: Vec<(f64, f64)>,
    /// `true` for right angles.
    pub is_angular: bool,
    /// `true` if it ends at a node.
    pub has_arrow: bool,
    /// `true` if it leads to the next iteration.
    pub is_next: bool,
}

/// The places of nodes, frames and edges.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub nodes: Vec<Rect>,
    pub frames: Vec<Rect>,
    /// The left end of the titles of frames.
    pub titles: Vec<f64>,
    pub routes: Vec<Route>,
    pub width: f64,
    pub height: f64,
}

/// The height of a frame's title.
pub(super) const TITLE: f64 = 26.0;
/// The space between the side of a frame and what is in it.
pub(super) const PADDING: f64 = 14.0;

/// A frame that is laid out by itself; coordinates are relative to its left upper corner.
#[derive(Default)]
pub(super) struct Inner {
    pub width: f64,
    pub height: f64,
    /// The left end of its title.
    title: f64,
    /// The places on its upper side at which values of nodes outside enter.
    pub ins: Vec<(usize, f64)>,
    /// The places on its lower side at which values of its nodes leave.
    pub outs: Vec<(usize, f64)>,
    nodes: Vec<(usize, Rect)>,
    frames: Vec<(usize, f64, f64, Inner)>,
    routes: Vec<Route>,
}

/// Lays out a graph whose nodes have these sizes, and whose frames have titles so wide.
pub(super) fn layout(graph: &Graph, sizes: &[(f64, f64)], titles: &[f64]) -> Layout {
    let whole = inner(graph, None, sizes, titles);
    let mut layout = Layout {
        nodes: vec![Rect::default(); sizes.len()],
        frames: vec![Rect::default(); titles.len()],
        titles: vec![0.0; titles.len()],
        routes: Vec::new(),
        width: whole.width,
        height: whole.height,
    };
    layout.add(&whole, 0.0, 0.0);
    layout
}

impl Layout {
    fn add(&mut self, inner: &Inner, x: f64, y: f64) {
        for (node, rect) in &inner.nodes {
            self.nodes[*node] = Rect { x: x + rect.x, y: y + rect.y, ..*rect };
        }
        for route in &inner.routes {
            let points = route.points.iter().map(|point| (x + point.0, y + point.1)).collect();
            self.routes.push(Route { points, ..route.clone() });
        }
        for (frame, dx, dy, inner) in &inner.frames {
            let (x, y) = (x + dx, y + dy);
            self.titles[*frame] = x + inner.title;
            self.frames[*frame] = Rect { x, y, width: inner.width, height: inner.height };
            self.add(inner, x, y);
        }
    }
}

/// Lays out what is in a frame.
fn inner(graph: &Graph, frame: Option<usize>, sizes: &[(f64, f64)], titles: &[f64]) -> Inner {
    let children = graph.frames().iter().enumerate().filter(|(_, child)| child.parent == frame);
    let mut children: Vec<(usize, Inner)> =
        children.map(|(index, _)| (index, inner(graph, Some(index), sizes, titles))).collect();
    let mut scope = Scope::new(graph, frame, sizes, &children);
    scope.rank(graph);
    scope.bend();
    scope.order();
    scope.place();
    let title = frame.map_or(0.0, |frame| titles[frame]);
    let (width, height, title) = scope.frame(title);
    let routes = scope.routes();
    let mut whole = Inner { width, height, title, routes, ..Inner::default() };
    for vertex in &scope.vertices {
        let (x, y) = (vertex.x - vertex.width / 2.0, vertex.y);
        match vertex.what {
            What::Node(node) => {
                let (width, height) = (vertex.width, vertex.height);
                whole.nodes.push((node, Rect { x, y, width, height }));
            }
            What::Frame(frame) => {
                if let Some(at) = children.iter().position(|(child, _)| *child == frame) {
                    whole.frames.push((frame, x, y, children.swap_remove(at).1));
                }
            }
            What::In(source) => whole.ins.push((source, vertex.x)),
            What::Out(source) => whole.outs.push((source, vertex.x)),
            What::Bend => {}
        }
    }
    whole
}
