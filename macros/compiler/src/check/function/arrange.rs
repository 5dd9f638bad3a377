//! Functions that reorder and repeat elements.

use super::Function;
use super::along::along;
use crate::ast::{Expr, ExprKind};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::display::ShapeText;
use crate::ir::kernel::{Concat, Slice, StridedSlice};
use crate::ir::{Type, Value};
use crate::program::Relation;
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[
    Function { name: "flip", usage: "flip(x, axis = 0)", build: flip },
    Function { name: "roll", usage: "roll(x, shift, axis = 0)", build: roll },
    Function { name: "repeat", usage: "repeat(x, n, axis = 0)", build: repeat },
    Function { name: "expand", usage: "expand(x, [4, 8])", build: expand },
];

fn flip(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let (x, axis) = along(checker, arguments, false)?;
    let graph = checker.graph();
    let len = graph.shape(x)[axis].clone();
    let (first, step) = (len.minus(&Size::one()), Size::one());
    Ok(graph.kernel(StridedSlice { axis, first, step, reversed: true, len }, vec![x]))
}

/// Rotates along an axis as in `PyTorch`: elements shifted past the end come back at the start. The
/// shift may be longer than the axis.
fn roll(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let (x, axis) = along(checker, arguments, false)?;
    let shift = arguments.next(checker, "how far")?;
    let len = checker.graph().shape(x)[axis].clone();
    let (mut back, mut size) = match &shift.kind {
        ExprKind::Negate(inner) => (true, checker.index(inner)?),
        _ => (false, checker.index(shift)?),
    };
    if size.constant().is_some_and(|size| size < 0) {
        (back, size) = (!back, Size::default().minus(&size));
    }
    checker.require_start(shift.place, &size, || format!("`{shift}` is less than 0"));
    // whole rotations have no effect; the remainder is less than the length of the axis
    let rounds = size.over(&len).unwrap_or_default();
    let left = size.minus(&rounds.times(&len));
    if left == Size::default() {
        return Ok(x);
    }
    let start = if back { left } else { len.minus(&left) };
    let graph = checker.graph();
    let (rest, front) = (len.minus(&start), Size::default());
    let last = graph.kernel(Slice { axis, start: start.clone(), len: rest }, vec![x]);
    let first = graph.kernel(Slice { axis, start: front, len: start }, vec![x]);
    Ok(graph.kernel(Concat { axis }, vec![last, first]))
}

/// Repeats the whole value `n` times along an axis.
fn repeat(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let (x, axis) = along(checker, arguments, false)?;
    let count = arguments.next(checker, "how often")?;
    let count = checker.size(count)?;
    let graph = checker.graph();
    let ty = graph.ty(x).clone();
    let mut shape = ty.shape.clone();
    shape.insert(axis, Size::one());
    let one = graph.view(x, shape.clone());
    shape[axis] = count.clone();
    let many = graph.expand(one, &Type { shape, ..ty.clone() });
    let mut shape = ty.shape;
    shape[axis] = shape[axis].times(&count);
    Ok(graph.view(many, shape))
}

fn expand(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let of = arguments.next(checker, "a value")?;
    let x = checker.real(of);
    let shape = arguments.next(checker, "a shape")?;
    let ExprKind::List(sizes) = &shape.kind else {
        return checker
            .error(shape.place, format!("expected a shape such as `[4, 8]`, found `{shape}`"));
    };
    let sizes = checker.sizes(sizes)?;
    let x = x?;
    let ty = checker.graph().ty(x).clone();
    let to = Type { shape: sizes, ..ty.clone() };
    let surplus = to.shape.len().checked_sub(ty.shape.len());
    let fits = |surplus: usize| {
        let pairs = ty.shape.iter().zip(&to.shape[surplus..]);
        pairs.clone().all(|(a, b)| *a == Size::one() || a.equals(b) != Some(false))
    };
    let Some(surplus) = surplus.filter(|surplus| fits(*surplus)) else {
        let (what, to) = (checker.describe(of, x), ShapeText(&to.shape).to_string());
        return checker.error(expr.place, format!("{what}, which does not broadcast to {to}"));
    };
    let mut own = ty.shape.clone();
    for (a, b) in own.iter_mut().zip(&to.shape[surplus..]).filter(|(a, _)| **a != Size::one()) {
        checker.require(expr.place, a, Relation::Equal, b, || {
            format!("`{of}` is {ty}, which does not broadcast to {}", ShapeText(&to.shape))
        });
        a.clone_from(b);
    }
    let graph = checker.graph();
    let view = graph.view(x, own);
    Ok(graph.expand(view, &to))
}
