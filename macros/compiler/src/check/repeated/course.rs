//! What a loop goes over, and how many turns it has.

use crate::ast::{Expr, For, Over};
use crate::check::{Checker, Result};
use crate::ir::{Op, Value};
use crate::program::Relation;
use crate::size::Size;

/// What a loop goes over.
pub(super) struct Course {
    pub count: Size,
    /// What is named in each turn: values along their leading axis.
    pub values: Vec<Value>,
    /// The number of the first turn.
    pub start: Size,
    pub reversed: bool,
    /// Whether turns have parameters of their own.
    pub deep: bool,
}

impl Checker<'_> {
    /// How many turns there are, and over what.
    pub(super) fn course(&mut self, repeated: &For) -> Result<Course> {
        match &repeated.over {
            Over::Range(start, end) => {
                let (start, last) = (self.index(start), self.index(end));
                let (start, last) = (start?, last?);
                let count = last.minus(&start);
                if count.constant().is_some_and(|count| count < 1) {
                    return self.error(end.place, format!("`{}` has no turns", repeated.head()));
                }
                self.require_start(end.place, &start, || {
                    format!("`{}` starts at {start}", repeated.head())
                });
                self.require_some(end.place, &count, || {
                    format!("`{}` has no turns", repeated.head())
                });
                let deep = !count.is_dynamic();
                Ok(Course { count, values: Vec::new(), start, reversed: false, deep })
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
                Ok(Course { count, values: found, start, reversed: *reversed, deep: false })
            }
        }
    }

    /// A value that can be gone through along its leading axis.
    fn sequence(&mut self, expr: &Expr) -> Result<Value> {
        let value = self.real(expr)?;
        if self.graph().shape(value).is_empty() {
            let hint = match self.graph()[value].op {
                Op::Leaf(_) => format!(": for so many turns write `0..{expr}`"),
                _ => ": there is no axis to go along".to_owned(),
            };
            return self.error(expr.place, format!("`{expr}` is a single number{hint}"));
        }
        Ok(value)
    }
}
