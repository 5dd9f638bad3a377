//! Functions of the whole batch.

use super::Function;
use crate::ast::Expr;
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::kernel::batch_mean;
use crate::ir::{Leaf, Type, Value};
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[
    Function { name: "batch_mean", usage: "batch_mean(x, least = 1)", build: mean },
    Function { name: "each_sample", usage: "each_sample(x)", build: each_sample },
    Function { name: "batch_size", usage: "batch_size()", build: size },
];

/// Computes the mean over the samples of the batch, which is the same for all of them.
fn mean(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = arguments.next(checker, "a value")?;
    let least = match arguments.option("least") {
        Some(least) => checker.size(least),
        None => Ok(Size::one()),
    };
    let x = checker.real(x)?;
    Ok(batch_mean(checker.graph(), x, least?))
}

/// Returns the number of samples in the batch.
fn size(checker: &mut Checker<'_>, _: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    Ok(checker.graph().leaf(Leaf::Samples, Type::shared(Vec::new())))
}

/// Gives every sample a value of its own, where there is one for all of them.
fn each_sample(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    _: &Expr,
) -> Result<Value> {
    let x = arguments.next(checker, "a value")?;
    let x = checker.real(x)?;
    let graph = checker.graph();
    let ty = Type { batched: true, ..graph.ty(x).clone() };
    Ok(graph.expand(x, &ty))
}
