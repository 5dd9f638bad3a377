//! Names, layers and shapes: from what was written to a graph, or to errors on the user's tokens.

mod arguments;
mod expression;
mod function;
mod label;
mod layer;
mod loss;
mod reach;
mod size;

use crate::ast::{self, Element, Expr, ExprKind, Generic};
use crate::ir::display::ShapeText;
use crate::ir::{Graph, Leaf, Type, Value};
use crate::program::{Port, Program, Relation, Requirement};
use crate::report::{Place, Report};
use crate::size::Size;
use layer::Layer;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The most inputs, and the most targets, that the runtime feeds a network.
const MOST_PORTS: usize = 4;

/// The error has been reported; there is nothing to go on with.
#[derive(Clone, Copy, Debug)]
pub struct Reported;

type Result<T> = std::result::Result<T, Reported>;

/// What a name stands for.
#[derive(Clone)]
enum Binding {
    Value(Value),
    Layer(Rc<RefCell<Layer>>),
    /// A const parameter.
    Size(Size),
    /// An activation parameter.
    Activation,
    /// Something that was in error.
    Unknown,
}

/// Where a value came from, for messages.
struct Origin {
    text: String,
    line: usize,
}

/// Checks one network.
pub struct Checker<'a> {
    report: &'a mut Report,
    program: Program,
    scope: HashMap<String, Binding>,
    origins: HashMap<Value, Origin>,
    stored_names: HashSet<String>,
    layers: Vec<Rc<RefCell<Layer>>>,
    /// What a `let` says of the layers in it.
    stored_name: Option<syn::LitStr>,
    frozen: bool,
    dropouts: u64,
}

/// Checks `network`; nothing comes back where anything was wrong.
pub fn check(network: &ast::Network, report: &mut Report) -> Option<Program> {
    let mut checker = Checker {
        report,
        program: Program::default(),
        scope: HashMap::new(),
        origins: HashMap::new(),
        stored_names: HashSet::new(),
        layers: Vec::new(),
        stored_name: None,
        frozen: false,
        dropouts: 0,
    };
    let errors_before = checker.report.problems().len();
    checker.generics(network);
    checker.inputs(network);
    checker.body(network);
    let sound = |checker: &Checker<'_>| {
        network.complete && checker.report.problems().len() == errors_before
    };
    if let Some(loss) = &network.loss {
        // which error stands in the report already
        let _ = checker.loss(loss, sound(&checker));
    }
    if sound(&checker) {
        checker.reach(network);
    }
    sound(&checker).then_some(checker.program)
}

impl Checker<'_> {
    fn graph(&mut self) -> &mut Graph {
        &mut self.program.graph
    }

    fn error<T>(&mut self, place: impl Into<Place>, message: impl Into<String>) -> Result<T> {
        self.report.error(place, message);
        Err(Reported)
    }

    fn generics(&mut self, network: &ast::Network) {
        for generic in &network.generics {
            let binding = match generic {
                Generic::Activation { .. } => Binding::Activation,
                Generic::Size { name, .. } => Binding::Size(Size::symbol(name.to_string())),
            };
            self.scope.insert(generic.name().to_string(), binding);
        }
        let mut optional = false;
        for generic in &network.generics {
            let (Generic::Activation { default, .. }, name) = (generic, generic.name()) else {
                optional |= matches!(generic, Generic::Size { default: Some(_), .. });
                continue;
            };
            if default.is_none() && optional {
                self.report.error(
                    name.span(),
                    format!("`{name}` needs a default, because one before it has one"),
                );
            }
            optional |= default.is_some();
        }
    }

    fn inputs(&mut self, network: &ast::Network) {
        if network.inputs.is_empty() && network.complete {
            self.report.error(
                network.name.span(),
                format!("`{}` has no input: expected `{}(x: [64])`", network.name, network.name),
            );
        }
        if let Some(surplus) = network.inputs.get(MOST_PORTS) {
            let (name, count) = (&network.name, network.inputs.len());
            self.report.error(
                surplus.name.span(),
                format!("`{name}` has {count} inputs, but a network takes at most {MOST_PORTS}: join some of them in one"),
            );
        }
        for (index, input) in network.inputs.iter().enumerate() {
            let name = input.name.to_string();
            let binding = match self.port(input) {
                Ok(port) => {
                    let ty =
                        Type { shape: port.shape.clone(), batched: true, element: port.element };
                    self.program.inputs.push(port);
                    let value = self.graph().leaf(Leaf::Input(index), ty);
                    self.graph().name(value, &name);
                    Binding::Value(value)
                }
                Err(Reported) => Binding::Unknown,
            };
            if self.scope.insert(name, binding).is_some() {
                let name = &input.name;
                self.report.error(name.span(), format!("`{name}` is declared twice"));
            }
        }
    }

    fn port(&mut self, input: &ast::Input) -> Result<Port> {
        // the parser has reported a shape that it could not read
        let Some((element, shape)) = &input.kind else { return Err(Reported) };
        let shape = self.shape(shape)?;
        Ok(Port { name: input.name.to_string(), element: *element, shape, classes: None })
    }

    fn body(&mut self, network: &ast::Network) {
        for statement in &network.body.statements {
            self.begin_line(format!("let {} = {};", statement.name, statement.value));
            self.let_statement(statement);
        }
        let Some(result) = &network.body.result else { return };
        self.begin_line(result.to_string());
        let parts: Vec<&Expr> = match &result.kind {
            ExprKind::Tuple(items) => items.iter().collect(),
            _ => vec![result],
        };
        if parts.len() != network.outputs.len() {
            if network.complete {
                let (actual, declared) = (parts.len(), network.outputs.len());
                self.report.error(
                    result.place,
                    format!("the body gives {actual} values, but {declared} outputs are declared"),
                );
            }
            return;
        }
        for (index, (part, declared)) in parts.into_iter().zip(&network.outputs).enumerate() {
            let name = match (&part.kind, network.outputs.len()) {
                (ExprKind::Path(path), 2..) => ast::path_text(path),
                (_, 2..) => format!("output{index}"),
                _ => "output".to_owned(),
            };
            let _ = self.output(part, declared, name);
        }
    }

    fn output(&mut self, part: &Expr, declared: &ast::Shape, name: String) -> Result<()> {
        let value = self.value(part);
        let shape = self.shape(declared)?;
        let value = value?;
        if self.graph().ty(value).element == Element::Index {
            return self.error(part.place, "class numbers cannot be an output");
        }
        let actual = self.graph().shape(value).to_vec();
        if actual.len() != shape.len()
            || actual.iter().zip(&shape).any(|(a, b)| a.equals(b) == Some(false))
        {
            let what = self.describe(part, value);
            let declared = ShapeText(&shape).to_string();
            return self
                .error(part.place, format!("{what}, but the output is declared as {declared}"));
        }
        for (a, b) in actual.iter().zip(&shape) {
            self.require(part.place, a, Relation::Equal, b, || {
                format!(
                    "the output is {}, but declared as {}",
                    ShapeText(&actual),
                    ShapeText(&shape)
                )
            });
        }
        let value = self.graph().view(value, shape.clone());
        let ty = Type::sample(shape.clone());
        let value = self.graph().expand(value, &ty);
        let port = Port { name, element: Element::Real, shape, classes: None };
        self.program.outputs.push((port, value));
        Ok(())
    }

    fn let_statement(&mut self, statement: &ast::Let) {
        self.stored_name.clone_from(&statement.stored_name);
        self.frozen = statement.frozen;
        let binding = match self.layer_declaration(statement) {
            Some(Ok(layer)) => Binding::Layer(layer),
            Some(Err(Reported)) => Binding::Unknown,
            None => match self.value(&statement.value) {
                Ok(value) => {
                    let name = statement.name.to_string();
                    self.graph().name(value, name.strip_prefix("r#").unwrap_or(&name));
                    Binding::Value(value)
                }
                Err(Reported) => Binding::Unknown,
            },
        };
        if let Some(name) = self.stored_name.take()
            && !matches!(binding, Binding::Unknown)
        {
            self.report.error(name.span(), "there is no layer here that this could name");
        }
        self.frozen = false;
        self.scope.insert(statement.name.to_string(), binding);
    }

    /// Nodes to come are of this source line.
    fn begin_line(&mut self, text: String) {
        self.program.lines.push(text);
        self.program.graph.line = self.program.lines.len() - 1;
    }

    /// Notes what sizes have to satisfy, unless they surely do.
    fn require(
        &mut self,
        place: Place,
        left: &Size,
        relation: Relation,
        right: &Size,
        message: impl FnOnce() -> String,
    ) {
        let certain = match relation {
            Relation::Equal => left == right,
            Relation::AtMost => left.is_at_most(right),
        };
        if !certain {
            let (left, right, message) = (left.clone(), right.clone(), message());
            let requirement = Requirement { left, relation, right, message, place };
            self.program.requirements.push(requirement);
        }
    }

    /// `` `h` is [128] (from `Linear(128)` on line 10) ``
    fn describe(&mut self, expr: &Expr, value: Value) -> String {
        let shape = ShapeText(self.program.graph.shape(value)).to_string();
        match (&expr.kind, self.origins.get(&value)) {
            (ExprKind::Path(path), Some(Origin { text, line })) => {
                format!("`{}` is {shape} (from `{text}` on line {line})", ast::path_text(path))
            }
            (ExprKind::Path(path), None) => format!("`{}` is {shape}", ast::path_text(path)),
            _ => format!("`{expr}` is {shape}"),
        }
    }

    fn came_from(&mut self, value: Value, expr: &Expr) {
        let origin = Origin { text: expr.to_string(), line: expr.place.line() };
        self.origins.entry(value).or_insert(origin);
    }
}

#[cfg(test)]
mod tests;
