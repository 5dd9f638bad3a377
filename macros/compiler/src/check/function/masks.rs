//! Selection between values, masks, and `stop_gradient`.

use super::Function;
use crate::ast::{Element, Expr};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::display::ShapeText;
use crate::ir::function::Function as Scalar;
use crate::ir::kernel::{Range, ToReal, Triangle};
use crate::ir::{Leaf, Op, Value};
use crate::program::{Classes, Relation};
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[
    Function { name: "select", usage: "select(condition, a, b)", build: select },
    Function { name: "stop_gradient", usage: "stop_gradient(x)", build: stop_gradient },
    Function { name: "tril", usage: "tril(x, diagonal = 0)", build: tril },
    Function { name: "triu", usage: "triu(x, diagonal = 0)", build: triu },
    Function { name: "sequence_mask", usage: "sequence_mask(lengths, T)", build: sequence_mask },
    Function { name: "mask_future", usage: "mask_future(scores)", build: mask_future },
];

fn select(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let condition = arguments.next(checker, "a condition")?;
    let yes = arguments.next(checker, "the value where it holds")?;
    let no = arguments.next(checker, "the value where it does not")?;
    let (c, a, b) = (checker.real(condition), checker.real(yes), checker.real(no));
    let (c, a, b) = (c?, a?, b?);
    let (a, b) = checker.fit((yes, a), (no, b), expr.place, "`select`")?;
    let (c, a) = checker.fit((condition, c), (yes, a), expr.place, "`select`")?;
    let (c, b) = checker.fit((condition, c), (no, b), expr.place, "`select`")?;
    let graph = checker.graph();
    if let Some(chosen) = graph.known_number(c) {
        let ty = graph.ty(a).broadcast(graph.ty(b)).unwrap_or_else(|_| graph.ty(a).clone());
        return Ok(graph.expand(if chosen == 0.0 { b } else { a }, &ty));
    }
    // the condition gets no gradient: one that would pass it on is replaced by its comparison with
    // 0
    let c = match graph[c].op.is_flat() || graph[c].op == Op::Leaf(Leaf::Training) {
        true => c,
        false => {
            let zero = graph.number(0.0);
            graph.scalar(Scalar::Unequal, vec![c, zero])
        }
    };
    Ok(graph.scalar(Scalar::Select, vec![c, a, b]))
}

/// Returns 1 for the steps before each length and 0 from there on, along a new last axis.
fn sequence_mask(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    _: &Expr,
) -> Result<Value> {
    let of = arguments.next(checker, "the lengths")?;
    let steps = arguments.next(checker, "the number of steps")?;
    let (lengths, steps) = (checker.value(of), checker.size(steps));
    let (mut lengths, steps) = (lengths?, steps?);
    if checker.graph().ty(lengths).element == Element::Index {
        checker.classes(of, lengths, Classes::lengths(&steps))?;
        lengths = checker.graph().kernel(ToReal, vec![lengths]);
    }
    let mut column = checker.graph().shape(lengths).to_vec();
    column.push(Size::one());
    let graph = checker.graph();
    let lengths = graph.view(lengths, column);
    let range = graph.kernel(Range { len: steps }, Vec::new());
    Ok(graph.scalar(Scalar::Above, vec![lengths, range]))
}

fn stop_gradient(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    _: &Expr,
) -> Result<Value> {
    let x = arguments.next(checker, "a value")?;
    let x = checker.real(x)?;
    Ok(checker.graph().scalar(Scalar::Stop, vec![x]))
}

fn tril(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    triangle(checker, arguments, false)
}

fn triu(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    triangle(checker, arguments, true)
}

fn triangle(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    upper: bool,
) -> Result<Value> {
    let diagonal = arguments.number_that(checker, "diagonal", 0.0, |diagonal| {
        (diagonal.fract() != 0.0 || diagonal.abs() > f64::from(i32::MAX))
            .then(|| format!("`diagonal` is a whole number, not {diagonal}"))
    });
    let (_, x) = matrices(checker, arguments)?;
    #[allow(clippy::cast_possible_truncation)]
    let triangle =
        Triangle { upper, diagonal: diagonal as i32, fill: 0.0.into(), first: Size::default() };
    Ok(checker.graph().kernel(triangle, vec![x]))
}

/// Masks the scores after the diagonal with -infinity: those of positions later than the row's own.
fn mask_future(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    _: &Expr,
) -> Result<Value> {
    let (expr, x) = matrices(checker, arguments)?;
    let shape = checker.graph().shape(x).to_vec();
    let (rows, columns) = (&shape[shape.len() - 2], &shape[shape.len() - 1]);
    if rows.equals(columns) == Some(false) {
        let what = checker.describe(expr, x);
        return checker.error(
            expr.place,
            format!(
                "{what}, but `mask_future` takes a score for each pair: {rows} is not {columns}"
            ),
        );
    }
    checker.require(expr.place, rows, Relation::Equal, columns, || {
        format!("`mask_future` takes a score for each pair, but `{expr}` is {}", ShapeText(&shape))
    });
    let mask = Triangle {
        upper: false,
        diagonal: 0,
        fill: f64::NEG_INFINITY.into(),
        first: Size::default(),
    };
    Ok(checker.graph().kernel(mask, vec![x]))
}

/// Takes a value with at least two axes.
fn matrices<'a>(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'a>,
) -> Result<(&'a Expr, Value)> {
    let expr = arguments.next(checker, "a value")?;
    let x = checker.real(expr)?;
    if checker.graph().shape(x).len() < 2 {
        let what = checker.describe(expr, x);
        return checker.error(expr.place, format!("{what}, but this takes two axes or more"));
    }
    Ok((expr, x))
}
