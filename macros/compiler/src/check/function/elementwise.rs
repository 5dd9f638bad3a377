//! Functions of every element with more than a plain argument.

use super::Function;
use crate::ast::Expr;
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::function::Function as Scalar;

pub const FUNCTIONS: &[Function] = &[
    Function { name: "maximum", usage: "maximum(a, b)", build: maximum },
    Function { name: "minimum", usage: "minimum(a, b)", build: minimum },
    Function { name: "clamp", usage: "clamp(x, low, high)", build: clamp },
    Function { name: "pow", usage: "pow(x, p)", build: pow },
    Function { name: "square", usage: "square(x)", build: square },
    Function { name: "rsqrt", usage: "rsqrt(x)", build: rsqrt },
];

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
    let x = checker.real(x)?;
    let low_expr = arguments.next(checker, "the lower limit")?;
    let low = checker.literal(low_expr, "low")?;
    let high = arguments.next(checker, "the upper limit")?;
    let high = checker.literal(high, "high")?;
    if low > high {
        return checker
            .error(expr.place, format!("the lower limit {low} is above the upper, {high}"));
    }
    let graph = checker.graph();
    let (low, high) = (graph.number(low), graph.number(high));
    let floored = graph.scalar(Scalar::Maximum, vec![x, low]);
    Ok(graph.scalar(Scalar::Minimum, vec![floored, high]))
}

fn pow(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = arguments.next(checker, "a value")?;
    let x = checker.real(x)?;
    let p = arguments.next(checker, "the exponent, a number")?;
    let p = checker.literal(p, "p")?;
    Ok(power(checker, x, p))
}

fn power(checker: &mut Checker<'_>, x: Value, p: f64) -> Value {
    let graph = checker.graph();
    match p {
        0.0 => graph.number(1.0),
        1.0 => x,
        2.0 => graph.multiply(x, x),
        0.5 => graph.named("sqrt", x),
        p => graph.scalar(Scalar::Power(p), vec![x]),
    }
}

fn square(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = arguments.next(checker, "a value")?;
    let x = checker.real(x)?;
    Ok(power(checker, x, 2.0))
}

fn rsqrt(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = arguments.next(checker, "a value")?;
    let x = checker.real(x)?;
    let graph = checker.graph();
    let (one, root) = (graph.number(1.0), graph.named("sqrt", x));
    Ok(graph.divide(one, root))
}
