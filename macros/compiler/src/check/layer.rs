//! Layers: what stands after `>>`. One file a family, one line each in [`LAYERS`].

mod apply;
mod dropout;
mod flatten;
mod linear;
mod parameter;

use super::arguments::Arguments;
use super::{Checker, Result};
use crate::ast::{self, Argument, Expr, ExprKind, path_text};
use crate::ir::Value;
use crate::ir::loops::Region;
use crate::report::Place;
use crate::size::Size;
use proc_macro2::TokenStream;
use std::cell::RefCell;
use std::rc::Rc;

/// Every layer of the language.
static LAYERS: &[Kind] = &[linear::LINEAR, dropout::DROPOUT, flatten::FLATTEN];

/// The library's activations: not misspelt names of anything else.
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
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// How it is written, with its options and their defaults.
    pub usage: &'static str,
    /// What unnamed ones are called in parameter names, before their number.
    pub prefix: &'static str,
    /// Applies one to a value.
    pub apply: fn(&mut Checker<'_>, &mut Layer, Arguments<'_>, Input<'_>) -> Result<Value>,
}

/// The layer of this name.
pub fn find(name: &str) -> Option<&'static Kind> {
    LAYERS.iter().find(|kind| kind.name == name)
}

/// The names of all layers.
pub fn names() -> impl Iterator<Item = &'static str> {
    LAYERS.iter().map(|kind| kind.name)
}

/// How all layers are written.
pub fn usages() -> impl Iterator<Item = &'static str> {
    LAYERS.iter().map(|kind| kind.usage)
}

/// The names of the library's activations.
pub fn activations() -> impl Iterator<Item = &'static str> {
    ACTIVATIONS.iter().copied()
}

/// Whether the library has an activation of this name.
pub fn is_activation(name: &str) -> bool {
    ACTIVATIONS.contains(&name)
}

/// What a layer is applied to.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// As it is written.
    pub expr: &'a Expr,
    /// What it is.
    pub value: Value,
}

/// One layer: applied twice, it uses the same parameters twice.
pub struct Layer {
    kind: &'static Kind,
    /// Its name in messages and in the names of its parameters.
    pub name: String,
    arguments: Vec<Argument>,
    /// The layer as it is written.
    pub text: String,
    place: Place,
    frozen: bool,
    /// The loop whose iterations have parameters of their own for it.
    region: Option<Region>,
    /// The loop whose iterations would, if it were known how many there are.
    uncounted: Option<String>,
    parameters: Vec<(&'static str, Value)>,
    /// The size that it was first applied to.
    pub input: Option<Size>,
    pub(super) applied: bool,
}

/// A parameter that a layer asks for.
pub struct Wanted {
    /// Its name within the layer.
    pub name: &'static str,
    /// Its shape in files.
    pub shape: Vec<Size>,
    /// Whether memory holds its two axes the other way round.
    pub transposed: bool,
    /// Whether it is a bias.
    pub is_bias: bool,
    /// How it begins.
    pub init: TokenStream,
}

impl Layer {
    /// Where it is written.
    pub fn place(&self) -> Place {
        self.place
    }
}

impl Checker<'_> {
    /// `let fc = Linear(10);`: the layer, if that is what the `let` names.
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

    fn new_layer(
        &mut self,
        kind: &'static Kind,
        name: String,
        arguments: &[Argument],
        expr: &Expr,
        name_place: Place,
    ) -> Result<Rc<RefCell<Layer>>> {
        if let Some(made) = self.made_before() {
            return Ok(made);
        }
        let name = self.new_name(&name, name_place)?;
        let region = self.region_of_parameters(expr.place)?;
        let layer = Rc::new(RefCell::new(Layer {
            kind,
            name,
            arguments: arguments.to_vec(),
            text: expr.to_string(),
            place: self.frame.place.unwrap_or(expr.place),
            frozen: self.frozen,
            region,
            uncounted: self.frame.loops.uncounted.clone(),
            parameters: Vec::new(),
            input: None,
            applied: false,
        }));
        self.remember(&layer);
        Ok(layer)
    }
}
