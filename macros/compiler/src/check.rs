//! Names, layers and shapes: from what was written to a graph, or to errors on the user's tokens.

mod arguments;
mod expression;
mod function;
mod initialiser;
mod label;
mod layer;
mod lengths;
mod loss;
mod member;
mod nested;
mod reach;
mod repeated;
mod size;
mod slice;

use crate::ast::{self, Element, Expr, ExprKind, Generic, Statement};
use crate::ir::display::ShapeText;
use crate::ir::{Graph, Leaf, Type, Value};
use crate::program::{Port, Program, Relation, Requirement};
use crate::report::{Place, Report};
use crate::size::Size;
use layer::Layer;
pub use nested::Networks;
use nested::{Frame, Nested};
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
    Network(Rc<RefCell<Nested>>),
    /// A const parameter.
    Size(Size),
    /// A run-time size, or what it is where a network is put into another.
    Length(Size),
    /// An activation parameter, and what it stands for.
    Activation(syn::Path),
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
    networks: &'a Networks<'a>,
    program: Program,
    scope: HashMap<String, Binding>,
    /// What loops named that are over, with their lines.
    gone: HashMap<String, usize>,
    /// What `let mut` named.
    mutable: HashSet<String>,
    origins: HashMap<Value, Origin>,
    stored_names: HashSet<String>,
    layers: Vec<Rc<RefCell<Layer>>>,
    nested: Vec<Rc<RefCell<Nested>>>,
    /// The network whose body is being put in.
    frame: Frame,
    /// The generic parameters of the network itself.
    own: HashSet<String>,
    /// Something was in error that is reported elsewhere.
    failed: bool,
    /// What a `let` says of the layers in it.
    stored_name: Option<syn::LitStr>,
    frozen: bool,
    dropouts: u64,
}

/// Checks a network that stands alone; nothing comes back where anything was wrong.
pub fn check(network: &ast::Network, report: &mut Report) -> Option<Program> {
    check_among(network, &Networks::new(std::slice::from_ref(network)), report)
}

/// Checks one of `networks`, in which it may apply the others.
pub fn check_among(
    network: &ast::Network,
    networks: &Networks<'_>,
    report: &mut Report,
) -> Option<Program> {
    let index = networks.index(network);
    if let Some(fault) = index.and_then(|index| networks.fault(index)) {
        fault.into_iter().for_each(|(place, message)| report.error(place, message));
        return None;
    }
    let mut checker = Checker {
        report,
        networks,
        program: Program::default(),
        scope: HashMap::new(),
        gone: HashMap::new(),
        mutable: HashSet::new(),
        origins: HashMap::new(),
        stored_names: HashSet::new(),
        layers: Vec::new(),
        nested: Vec::new(),
        frame: Frame::default(),
        own: network.generics.iter().map(|generic| generic.name().to_string()).collect(),
        failed: false,
        stored_name: None,
        frozen: false,
        dropouts: 0,
    };
    let errors_before = checker.report.problems().len();
    checker.generics(network);
    checker.lengths(network);
    checker.inputs(network);
    checker.body(network);
    let sound = |checker: &Checker<'_>| {
        let errors = checker.report.problems().len() - errors_before;
        network.complete && errors == 0 && !checker.failed
    };
    if let Some(loss) = &network.loss {
        // which error stands in the report already
        let before = checker.scope.clone();
        let _ = checker.loss(loss, sound(&checker));
        let _ = checker.metrics(&network.metrics, &before, sound(&checker));
    } else if let Some(metric) = network.metrics.first() {
        let what = "a metric stands beside a loss: write `loss ..` before it";
        checker.report.error(metric.name.span(), what);
    }
    if sound(&checker) {
        checker.reach(network);
    }
    let program = sound(&checker).then_some(checker.program);
    if let Some(index) = index {
        networks.note(index, program.is_some());
    }
    program
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
                Generic::Activation { name, .. } => Binding::Activation(name.clone().into()),
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
        for input in &network.inputs {
            let name = input.name.to_string();
            let binding = match self.port(input) {
                Ok(port) => {
                    let ty =
                        Type { shape: port.shape.clone(), batched: true, element: port.element };
                    // one that is in error before it has none
                    let index = self.program.inputs.len();
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

    /// What the network gives becomes its outputs.
    fn body(&mut self, network: &ast::Network) {
        for (port, value) in self.results(network).unwrap_or_default() {
            let ty = Type::sample(port.shape.clone());
            let value = self.graph().expand(value, &ty);
            self.program.outputs.push((port, value));
        }
    }

    /// Checks the statements; what the body gives, each in the declared shape.
    fn results(&mut self, network: &ast::Network) -> Result<Vec<(Port, Value)>> {
        self.statements(&network.body.statements);
        let Some(result) = &network.body.result else { return Err(Reported) };
        self.begin_line(result.to_string());
        let parts: Vec<(&Expr, Result<Value>)> = match (&result.kind, network.outputs.len()) {
            (ExprKind::Tuple(items), _) => {
                items.iter().map(|item| (item, self.value(item))).collect()
            }
            (_, 1) => vec![(result, self.value(result))],
            _ => self.values(result)?.into_iter().map(|value| (result, Ok(value))).collect(),
        };
        if parts.len() != network.outputs.len() {
            if !network.complete {
                return Err(Reported);
            }
            let (actual, declared) = (parts.len(), network.outputs.len());
            return self.error(
                result.place,
                format!("the body gives {actual} values, but {declared} outputs are declared"),
            );
        }
        let mut outputs = Vec::new();
        for (index, ((part, value), declared)) in
            parts.into_iter().zip(&network.outputs).enumerate()
        {
            let name = match (&part.kind, network.outputs.len()) {
                (ExprKind::Path(path), 2..) => ast::path_text(path),
                (_, 2..) => format!("output{index}"),
                _ => "output".to_owned(),
            };
            outputs.push(self.output(part, value, declared, name));
        }
        outputs.into_iter().collect()
    }

    fn output(
        &mut self,
        part: &Expr,
        value: Result<Value>,
        declared: &ast::Shape,
        name: String,
    ) -> Result<(Port, Value)> {
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
        Ok((Port { name, element: Element::Real, shape, classes: None }, value))
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            match statement {
                Statement::Let(statement) => {
                    self.begin_line(format!("let {} = {};", statement.pattern(), statement.value));
                    self.let_statement(statement);
                }
                Statement::Assign { name, value } => {
                    self.begin_line(format!("{name} = {value};"));
                    self.assign(name, value);
                }
                Statement::For(repeated) => {
                    self.begin_line(repeated.head());
                    self.for_statement(repeated);
                }
            }
        }
    }

    fn let_statement(&mut self, statement: &ast::Let) {
        self.stored_name.clone_from(&statement.stored_name);
        self.frozen = self.frame.frozen || statement.frozen;
        let layer = self.layer_declaration(statement).map(|layer| layer.map(Binding::Layer));
        let declared = layer.or_else(|| {
            let network = self.network_declaration(statement);
            network.map(|network| network.map(Binding::Network))
        });
        let bindings = match declared {
            Some(binding) => binding.map(|binding| vec![binding]),
            None => match self.parameter_declaration(statement) {
                Some(value) => value.map(|value| vec![Binding::Value(value)]),
                None => self.let_values(statement),
            },
        };
        if let Some(name) = self.stored_name.take()
            && bindings.is_ok()
        {
            self.report.error(name.span(), "there is no layer here that this could name");
        }
        self.frozen = self.frame.frozen;
        let bindings =
            bindings.unwrap_or_else(|Reported| vec![Binding::Unknown; statement.names.len()]);
        for (name, binding) in statement.names.iter().zip(bindings) {
            let name = name.to_string();
            match statement.mutable.iter().any(|mutable| *mutable == name) {
                true => self.mutable.insert(name.clone()),
                false => self.mutable.remove(&name),
            };
            self.scope.insert(name, binding);
        }
    }

    /// The value of a `let`, or those of a tuple.
    fn let_values(&mut self, statement: &ast::Let) -> Result<Vec<Binding>> {
        let expr = &statement.value;
        let values = match &statement.names[..] {
            [_] => vec![self.value(expr)?],
            _ => self.values(expr)?,
        };
        let (names, count) = (&statement.names, values.len());
        if names.len() != count {
            let (values, pattern) = (plural(count, "value"), statement.pattern());
            return self.error(
                expr.place,
                format!("`{pattern}` is {} names, but this is {values}", names.len()),
            );
        }
        for (name, value) in names.iter().zip(&values).filter(|(name, _)| *name != "_") {
            let name = name.to_string();
            self.graph().name(*value, name.strip_prefix("r#").unwrap_or(&name));
        }
        Ok(values.into_iter().map(Binding::Value).collect())
    }

    /// Nodes to come are of this source line.
    fn begin_line(&mut self, text: String) {
        let context = self.frame.context.trim_start_matches("in ");
        self.program.lines.push(format!("{context}{text}"));
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
            let message = format!("{}{}", self.frame.context, message());
            let (left, right) = (left.clone(), right.clone());
            let place = self.frame.place.unwrap_or(place);
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
        self.program.places.entry(value).or_insert(expr.place);
    }
}

/// `1 value`, `2 values`.
fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
