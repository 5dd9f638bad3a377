//! Scalar functions with several arguments, and those composed of others.

use super::Function;
use crate::ast::Expr;
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::function::Function as Scalar;
use std::f64::consts;

pub const FUNCTIONS: &[Function] = &[
    Function { name: "maximum", usage: "maximum(a, b)", build: maximum },
    Function { name: "minimum", usage: "minimum(a, b)", build: minimum },
    Function { name: "clamp", usage: "clamp(x, low, high)", build: clamp },
    Function { name: "pow", usage: "pow(x, p)", build: pow },
    Function { name: "square", usage: "square(x)", build: square },
    Function { name: "rsqrt", usage: "rsqrt(x)", build: rsqrt },
    Function { name: "reciprocal", usage: "reciprocal(x)", build: reciprocal },
    Function { name: "log2", usage: "log2(x)", build: log2 },
    Function { name: "log10", usage: "log10(x)", build: log10 },
    Function { name: "tan", usage: "tan(x)", build: tan },
    Function { name: "sinh", usage: "sinh(x)", build: sinh },
    Function { name: "cosh", usage: "cosh(x)", build: cosh },
];

/// Takes the only argument.
fn only(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>) -> Result<Value> {
    let x = arguments.next(checker, "a value")?;
    checker.real(x)
}

fn binary(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    expr: &Expr,
    function: Scalar,
) -> Result<Value> {
    let left = arguments.next(checker, "a value")?;
    let right = arguments.next(checker, "a second value")?;
    let (a, b) = (checker.real(left), checker.real(right));
    let what = if function == Scalar::Maximum { "`maximum`" } else { "`minimum`" };
    let (a, b) = checker.fit((left, a?), (right, b?), expr.place, what)?;
    Ok(checker.graph().scalar(function, vec![a, b]))
}

fn maximum(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    binary(checker, arguments, expr, Scalar::Maximum)
}

fn minimum(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    binary(checker, arguments, expr, Scalar::Minimum)
}

fn clamp(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let x = arguments.next(checker, "a value")?;
    let low = arguments.next(checker, "the lower limit")?;
    let high = arguments.next(checker, "the upper limit")?;
    let x = checker.real(x);
    let (low, high) = (checker.literal(low, "low"), checker.literal(high, "high"));
    let (x, low, high) = (x?, low?, high?);
    if low > high {
        return checker
            .error(expr.place, format!("the lower limit {low} is above the upper, {high}"));
    }
    let graph = checker.graph();
    let (low, high) = (graph.number(low), graph.number(high));
    Ok(graph.scalar(Scalar::Clamp, vec![x, low, high]))
}

fn pow(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = arguments.next(checker, "a value")?;
    let p = arguments.next(checker, "the exponent, a number")?;
    let (x, p) = (checker.real(x), checker.literal(p, "p"));
    Ok(power(checker, x?, p?))
}

fn power(checker: &mut Checker<'_>, x: Value, p: f64) -> Value {
    let graph = checker.graph();
    match p {
        0.0 => {
            // 1 for every element, also for NaN
            let (one, ty) = (graph.number(1.0), graph.ty(x).clone());
            graph.expand(one, &ty)
        }
        1.0 => x,
        2.0 => graph.multiply(x, x),
        0.5 => graph.named("sqrt", x),
        p => graph.scalar(Scalar::Power(p.into()), vec![x]),
    }
}

fn square(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = only(checker, arguments)?;
    Ok(power(checker, x, 2.0))
}

fn rsqrt(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = only(checker, arguments)?;
    let graph = checker.graph();
    let (one, root) = (graph.number(1.0), graph.named("sqrt", x));
    Ok(graph.divide(one, root))
}

fn reciprocal(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = only(checker, arguments)?;
    let graph = checker.graph();
    let one = graph.number(1.0);
    Ok(graph.divide(one, x))
}

fn log2(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    scaled_log(checker, arguments, consts::LOG2_E)
}

fn log10(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    scaled_log(checker, arguments, consts::LOG10_E)
}

/// Computes the logarithm to another base: the natural one times `scale`.
fn scaled_log(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    scale: f64,
) -> Result<Value> {
    let x = only(checker, arguments)?;
    let graph = checker.graph();
    let log = graph.named("log", x);
    Ok(graph.times(log, scale))
}

fn tan(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = only(checker, arguments)?;
    let graph = checker.graph();
    let (sin, cos) = (graph.named("sin", x), graph.named("cos", x));
    Ok(graph.divide(sin, cos))
}

/// Computes (e^x - 1) / 2 - (e^-x - 1) / 2: exact near zero, where e^x and e^-x would cancel.
fn sinh(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = only(checker, arguments)?;
    let graph = checker.graph();
    let negative = graph.negate(x);
    let (up, down) = (graph.named("expm1", x), graph.named("expm1", negative));
    let twice = graph.difference(up, down);
    Ok(graph.times(twice, 0.5))
}

fn cosh(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = only(checker, arguments)?;
    let graph = checker.graph();
    let negative = graph.negate(x);
    let (up, down) = (graph.named("exp", x), graph.named("exp", negative));
    let twice = graph.sum(up, down);
    Ok(graph.times(twice, 0.5))
}
