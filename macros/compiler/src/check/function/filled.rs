//! Tensors filled with one number.

use super::Function;
use crate::ast::{Expr, ExprKind};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::{Type, Value};

pub const FUNCTIONS: &[Function] = &[
    Function { name: "zeros", usage: "zeros([8])", build: zeros },
    Function { name: "ones", usage: "ones([8])", build: ones },
    Function { name: "full", usage: "full([8], 0.5)", build: full },
];

fn zeros(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    filled(checker, arguments, |_, _| Ok(0.0))
}

fn ones(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    filled(checker, arguments, |_, _| Ok(1.0))
}

fn full(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    filled(checker, arguments, |checker, arguments| {
        let number = arguments.next(checker, "the number")?;
        checker.literal(number, "value")
    })
}

fn filled(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    number: impl FnOnce(&mut Checker<'_>, &mut Arguments<'_>) -> Result<f64>,
) -> Result<Value> {
    let shape = arguments.next(checker, "a shape")?;
    let number = number(checker, arguments)?;
    let ExprKind::List(sizes) = &shape.kind else {
        return checker
            .error(shape.place, format!("expected a shape such as `[8]`, found `{shape}`"));
    };
    let sizes = checker.sizes(sizes)?;
    let graph = checker.graph();
    let number = graph.number(number);
    Ok(graph.expand(number, &Type::shared(sizes)))
}
