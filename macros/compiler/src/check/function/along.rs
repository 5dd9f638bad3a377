//! Functions along one axis that keep its size: softmax and cumulative sums.

use super::Function;
use crate::ast::Expr;
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::kernel::{Cumsum, LogSoftmax, Softmax};

pub const FUNCTIONS: &[Function] = &[
    Function { name: "softmax", usage: "softmax(x, axis = -1)", build: softmax },
    Function { name: "log_softmax", usage: "log_softmax(x, axis = -1)", build: log_softmax },
    Function { name: "cumsum", usage: "cumsum(x, axis = 0)", build: cumsum },
];

fn softmax(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let (x, axis) = along(checker, arguments, true)?;
    Ok(checker.graph().kernel(Softmax { axis }, vec![x]))
}

fn log_softmax(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    _: &Expr,
) -> Result<Value> {
    let (x, axis) = along(checker, arguments, true)?;
    Ok(checker.graph().kernel(LogSoftmax { axis }, vec![x]))
}

fn cumsum(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let (x, axis) = along(checker, arguments, false)?;
    Ok(checker.graph().kernel(Cumsum { axis, reversed: false }, vec![x]))
}

/// Takes a value and one of its axes, by default the last if `last`, otherwise the first.
pub(super) fn along(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    last: bool,
) -> Result<(Value, usize)> {
    let expr = arguments.next(checker, "a value")?;
    let x = checker.real(expr)?;
    let axis = arguments.either(checker, "axis", "dim");
    let rank = checker.graph().shape(x).len();
    if rank == 0 {
        return checker.error(expr.place, format!("`{expr}` is a single number: there is no axis"));
    }
    match axis {
        Some(axis) => Ok((x, checker.axis(axis, rank)?)),
        None => Ok((x, if last { rank - 1 } else { 0 })),
    }
}
