//! Graphs of networks: layers, operations, loops and residual connections, drawn as SVG, DOT or Mermaid.

mod dot;
mod layout;
mod mermaid;
mod parse;
mod svg;
#[cfg(test)]
mod tests;
mod text;

use crate::layout::Parameter;
use crate::network::Network;
use crate::scalar::Scalar;
use crate::source::{Extent, Port};
use crate::summary::Row;

/// The description of a graph by `network!`: the nodes, edges and frames as text, and the sizes in it that
/// depend on const parameters.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Drawing {
    pub text: &'static str,
    pub sizes: &'static [usize],
}

/// A graph of a network's layers and operations: `Net::graph()`.
///
/// A loop is drawn once, in a frame with its number of iterations; so is a network within the network. What
/// the compiler knows a layer by, such as an `LSTM`, is one node.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Wave<const H: usize = 16>(x: [1]) -> [1] {
///         let h = x >> Linear(H) >> Tanh;
///         h + (h >> Linear(H) >> Tanh) >> Linear(1)
///     }
///     loss mse
/// }
///
/// let graph = Wave::<16>::graph();
/// let layers: Vec<&str> = graph.nodes().iter().map(|node| node.label.as_str()).collect();
/// assert_eq!(layers[..3], ["x", "Linear(16)", "Tanh"]);
/// assert!(graph.to_svg().starts_with("<svg"));
/// assert!(graph.to_dot().starts_with("digraph"));
/// assert!(graph.with_loss().to_mermaid().starts_with("flowchart"));
/// ```
#[derive(Clone, Debug)]
pub struct Graph {
    source: Source,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    frames: Vec<Frame>,
}

/// The constants of a network that a graph is made of.
#[derive(Clone, Debug)]
struct Source {
    title: String,
    parameters: usize,
    drawing: Drawing,
    layout: &'static [Parameter],
    rows: &'static [Row],
    row_extents: &'static [&'static [Extent]],
    inputs: &'static [Port],
    outputs: &'static [Port],
}

/// The kind of a [`Node`].
///
/// ```
/// use monograd::graph::NodeKind;
/// use monograd::prelude::*;
///
/// network! { Small(x: [2]) -> [1] { x >> Linear(3) >> Tanh >> Linear(1) } }
///
/// let layers = Small::graph().nodes().iter().filter(|node| node.kind == NodeKind::Layer).count();
/// assert_eq!(layers, 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NodeKind {
    /// An input of the network.
    Input,
    /// An output of the network.
    Output,
    /// A layer.
    Layer,
    /// An activation.
    Activation,
    /// A parameter that belongs to no layer: `param([D])`.
    Parameter,
    /// A function, such as `softmax` or `concat`.
    Function,
    /// An operator or a function of every element.
    Elementwise,
    /// A loop-carried value, which an iteration takes over from the one before: a `let mut` that the loop assigns.
    Carried,
    /// An element of what a loop goes along.
    Element,
    /// A target of the loss.
    Target,
    /// The loss.
    Loss,
}

/// A node of a graph.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] {
///         x >> Linear(1)
///     }
///     loss mse
/// }
///
/// let graph = Line::graph();
/// let parameters: usize = graph.nodes().iter().map(|node| node.parameters).sum();
/// assert_eq!(parameters, Line::PARAMS);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The kind.
    pub kind: NodeKind,
    /// The name under which its parameters are stored; empty for what has none.
    pub name: String,
    /// The layer or operation as written, with the values of sizes: `Linear(64)`.
    pub label: String,
    /// The shape of its first result for one sample, with run-time sizes by name: `[T, 64]`. Empty where it
    /// is that of the operands.
    pub shape: String,
    /// Number of learned scalars, those of all iterations if it is in a loop; 0 where a node before has
    /// counted them.
    pub parameters: usize,
    /// Number of copies of its parameters: one for each iteration of the loops that it is in.
    pub copies: usize,
    /// The names of its parameters and states, `{i}` in them being the number of an iteration.
    pub parameter_names: Vec<&'static str>,
    /// The index of its row in the summary.
    pub row: Option<usize>,
    /// The index of the innermost frame around it.
    pub frame: Option<usize>,
}

/// An edge of a graph.
///
/// ```
/// use monograd::prelude::*;
///
/// network! { Small(x: [2]) -> [1] { x >> Linear(3) >> Linear(1) } }
///
/// let graph = Small::graph();
/// let labels: Vec<String> = graph
///     .edges()
///     .iter()
///     .map(|edge| [edge.from, edge.to].map(|node| &*graph.nodes()[node].label).join(" to "))
///     .collect();
/// assert!(labels.contains(&"Linear(3) to Linear(1)".to_owned()), "{labels:?}");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The index of the node that gives a value.
    pub from: usize,
    /// The index of the node that reads it.
    pub to: usize,
    /// `true` if it is read in the next iteration of a loop.
    pub is_next: bool,
}

/// The kind of a [`Frame`].
///
/// ```
/// use monograd::graph::FrameKind;
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let kinds = |graph: monograd::Graph| graph.frames().iter().map(|f| f.kind).collect::<Vec<_>>();
/// assert_eq!(kinds(Line::graph()), []);
/// assert_eq!(kinds(Line::graph().with_loss()), [FrameKind::Loss]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameKind {
    /// A network within the network.
    Network,
    /// An iteration of a loop.
    Loop,
    /// The loss.
    Loss,
}

/// A frame around nodes.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Sum(x: [dyn T]) -> [] {
///         let mut sum = 0.0;
///         for x_t in x {
///             sum = sum + x_t;
///         }
///         sum
///     }
/// }
///
/// let graph = Sum::graph();
/// assert_eq!((&*graph.frames()[0].label, &*graph.frames()[0].count), ("for x_t in x", "T"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The kind.
    pub kind: FrameKind,
    /// The name under which the parameters of a network are stored.
    pub name: String,
    /// The network or the loop as written: `for x_t in x`.
    pub label: String,
    /// Number of iterations of a loop, or the name of a run-time size.
    pub count: String,
    /// Number of learned scalars of a network within the network.
    pub parameters: usize,
    /// The index of its row in the summary.
    pub row: Option<usize>,
    /// The index of the frame around it.
    pub parent: Option<usize>,
}

impl Graph {
    /// Returns the graph of a network, without its loss.
    #[must_use]
    pub fn of<N: Network>() -> Self {
        Self::new(
            Source {
                title: format!("{}<{}>", N::NAME, N::Scalar::NAME),
                parameters: N::PARAMS,
                drawing: N::DRAWING,
                layout: N::LAYOUT,
                rows: N::ROWS,
                row_extents: N::ROW_EXTENTS,
                inputs: N::INPUTS,
                outputs: N::OUTPUTS,
            },
            false,
        )
    }

    /// Returns the same graph with the targets and the operations of the loss, in a frame.
    #[must_use]
    pub fn with_loss(self) -> Self {
        Self::new(self.source, true)
    }

    /// Returns the name and scalar of the network: `Digits<f32>`.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.source.title
    }

    /// Returns the nodes: the inputs, then all others in the order in which they are computed.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Returns the edges.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Returns the frames, each after the one that it is in.
    #[must_use]
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// Returns the number of learned scalars of the whole network.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.source.parameters
    }

    /// Returns a picture, an SVG document that follows the viewer's light or dark mode.
    #[must_use]
    pub fn to_svg(&self) -> String {
        svg::svg(self)
    }

    /// Returns the graph in Graphviz's language, for `dot -Tpdf`.
    #[must_use]
    pub fn to_dot(&self) -> String {
        dot::dot(self)
    }

    /// Returns a Mermaid flowchart, which GitHub and mdBook draw in Markdown.
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        mermaid::mermaid(self)
    }
}
