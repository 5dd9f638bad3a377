//! A checked network: one graph, and what the interface around it needs.

use crate::ast::Element;
use crate::external::External;
use crate::ir::function::{Activation, UserFn};
use crate::ir::kernel::CrossEntropyOptions;
use crate::ir::{Graph, Value};
use crate::report::Place;
use crate::size::Size;
use proc_macro2::TokenStream;
use std::collections::HashMap;
use std::fmt;

/// What the checker makes of a network.
#[derive(Default)]
pub struct Program {
    /// Everything that is computed going forward, the loss included.
    pub graph: Graph,
    /// The sizes that are known only when the network runs, those of inputs first.
    pub lengths: Vec<Length>,
    /// What goes in.
    pub inputs: Vec<Port>,
    /// What comes out, each with its value.
    pub outputs: Vec<(Port, Value)>,
    /// What outputs are compared with.
    pub targets: Vec<Port>,
    /// One number a sample, if the network has a loss.
    pub loss: Option<Value>,
    /// What is measured beside the loss: one number a sample each.
    pub metrics: Vec<(String, Value)>,
    /// What is learned.
    pub parameters: Vec<Parameter>,
    /// The constants of the user's own that are sizes in it, as often as they are named.
    pub constants: Vec<Constant>,
    /// The functions of the user's own that it calls.
    pub own: Vec<UserFn>,
    /// The constants that sizes are made of, each where it is first used as one.
    pub named_sizes: Vec<(Size, Place)>,
    /// What sizes have to satisfy.
    pub requirements: Vec<Requirement>,
    /// What layers from elsewhere are given, and what they are expected to give.
    pub fits: Vec<Fit>,
    /// Parameters that may have one name.
    pub alike: Vec<Alike>,
    /// What the summary shows.
    pub rows: Vec<Row>,
    /// What each cross entropy is normalised by.
    pub normalisers: Vec<Normaliser>,
    /// The statements that nodes came from.
    pub lines: Vec<String>,
    /// Where values are written.
    pub places: HashMap<Value, Place>,
}

/// A size that is known only when the network runs: `dyn T <= 256`.
pub struct Length {
    /// `T`.
    pub name: String,
    /// `256`.
    pub bound: Option<Size>,
    /// Whether only the targets tell it.
    pub of_targets: bool,
}

/// An input, an output or a target.
#[derive(Clone)]
pub struct Port {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub element: Element,
    /// The shape of one sample.
    pub shape: Vec<Size>,
    /// What class numbers may be.
    pub classes: Option<Classes>,
}

/// What class numbers may be.
#[derive(Clone)]
pub struct Classes {
    /// They are smaller than this,
    pub count: Size,
    /// or this, which does not count.
    pub ignored: Ignored,
}

/// The class number that does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// None.
    Nothing,
    /// `PyTorch`'s -100.
    Usual,
    /// This one.
    Index(u32),
}

/// A parameter.
pub struct Parameter {
    /// Its name in files.
    pub name: String,
    /// Its shape in files.
    pub shape: Vec<Size>,
    /// Whether memory holds its two axes the other way round.
    pub transposed: bool,
    /// Whether it is a bias.
    pub is_bias: bool,
    /// How it begins: a variant of the runtime's `Init` with its fields.
    pub init: TokenStream,
    /// Whether training leaves it alone.
    pub frozen: bool,
    /// The numbers of iterations of the loops whose iterations have one each, from the outside in.
    pub iterations: Vec<Size>,
    /// The layer from elsewhere whose parameters these are; that knows their shapes.
    pub layer: Option<External>,
    /// The layer that it belongs to.
    pub place: Place,
    /// What gives it its name.
    pub named: Place,
    /// Its leaf.
    pub value: Value,
}

/// A constant of the user's that is used as a size.
#[derive(Clone)]
pub struct Constant {
    /// What generated code calls it.
    pub name: String,
    /// The user's own tokens.
    pub path: TokenStream,
    /// Where it is named.
    pub place: Place,
}

/// What sizes have to satisfy that the macro cannot decide: a `const` assertion.
#[derive(Clone)]
pub struct Requirement {
    /// One side.
    pub left: Size,
    /// `==` or `<=`.
    pub relation: Relation,
    /// The other.
    pub right: Size,
    /// What it means.
    pub message: String,
    /// What it is about.
    pub place: Place,
}

impl Requirement {
    /// Whether it asks for this.
    #[must_use]
    pub fn is(&self, left: &Size, relation: Relation, right: &Size) -> bool {
        self.relation == relation && self.left == *left && self.right == *right
    }
}

/// What a layer from elsewhere is given, and what it is expected to give.
pub struct Fit {
    /// The layer.
    pub layer: External,
    /// As it is written.
    pub text: String,
    /// Its inputs, as they are written.
    pub given: Vec<String>,
    /// Their shapes.
    pub inputs: Vec<Vec<Size>>,
    /// The shapes of its outputs, without the sizes that it was asked for itself.
    pub outputs: Vec<Vec<Option<Size>>>,
    /// Where it is applied.
    pub place: Place,
}

/// Two parameters that the macro cannot tell apart by their names: a `const` assertion.
pub struct Alike {
    /// Which.
    pub parameters: [usize; 2],
    /// What gives the second its name.
    pub place: Place,
}

/// How two sizes have to stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `==`
    Equal,
    /// `<=`
    AtMost,
}

/// A line of the summary.
pub struct Row {
    /// The layer's name, or nothing.
    pub name: String,
    /// What it is: `Linear(64)`.
    pub layer: Vec<Label>,
    /// The shape of its output.
    pub shape: Vec<Size>,
    /// Its parameters, counted where they first occur.
    pub parameters: Size,
    /// Its operations for one sample.
    pub flops: Size,
    /// How many networks it is in within this one.
    pub depth: usize,
}

/// A piece of what the summary calls a layer.
pub enum Label {
    /// As it is written.
    Text(String),
    /// The value of a size.
    Size(Size),
    /// The name of an activation.
    Activation(Activation),
}

/// As it is written.
impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Size(size) => size.fmt(f),
            Self::Activation(activation) => f.write_str(&activation.text),
        }
    }
}

/// What the mean of a cross entropy over a batch divides by.
#[derive(Clone)]
pub struct Normaliser {
    /// Which target.
    pub target: usize,
    /// Class weights and ignored index.
    pub options: CrossEntropyOptions,
}
