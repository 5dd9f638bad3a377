//! Checks names, layers and shapes: turns the syntax tree into a graph, or into errors on the
//! user's tokens.

mod arguments;
mod call;
mod constant;
mod described;
mod expression;
mod external;
mod flops;
mod function;
mod initialiser;
mod label;
mod layer;
mod lengths;
mod loop_bounds;
mod loss;
mod member;
mod naming;
mod nested;
mod ports;
mod reach;
mod repeated;
mod result;
mod scope;
mod size;
mod sketch;
mod slice;
mod statement;

use crate::ast::{self, Expr, ExprKind};
use crate::ir::display::ShapeText;
use crate::ir::{Graph, Value};
use crate::program::{Program, Relation, Requirement};
use crate::report::{Place, Report};
use crate::size::Size;
use crate::sketch::Frame as SketchFrame;
pub use function::target_element;
pub use lengths::MOST_LENGTHS;
pub use loss::loss_name;
use nested::Frame;
pub use nested::{Networks, activation_of_another};
use scope::{Binding, Modules, Scope};
use std::collections::{HashMap, HashSet};

/// The maximum number of inputs, and of targets, that the runtime supports.
pub const MOST_PORTS: usize = 4;

/// The error type of the checker: the error itself is in the report.
#[derive(Clone, Copy, Debug)]
pub struct Reported;

type Result<T> = std::result::Result<T, Reported>;

/// The expression that computed a value, for messages.
struct Origin {
    text: String,
    line: usize,
}

/// The state of checking one network.
pub struct Checker<'a> {
    report: &'a mut Report,
    networks: &'a Networks<'a>,
    program: Program,
    scope: Scope,
    /// The network that is being inlined.
    frame: Frame,
    modules: Modules,
    origins: HashMap<Value, Origin>,
    /// Names bound in loops that have ended, with the lines of the loops.
    out_of_scope: HashMap<String, usize>,
    /// The generic parameters of the network itself.
    own: HashSet<String>,
    /// `true` while the arguments of a call in error are checked once more.
    is_recheck: bool,
    /// The values of the parts of the current expression so far, for drawings.
    read: Vec<Value>,
}

/// Returns the names of the language: functions, layers and initial values.
#[must_use]
pub fn names() -> Vec<&'static str> {
    function::names().chain(layer::names()).chain(initialiser::names()).collect()
}

/// The kind of a name of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A layer with arguments: stands after `>>`.
    Layer,
    /// An activation: stands after `>>`, without arguments.
    Activation,
    /// A function: is called.
    Function,
    /// A loss: is called, or stands after `loss`.
    Loss,
}

/// Returns the names of the language with their kinds; layers and functions as usages, with their
/// arguments.
#[must_use]
pub fn usages() -> Vec<(Sort, &'static str)> {
    let layers = layer::usages().map(|usage| (Sort::Layer, usage));
    let losses = function::loss_names().map(|name| (Sort::Loss, name));
    let functions = function::usages().map(|usage| (Sort::Function, usage));
    let activations = layer::activations().map(|name| (Sort::Activation, name));
    layers.chain(losses).chain(functions).chain(activations).collect()
}

/// Returns true if the language has a layer of this name.
#[must_use]
pub fn is_layer(name: &str) -> bool {
    layer::find(name).is_some()
}

/// Returns true if the library has an activation of this name.
#[must_use]
pub fn is_activation(name: &str) -> bool {
    layer::is_activation(name)
}

/// Checks a network that applies no others. Returns `None` if there are errors.
pub fn check(network: &ast::Network, report: &mut Report) -> Option<Program> {
    check_among(network, &Networks::new(std::slice::from_ref(network)), report)
}

/// Checks one of `networks`, which may apply the others. Returns `None` if there are errors.
pub fn check_among(
    network: &ast::Network,
    networks: &Networks<'_>,
    report: &mut Report,
) -> Option<Program> {
    let index = networks.index(network);
    if network.inputs.is_empty() && !network.complete {
        // without inputs every name in the body would be an error
        return None;
    }
    if let Some(fault) = index.and_then(|index| networks.fault(index)) {
        fault.into_iter().for_each(|(place, message)| report.error(place, message));
        return None;
    }
    let mut checker = Checker {
        report,
        networks,
        program: Program::default(),
        scope: Scope::default(),
        frame: Frame::default(),
        modules: Modules::default(),
        origins: HashMap::new(),
        out_of_scope: HashMap::new(),
        own: network.generics.iter().map(|generic| generic.name().to_string()).collect(),
        is_recheck: false,
        read: Vec::new(),
    };
    let errors_before = checker.report.errors();
    checker.generics(network);
    checker.lengths(network);
    checker.inputs(network);
    // after an error in the signature, a name may be one that it was to declare
    let declared = network.complete && checker.report.errors() == errors_before;
    checker.body(network);
    let sound =
        |checker: &Checker<'_>| network.complete && checker.report.errors() == errors_before;
    if let Some(loss) = &network.loss {
        let before = checker.scope.clone();
        // the number of outputs is unknown if their declaration could not be parsed
        let declared = network.outputs.len();
        let declared = (network.complete || declared > 0).then_some(declared);
        checker.enter_frame(|_| SketchFrame::Loss);
        let known = checker.loss(loss, declared);
        checker.leave_frame();
        let marks = checker.program.sketch.len();
        // the error itself is in the report
        let _ = checker.metrics(&network.metrics, &before, declared, known.is_ok());
        checker.program.sketch.truncate(marks);
    } else if let Some(metric) = network.metrics.first() {
        let what = "a metric stands beside a loss: write `loss ..` before it";
        checker.report.error(metric.name.span(), what);
    }
    if sound(&checker) && network.loss.is_none() {
        checker.loss_in_body(network);
    }
    if sound(&checker) {
        checker.names();
        checker.reach(network);
    }
    let sound = sound(&checker);
    if !sound && declared {
        networks.note_mentioned(network, &checker.program, &checker.own);
    }
    let program = sound.then_some(checker.program);
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

    /// Returns true if the declaration of the name was in error.
    fn is_unknown(&self, path: &syn::Path) -> bool {
        matches!(self.scope.get(&ast::path_text(path)), Some(Binding::Unknown))
    }

    /// Sets the source line that new nodes belong to.
    fn begin_line(&mut self, text: String) {
        let context = self.frame.context.trim_start_matches("in ");
        self.program.lines.push(format!("{context}{text}"));
        self.program.graph.line = self.program.lines.len() - 1;
    }

    /// Adds a requirement on sizes, unless it surely holds or was added before. For sizes that
    /// depend on iteration numbers it must hold in the first and the last iteration.
    fn require(
        &mut self,
        place: Place,
        left: &Size,
        relation: Relation,
        right: &Size,
        message: impl FnOnce() -> String,
    ) {
        let mut uncertain = self.in_extreme_iterations([left, right]);
        uncertain.retain(|[left, right]| {
            let holds = match relation {
                Relation::Equal => left == right,
                Relation::AtMost => left.is_at_most(right),
            };
            // a requirement that is there already is not repeated
            let mut known = self.program.requirements.iter();
            !holds && !known.any(|known| known.is(left, relation, right))
        });
        if uncertain.is_empty() {
            return;
        }
        let message = format!("{}{}", self.frame.context, message());
        let place = self.frame.place.unwrap_or(place);
        self.program.requirements.extend(uncertain.into_iter().map(|[left, right]| {
            let message = message.clone();
            Requirement { left, relation, right, message, place }
        }));
    }

    /// Describes a value for messages: `` `h` is [128] (from `Linear(128)` on line 10) ``.
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
        // what a description computes is at the call
        let place = self.frame.place.unwrap_or(expr.place);
        self.program.places.entry(value).or_insert(place);
    }
}

/// Returns the count with the noun: `1 value`, `2 values`.
fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
