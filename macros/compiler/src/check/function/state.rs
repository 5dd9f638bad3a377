//! States: values that a network keeps and that training assigns instead of learning them:
//! `let mut centre = state([D], init = zeros);`.

use super::Function;
use crate::ast::{Element, Expr, ExprKind, Let, path_text};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Reported, Result};
use crate::ir::display::ShapeText;
use crate::ir::function::Function as Scalar;
use crate::ir::loops::Region;
use crate::ir::{Assignment, Graph, Leaf, Op, Type, Value};
use crate::program::StateKind;
use crate::report::Place;
use crate::size::Size;
use proc_macro2::Ident;

const USAGE: &str = "state([D], init = zeros, integer = false)";

pub const FUNCTIONS: &[Function] = &[Function { name: "state", usage: USAGE, build: unnamed }];

/// A state of the network.
pub struct State {
    /// The index among the parameters.
    parameter: usize,
    /// The value at the beginning of a step.
    first: Value,
    /// The value after the assignments so far.
    current: Value,
    /// The loop in which each iteration has its own.
    region: Option<Region>,
    /// `true` if a layer that it belongs to is frozen: it keeps its value.
    frozen: bool,
    assigned: bool,
    /// The place of its declaration.
    place: Place,
}

/// Reports a state that has no `let`: nothing could be assigned to it.
fn unnamed(checker: &mut Checker<'_>, _: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    checker.error(
        expr.place,
        "a state has a name, to which training assigns: `let mut centre = state([64], init = zeros);`",
    )
}

impl Checker<'_> {
    /// Returns the state that a `let` declares, by its index, if it does.
    pub(in crate::check) fn state_declaration(&mut self, statement: &Let) -> Option<Result<usize>> {
        let expr = &statement.value;
        let (ExprKind::Call { callee, arguments }, [declared]) = (&expr.kind, &statement.names[..])
        else {
            return None;
        };
        if path_text(callee) != "state" {
            return None;
        }
        let name = self.name_of_let(declared);
        let mut arguments = Arguments::new(USAGE, expr.place, arguments);
        let state = self.new_state(name, &mut arguments, expr, declared);
        Some(match state {
            Ok(state) => arguments.finish(self).map(|()| state),
            Err(Reported) => {
                arguments.abandon(self);
                Err(Reported)
            }
        })
    }

    fn new_state(
        &mut self,
        name: (String, Place),
        arguments: &mut Arguments<'_>,
        expr: &Expr,
        declared: &Ident,
    ) -> Result<usize> {
        let kind = match arguments.flag(self, "integer", false) {
            true => StateKind::Integer,
            false => StateKind::Real,
        };
        let parameter = self.program.parameters.len();
        let value = self.bare_parameter(name, arguments, expr, Some(kind))?;
        if let Some(known) = self.modules.states.iter().position(|state| state.current == value) {
            // that of an earlier application of the network
            return Ok(known);
        }
        let region = self.program.graph[self.program.parameters[parameter].value].region;
        self.modules.states.push(State {
            parameter,
            first: value,
            current: value,
            region,
            frozen: self.scope.frozen,
            assigned: false,
            place: self.frame.place.unwrap_or(Place::token(declared.span())),
        });
        Ok(self.modules.states.len() - 1)
    }

    /// Returns the value of a state, by its index.
    pub(in crate::check) fn state_value(&self, state: usize) -> Value {
        self.modules.states[state].current
    }

    /// Returns the value that a parameter has now: another one if it is a state that was assigned.
    pub(in crate::check) fn current_state(&self, value: Value) -> Value {
        let state = self.modules.states.iter().find(|state| state.first == value);
        state.map_or(value, |state| state.current)
    }

    /// Assigns `value` to a state, and returns what the name stands for from now on: the value in
    /// training, and the state as it is elsewhere.
    pub(in crate::check) fn assign_state(
        &mut self,
        index: usize,
        name: &Ident,
        value: Value,
        expr: &Expr,
    ) -> Result<Value> {
        let State { parameter, current, region, frozen, .. } = self.modules.states[index];
        self.modules.states[index].assigned = true;
        if self.program.graph.region != region {
            let what = format!(
                "`{name}` would be assigned in every iteration of a loop that shares it: a state is assigned once in a step, after the loop"
            );
            return self.error(name.span(), what);
        }
        if self.graph().ty(value).element == Element::Index {
            let what = format!("`{expr}` holds class numbers (`u32`), but a state real numbers");
            return self.error(expr.place, what);
        }
        let shape = self.graph().shape(current).to_vec();
        let given = self.graph().shape(value).to_vec();
        let (is, was) = (ShapeText(&given), ShapeText(&shape));
        let message = format!("the state `{name}` is {was}, but this is {is}");
        self.must_have_shape(expr.place, &shape, &given, &message)?;
        let Some(stored) = same_for_all(self.graph(), value, &shape) else {
            let what = format!(
                "this has a value for every sample, but the state `{name}` one for all of them: write `{name} = batch_mean(..)`"
            );
            return self.error(expr.place, what);
        };
        if frozen {
            return Ok(current);
        }
        let graph = self.graph();
        let stored = graph.materialize(stored);
        let new = graph.view(stored, shape);
        let training = graph.leaf(Leaf::Training, Type::shared(Vec::new()));
        let next = graph.scalar(Scalar::Select, vec![training, new, current]);
        let next = graph.scalar(Scalar::Stop, vec![next]);
        self.program.assignments.retain(|assignment| assignment.parameter != parameter);
        self.program.assignments.push(Assignment { parameter, value: stored });
        self.modules.states[index].current = next;
        Ok(next)
    }

    /// Reports states that are never assigned.
    pub(in crate::check) fn unassigned_states(&mut self) {
        for State { parameter, assigned, place, .. } in std::mem::take(&mut self.modules.states) {
            if !assigned {
                let name = &self.program.parameters[parameter].name;
                let what = format!(
                    "`{name}` is never assigned: assign it, or declare a value that training leaves alone as `#[frozen] let {name} = param(..)`"
                );
                self.report.error(place, what);
            }
        }
    }
}

/// Returns a value of this shape in the form in which there is one for all samples, with an axis if
/// the shape has none; `None` if the samples may have different ones.
///
/// A number that was computed from one in memory counts as a value of every sample, although it is
/// the same for all: what it was computed from is computed again, for all samples at once.
fn same_for_all(graph: &mut Graph, value: Value, shape: &[Size]) -> Option<Value> {
    let axes = if shape.is_empty() { vec![Size::one()] } else { shape.to_vec() };
    let ty = Type::shared(axes);
    if !graph.ty(value).batched {
        let whole =
            if graph.ty(value).is_number() { value } else { graph.view(value, ty.shape.clone()) };
        return Some(graph.expand(whole, &ty));
    }
    let node = graph[value].clone();
    let operand = |graph: &mut Graph, operand: Value| {
        let shape = graph.shape(operand).to_vec();
        same_for_all(graph, operand, &shape)
    };
    match &node.op {
        Op::Scalar(Scalar::Expand) => {
            let from = operand(graph, node.operands[0])?;
            Some(graph.expand(from, &ty))
        }
        Op::Scalar(function) => {
            let operands = node.operands.iter().map(|of| operand(graph, *of));
            let operands = operands.collect::<Option<Vec<Value>>>()?;
            let result = graph.scalar(function.clone(), operands);
            Some(graph.expand(result, &ty))
        }
        Op::View => {
            let from = operand(graph, node.operands[0])?;
            Some(graph.view(from, ty.shape))
        }
        _ => None,
    }
}
