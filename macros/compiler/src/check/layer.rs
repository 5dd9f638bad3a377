//! Layers after `>>`. Each kind has a file: here with an entry in [`BUILT`], or in [`library`].

mod apply;
mod dropout;
mod flatten;
mod linear;
mod parameter;

pub(super) use apply::unknown_size;

use super::arguments::Arguments;
use super::described::Chosen;
use super::nested::Nested;
use super::{Checker, Result};
use crate::ast::{self, Argument, Expr, ExprKind, path_text};
use crate::ir::Value;
use crate::ir::loops::Region;
use crate::library::{self, Described};
use crate::report::Place;
use crate::size::Size;
use proc_macro2::TokenStream;
use std::cell::RefCell;
use std::rc::Rc;

/// The layers that are built of operations here; the others are described in [`library`].
static BUILT: &[Kind] = &[linear::LINEAR, dropout::DROPOUT, flatten::FLATTEN];

/// The activations of the library, which are not taken for misspelt names of anything else.
const ACTIVATIONS: &[&str] = &[
    "Elu",
    "Gelu",
    "GeluTanh",
    "HardSigmoid",
    "HardSwish",
    "Identity",
    "LeakyRelu",
    "Mish",
    "Relu",
    "Selu",
    "Sigmoid",
    "Silu",
    "Softplus",
    "Swish",
    "Tanh",
];

/// A kind of layer.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The name.
    pub name: &'static str,
    /// The layer as written, with its options and their defaults.
    pub usage: &'static str,
    /// The prefix of the names of unnamed layers, to which a number is added.
    pub prefix: &'static str,
    /// The way in which it is applied.
    pub apply: Apply,
}

impl Kind {
    /// Returns the description of the layer, if it has one.
    pub fn described(&self) -> Option<&'static Described> {
        match self.apply {
            Apply::Described(described) => Some(described),
            Apply::Built(_) => None,
        }
    }
}

/// The way in which a layer is applied to values.
#[derive(Clone, Copy)]
pub enum Apply {
    /// By a function that adds operations to the graph.
    Built(fn(&mut Checker<'_>, &mut Layer, Arguments<'_>, Input<'_>) -> Result<Value>),
    /// By inlining its description.
    Described(&'static Described),
}

/// Returns all kinds of layers.
fn kinds() -> impl Iterator<Item = Kind> {
    let described = library::LAYERS.iter().map(|described| Kind {
        name: described.name,
        usage: described.usage,
        prefix: described.prefix,
        apply: Apply::Described(described),
    });
    BUILT.iter().copied().chain(described)
}

/// Returns the kind of layer `name`.
pub fn find(name: &str) -> Option<Kind> {
    kinds().find(|kind| kind.name == name)
}

/// Returns the names of all layers.
pub fn names() -> impl Iterator<Item = &'static str> {
    kinds().map(|kind| kind.name)
}

/// Returns the usages of all layers.
pub fn usages() -> impl Iterator<Item = &'static str> {
    kinds().map(|kind| kind.usage)
}

/// Returns the names of the library's activations.
pub fn activations() -> impl Iterator<Item = &'static str> {
    ACTIVATIONS.iter().copied()
}

/// Returns true if the library has an activation of this name.
pub fn is_activation(name: &str) -> bool {
    ACTIVATIONS.contains(&name)
}

/// The value that a layer is applied to.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The expression as written.
    pub expr: &'a Expr,
    /// The value in the graph.
    pub value: Value,
}

/// A declared layer. If applied twice, it uses the same parameters.
pub struct Layer {
    pub(super) kind: Kind,
    /// The name in messages, and the prefix of its parameters' names.
    pub name: String,
    pub(super) arguments: Vec<Argument>,
    /// The layer as written.
    pub text: String,
    place: Place,
    pub(super) frozen: bool,
    /// The loop in which each iteration has its own parameters, if any.
    pub(super) region: Option<Region>,
    /// The loop in which each iteration would have its own parameters, but whose number of
    /// iterations is unknown.
    pub(super) uncounted: Option<String>,
    parameters: Vec<(&'static str, Value)>,
    /// The input size, from its first application.
    pub input: Option<Size>,
    pub(super) applied: bool,
    /// The values of the options of a described layer, once it is applied.
    pub(super) chosen: Option<Rc<Chosen>>,
    /// The network that a described layer is.
    pub(super) nested: Option<Rc<RefCell<Nested>>>,
}

/// A parameter that a layer asks for.
pub struct Wanted {
    /// The name within the layer.
    pub name: &'static str,
    /// The shape in files.
    pub shape: Vec<Size>,
    /// `true` if its two axes are swapped in memory.
    pub transposed: bool,
    /// `true` if it is a bias.
    pub is_bias: bool,
    /// The initial value: a variant of the runtime's `Init` with its fields.
    pub init: TokenStream,
}

impl Layer {
    /// Returns the place where it is written.
    pub fn place(&self) -> Place {
        self.place
    }
}

impl Checker<'_> {
    /// Returns the layer that a `let` declares, if it does: `let fc = Linear(10);`.
    pub(super) fn layer_declaration(
        &mut self,
        statement: &ast::Let,
    ) -> Option<Result<Rc<RefCell<Layer>>>> {
        let ExprKind::Call { callee, arguments } = &statement.value.kind else { return None };
        let [declared] = &statement.names[..] else { return None };
        let kind = find(&path_text(callee))?;
        let (name, place) = self.name_of_let(declared);
        Some(self.new_layer(kind, name, arguments, &statement.value, place))
    }

    pub(super) fn new_layer(
        &mut self,
        kind: Kind,
        name: String,
        arguments: &[Argument],
        expr: &Expr,
        name_place: Place,
    ) -> Result<Rc<RefCell<Layer>>> {
        if let Some(reused) = self.reused_layer() {
            return Ok(reused);
        }
        let name = self.new_name(&name, name_place)?;
        let region = self.region_of_parameters(expr.place)?;
        let layer = Rc::new(RefCell::new(Layer {
            kind,
            name,
            arguments: arguments.to_vec(),
            text: expr.to_string(),
            place: self.frame.place.unwrap_or(expr.place),
            frozen: self.scope.frozen,
            region,
            uncounted: self.frame.loops.uncounted.clone(),
            parameters: Vec::new(),
            input: None,
            applied: false,
            chosen: None,
            nested: None,
        }));
        self.remember(&layer);
        Ok(layer)
    }
}
