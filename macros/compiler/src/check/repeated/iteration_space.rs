//! Iteration spaces of loops: what they iterate over, and their numbers of iterations.

use crate::ast::{Expr, For, Over};
use crate::check::{Checker, Result};
use crate::ir::{Op, Value};
use crate::program::Relation;
use crate::size::Size;

/// The iteration space of a loop.
pub(super) struct IterationSpace {
    pub count: Size,
    /// The values iterated over, along their leading axes.
    pub values: Vec<Value>,
    /// The iteration number of the first iteration.
    pub start: Size,
    pub reversed: bool,
    /// `true` if each iteration has its own parameters.
    pub per_iteration_params: bool,
}

impl Checker<'_> {
    /// Returns the iteration space of a loop.
    pub(super) fn iteration_space(&mut self, repeated: &For) -> Result<IterationSpace> {
        match &repeated.over {
            Over::Range(start, end) => {
                let (start, last) = (self.index(start), self.index(end));
                let (start, last) = (start?, last?);
                let count = last.minus(&start);
                if count.constant().is_some_and(|count| count < 1) {
                    return self
                        .error(end.place, format!("`{}` has no iterations", repeated.head()));
                }
                self.require_start(end.place, &start, || {
                    format!("`{}` starts at {start}", repeated.head())
                });
                self.require_some(end.place, &count, || {
                    format!("`{}` has no iterations", repeated.head())
                });
                let per_iteration_params = !count.is_dynamic();
                Ok(IterationSpace {
                    count,
                    values: Vec::new(),
                    start,
                    reversed: false,
                    per_iteration_params,
                })
            }
            Over::Values { values, reversed } => {
                let found: Vec<_> = values.iter().map(|value| self.sequence(value)).collect();
                let found = found.into_iter().collect::<Result<Vec<_>>>()?;
                let count = self.graph().shape(found[0])[0].clone();
                for (expr, value) in values.iter().zip(&found).skip(1) {
                    let len = self.graph().shape(*value)[0].clone();
                    if len.equals(&count) == Some(false) {
                        let what = self.describe(expr, *value);
                        let first = &values[0];
                        return self.error(
                            expr.place,
                            format!("{what}, but the leading axis of `{first}` is {count}"),
                        );
                    }
                    self.require(expr.place, &len, Relation::Equal, &count, || {
                        format!(
                            "the leading axis of `{expr}` is {len}, but that of `{}` is {count}",
                            values[0]
                        )
                    });
                }
                let start = Size::default();
                Ok(IterationSpace {
                    count,
                    values: found,
                    start,
                    reversed: *reversed,
                    per_iteration_params: false,
                })
            }
        }
    }

    /// Returns a value with at least one axis, which a loop can iterate over.
    fn sequence(&mut self, expr: &Expr) -> Result<Value> {
        let value = self.real(expr)?;
        if self.graph().shape(value).is_empty() {
            let hint = match self.graph()[value].op {
                Op::Leaf(_) => format!(": for so many iterations write `0..{expr}`"),
                _ => ": there is no axis to go along".to_owned(),
            };
            return self.error(expr.place, format!("`{expr}` is a single number{hint}"));
        }
        Ok(value)
    }
}
