//! Loops: loop-carried values, parameters per iteration, and the stacked results of the iterations.

mod assign;
mod iteration_space;
mod names;

pub use names::LoopNames;

use super::{Binding, Checker, Reported, Result};
use crate::ast::{Element, For, Over, Statement};
use crate::ir::display::ShapeText;
use crate::ir::loops::{Loop, Region};
use crate::ir::{Type, Value};
use crate::program::Relation;
use crate::report::Place;
use crate::reserved::is_reserved;
use crate::size::Size;
use crate::sketch::{Frame as SketchFrame, Mark};
use assign::assignments;
use proc_macro2::Ident;
use std::collections::BTreeSet;
use syn::LitStr;

/// A loop-carried value.
struct LoopCarried {
    name: String,
    /// The place of its first assignment in the loop.
    place: Place,
    value: Value,
}

impl Checker<'_> {
    /// Checks a loop as a statement, whose results are not used.
    pub(super) fn for_statement(&mut self, repeated: &For) {
        if self.loop_carried(repeated).is_empty()
            && self.assigns_nothing(repeated)
            && !is_refused(repeated)
        {
            self.report.error(
                Place { start: repeated.place.start, end: repeated.place.start },
                "this loop changes nothing: assign to a `let mut` from before it, or name its results with `let ys = for ..`",
            );
        }
        let _ = self.repeated(repeated);
    }

    /// Returns true if the body of the loop has no assignment to a name from outside of it, valid
    /// or not.
    fn assigns_nothing(&self, repeated: &For) -> bool {
        let mut assigned = Vec::new();
        assignments(&repeated.body.statements, &mut BTreeSet::new(), &mut assigned);
        assigned.is_empty()
    }

    /// Records the names bound in a loop that has ended, for messages.
    fn leave_scope(&mut self, repeated: &For) {
        for statement in &repeated.body.statements {
            if let Statement::Let(statement) = statement {
                let line = repeated.place.line();
                self.out_of_scope
                    .extend(statement.names.iter().map(|name| (name.to_string(), line)));
            }
        }
    }

    /// Returns the results of all iterations of a loop, along a new leading axis.
    pub(super) fn for_value(&mut self, repeated: &For) -> Result<Value> {
        match self.repeated(repeated)? {
            Some(value) => Ok(value),
            None if is_refused(repeated) => Err(Reported),
            None => self.error(
                repeated.place,
                "the iterations of this loop give nothing: end its braces with a value",
            ),
        }
    }

    fn repeated(&mut self, repeated: &For) -> Result<Option<Value>> {
        let line = self.graph().line;
        let stored = repeated.stored_name.clone().or_else(|| self.scope.stored_name.take());
        let (space, truncation) = (self.iteration_space(repeated), self.truncation(repeated));
        let (Ok(space), Ok(truncation)) = (space, truncation) else {
            self.iteration_of_unknown(repeated, stored.as_ref());
            return Err(Reported);
        };
        let before = self.loop_carried(repeated);
        let index = self.iteration_name(repeated);
        let mut iterations = Loop::new(&self.program.graph, space.count.clone(), index);
        (iterations.reversed, iterations.per_iteration_params) =
            (space.reversed, space.per_iteration_params);
        iterations.checkpoint = repeated.checkpoint;
        iterations.truncate = truncation;
        let iteration = iterations.iteration();
        let first = self.graph().values().count();
        let errors = self.report.errors();
        let region = self.graph().open(iterations);
        let (carried, result, outcome) = self.enter_scope(self.scope.clone(), |checker| {
            checker.enter_frame(|_| SketchFrame::Loop {
                head: repeated.head(),
                count: space.count.clone(),
            });
            let carried = checker.carry(before, repeated.place);
            let around = checker.enter_loop(repeated, stored.as_ref(), space.per_iteration_params);
            match &repeated.over {
                Over::Range(..) => {
                    let number = Binding::Size(space.start.plus(&iteration));
                    checker.scope.insert(repeated.names[0].to_string(), number);
                }
                Over::Values { .. } => checker.elements(&repeated.names, &space.values),
            }
            checker.scope.lets.retain(|name, _| !repeated.names.iter().any(|own| own == name));
            checker.scope.states.retain(|name, _| !repeated.names.iter().any(|own| own == name));
            let result = checker.iteration(repeated);
            let outcome = checker.next_iteration(&carried);
            let outcome = match checker.report.errors() == errors {
                true => outcome.and(checker.fixed_shapes(repeated.place, first, region)),
                false => outcome,
            };
            checker.leave_loop(around);
            checker.leave_frame();
            (carried, result, outcome)
        });
        self.leave_scope(repeated);
        self.graph().close();
        self.graph().line = line;
        for (LoopCarried { name, .. }, value) in carried {
            let last = self.graph().last(value);
            self.graph().name(last, &name);
            self.scope.insert(name, Binding::Value(last));
        }
        outcome?;
        Ok(result?.map(|value| self.graph().collect(region, value)))
    }

    /// Binds the names of loop-carried values to their values at the beginning of an iteration.
    fn carry(&mut self, before: Vec<LoopCarried>, place: Place) -> Vec<(LoopCarried, Value)> {
        let carry = |before: LoopCarried| {
            let carried = self.graph().carry(before.value);
            self.graph().name(carried, &before.name);
            // what a description carries is at the call
            let place = self.frame.place.unwrap_or(place);
            self.program.places.insert(carried, place);
            self.mark(|_| Mark::Carried { name: before.name.clone(), value: carried });
            self.scope.insert(before.name.clone(), Binding::Value(carried));
            (before, carried)
        };
        before.into_iter().map(carry).collect()
    }

    /// Checks the body of a loop over values that are in error.
    fn iteration_of_unknown(&mut self, repeated: &For, stored: Option<&LitStr>) {
        self.enter_scope(self.scope.clone(), |checker| {
            let own = matches!(repeated.over, Over::Range(..));
            let around = checker.enter_loop(repeated, stored, own);
            let unknown = repeated.names.iter().map(|name| (name.to_string(), Binding::Unknown));
            checker.scope.extend(unknown);
            checker.statements(&repeated.body.statements);
            if let Some(result) = &repeated.body.result {
                let _ = checker.real(result);
            }
            checker.leave_loop(around);
        });
        self.leave_scope(repeated);
    }

    /// Returns the loop-carried values: the bindings that the loop assigns to, with their values
    /// before it.
    fn loop_carried(&mut self, repeated: &For) -> Vec<LoopCarried> {
        let mut assigned = Vec::new();
        assignments(&repeated.body.statements, &mut BTreeSet::new(), &mut assigned);
        let mut carried: Vec<LoopCarried> = Vec::new();
        for name in assigned {
            let text = name.to_string();
            let known = carried.iter().any(|carried| carried.name == text);
            let Some(Binding::Value(value)) = self.scope.get(&text) else { continue };
            let is_state = self.scope.states.contains_key(&text);
            if known || is_state || self.scope.lets.get(&text) != Some(&true) {
                continue;
            }
            let mut ty = self.program.graph.ty(*value).clone();
            ty.batched = true;
            let (value, place) = (*value, Place::token(name.span()));
            let value = self.graph().init_carry(value, &ty);
            self.graph().name(value, text.trim_start_matches("r#"));
            carried.push(LoopCarried { name: text, place, value });
        }
        carried
    }

    /// Returns a free name for the iteration number, in sizes and in generated code. It is in lower
    /// case, because an upper-case name in a pattern would refer to a user's constant.
    fn iteration_name(&self, repeated: &For) -> String {
        let wish = match (&repeated.over, &repeated.names[..]) {
            (Over::Range(..), [name]) if *name != "_" => name.to_string(),
            (Over::Range(..), _) => "iteration".to_owned(),
            (Over::Values { .. }, _) => "t".to_owned(),
        };
        // lower case: it becomes a variable, not a reference to a user's constant
        let mut wish = wish.trim_start_matches("r#").to_lowercase();
        if is_reserved(&wish) || syn::parse_str::<Ident>(&wish).is_err() {
            wish = format!("iteration_{wish}");
        }
        let graph = &self.program.graph;
        let taken = |name: &String| {
            graph.regions().any(|region| graph[region].index == *name) || self.own.contains(name)
        };
        let numbered = (1..).map(|i| format!("{wish}_{i}"));
        std::iter::once(wish.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(wish)
    }

    fn truncation(&mut self, repeated: &For) -> Result<Option<Size>> {
        repeated.truncate.as_ref().map(|iterations| self.size(iterations)).transpose()
    }

    /// Binds the names of a loop over values to the elements of the current iteration.
    fn elements(&mut self, names: &[Ident], values: &[Value]) {
        for (name, value) in names.iter().zip(values) {
            let text = name.to_string();
            let graph = self.graph();
            let element = graph.element(*value);
            graph.name(graph.base(element), &text);
            self.mark(|_| Mark::Element { name: text.clone(), value: element, of: *value });
            self.scope.insert(text, Binding::Value(element));
        }
    }

    /// Checks the body of a loop, and returns the result of one iteration.
    fn iteration(&mut self, repeated: &For) -> Result<Option<Value>> {
        self.statements(&repeated.body.statements);
        let Some(result) = &repeated.body.result else { return Ok(None) };
        self.begin_line(result.to_string());
        let value = self.real(result)?;
        let graph = self.graph();
        let ty = Type { batched: true, ..graph.ty(value).clone() };
        let value = graph.expand(value, &ty);
        Ok(Some(graph.materialize(value)))
    }

    /// Sets the values of the loop-carried bindings for the next iteration.
    fn next_iteration(&mut self, carried: &[(LoopCarried, Value)]) -> Result<()> {
        let mut outcome = Ok(());
        for (before, value) in carried {
            let Some(Binding::Value(next)) = self.scope.get(&before.name).cloned() else {
                outcome = Err(Reported);
                continue;
            };
            let (first, ty) = (self.graph().ty(*value).clone(), self.graph().ty(next).clone());
            let fits = first.shape.len() == ty.shape.len()
                && first.shape.iter().zip(&ty.shape).all(|(a, b)| a.equals(b) != Some(false));
            if !fits || ty.element == Element::Index {
                let LoopCarried { name, place, .. } = before;
                let (before, after) = (ShapeText(&first.shape), ShapeText(&ty.shape));
                outcome = self.error(
                    *place,
                    format!("`{name}` is {before} before the loop, but {after} after an iteration: it has to keep its shape"),
                );
                continue;
            }
            for (a, b) in first.shape.iter().zip(&ty.shape) {
                self.require(before.place, a, Relation::Equal, b, || {
                    format!("`{}` is {a} before the loop, but {b} after an iteration", before.name)
                });
            }
            let graph = self.graph();
            let next = graph.expand(next, &Type { batched: true, ..ty });
            let next = graph.view(next, first.shape);
            let next = graph.materialize_next(next, *value);
            graph.set_next(*value, next);
        }
        outcome
    }

    /// Reports a value in the loop whose shape depends on the iteration number.
    fn fixed_shapes(&mut self, place: Place, from: usize, region: Region) -> Result<()> {
        let graph = &self.program.graph;
        let index = &graph[region].index;
        let values = graph.values().skip(from);
        let changing = values
            .filter(|value| graph.shape(*value).iter().any(|size| size.mentions(index)))
            .map(|value| ShapeText(graph.shape(value)).to_string())
            .next();
        match changing {
            None => Ok(()),
            Some(shape) => self.error(
                place,
                format!("a value in this loop is {shape}, another shape in every iteration: shapes cannot depend on the iteration"),
            ),
        }
    }
}

/// Returns true if a part of the loop could not be parsed.
fn is_refused(repeated: &For) -> bool {
    repeated.values().into_iter().any(|value| !value.refusals().is_empty())
}
