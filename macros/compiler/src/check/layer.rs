//! Layers: what stands after `>>`. One file a family, one line each in [`LAYERS`].

mod dropout;
mod flatten;
mod linear;
mod parameter;

use super::arguments::Arguments;
use super::{Binding, Checker, Reported, Result, function};
use crate::ast::{self, Argument, Expr, ExprKind, path_text};
use crate::ir::Value;
use crate::ir::turns::Region;
use crate::nearest::suggestion;
use crate::program::Row;
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
    /// The loop whose turns have parameters of their own for it.
    region: Option<Region>,
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
            parameters: Vec::new(),
            input: None,
            applied: false,
        }));
        self.remember(&layer);
        Ok(layer)
    }

    /// `x >> layer`.
    pub(super) fn apply(&mut self, layer: &Expr, value: Value, expr: &Expr) -> Result<Value> {
        let input = Input { expr, value };
        match &layer.kind {
            ExprKind::Path(path) => {
                let name = path_text(path);
                match self.scope.get(&name).cloned() {
                    Some(Binding::Layer(found)) => self.apply_layer(&found, input),
                    Some(Binding::Activation(bound)) => self.apply_activation(&bound, input),
                    Some(Binding::Unknown) => Err(Reported),
                    Some(
                        Binding::Value(_)
                        | Binding::Size(_)
                        | Binding::Length(_)
                        | Binding::Network(_)
                        | Binding::Foreign(_),
                    ) => self.error(layer.place, format!("`{name}` is not a layer")),
                    None => self.apply_unbound(path, &name, layer, input),
                }
            }
            ExprKind::Call { callee, arguments } => {
                let name = path_text(callee);
                let Some(kind) = find(&name) else {
                    if callee.segments.len() > 1 {
                        return self.wrong_parentheses(&name, layer);
                    }
                    return self.not_a_layer(&name, layer);
                };
                let (name, place) = self.name_or_numbered(kind.prefix, layer.place);
                let new = self.new_layer(kind, name, arguments, layer, place)?;
                self.apply_layer(&new, input)
            }
            _ => self.error(layer.place, format!("expected a layer after `>>`, found `{layer}`")),
        }
    }

    /// A name after `>>` that the network does not bind: a user's own activation, or a mistake.
    fn apply_unbound(
        &mut self,
        path: &syn::Path,
        name: &str,
        layer: &Expr,
        input: Input<'_>,
    ) -> Result<Value> {
        if let Some(kind) = find(name) {
            if kind.usage.ends_with("()") {
                return self.error(layer.place, format!("write `{name}()`"));
            }
            return self.error(layer.place, format!("`{name}` takes arguments: `{}`", kind.usage));
        }
        let is_type = path
            .segments
            .last()
            .is_some_and(|segment| segment.ident.to_string().starts_with(char::is_uppercase));
        let near = suggestion(name, self.layer_names().iter().map(String::as_str));
        if is_type && (near.is_empty() || is_activation(name)) {
            self.is_visible(path, layer.place)?;
            return self.apply_activation(path, input);
        }
        self.not_a_layer(name, layer)
    }

    fn not_a_layer<T>(&mut self, name: &str, layer: &Expr) -> Result<T> {
        let bare = name.split("::<").next().unwrap_or_default();
        if matches!(self.scope.get(name), Some(Binding::Network(_)))
            || self.networks.names().any(|network| network == bare)
        {
            return self.error(
                layer.place,
                format!(
                    "`{name}` is a network, whose inputs stand before `>>`: `(a, b) >> {name}`"
                ),
            );
        }
        if function::find(name).is_some() {
            return self.error(
                layer.place,
                format!("`{name}` is a function, not a layer: write `{name}(x)`"),
            );
        }
        if matches!(self.scope.get(name), Some(Binding::Activation(_))) {
            return self
                .error(layer.place, format!("an activation takes no arguments: `>> {name}`"));
        }
        if matches!(self.scope.get(name), Some(Binding::Layer(_))) {
            return self.error(
                layer.place,
                format!("`{name}` has its arguments already: write `>> {name}`"),
            );
        }
        if let Some(line) = self.gone.get(name) {
            return self.error(
                layer.place,
                format!("no layer `{name}` here: the one in the loop on line {line} is another in every turn"),
            );
        }
        let known = self.layer_names();
        let near = suggestion(name, known.iter().map(String::as_str));
        let hint = match near.is_empty() {
            true => {
                let known: Vec<&str> = names().collect();
                format!("; there are {}, activations, and layers named by `let`", known.join(", "))
            }
            false => near,
        };
        self.error(layer.place, format!("no layer `{name}`{hint}"))
    }

    fn apply_activation(&mut self, path: &syn::Path, input: Input<'_>) -> Result<Value> {
        self.must_be_real(input)?;
        Ok(self.activate(path, input.value))
    }

    pub(super) fn must_be_real(&mut self, input: Input<'_>) -> Result<()> {
        if self.graph().ty(input.value).element == ast::Element::Index {
            let expr = input.expr;
            return self.error(
                expr.place,
                format!("`{expr}` holds class numbers (`u32`), but layers take real numbers"),
            );
        }
        Ok(())
    }

    fn apply_layer(&mut self, layer: &RefCell<Layer>, input: Input<'_>) -> Result<Value> {
        self.must_be_real(input)?;
        let mut layer = layer.borrow_mut();
        let kind = layer.kind;
        let written = layer.arguments.clone();
        let arguments = Arguments::new(kind.usage, layer.place, &written);
        let (first, before) = (!layer.applied, self.program.parameters.len());
        let nodes = self.program.graph.values().count();
        layer.applied = true;
        let value = (kind.apply)(self, &mut layer, arguments, input)?;
        let label = self.label(kind.name, &layer.arguments);
        let parameters = if first { &self.program.parameters[before..] } else { &[] };
        let count = parameters.iter().fold(Size::default(), |sum, p| {
            sum.plus(&Size::product(p.turns.iter().chain(&p.shape)))
        });
        let flops = self.flops_from(nodes);
        let node = &self.program.graph[value];
        self.program.rows.push(Row {
            name: layer.name.clone(),
            layer: label,
            shape: node.ty.shape.clone(),
            parameters: count,
            flops,
            depth: self.frame.depth,
        });
        Ok(value)
    }
}
