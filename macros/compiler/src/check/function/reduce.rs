//! Functions along axes: sums, means, softmax.

use super::Function;
use crate::ast::Expr;
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::kernel::{LogSoftmax, Softmax, Sum};

pub const FUNCTIONS: &[Function] = &[
    Function { name: "sum", usage: "sum(x)", build: sum },
    Function { name: "mean", usage: "mean(x)", build: mean },
    Function { name: "softmax", usage: "softmax(x)", build: softmax },
    Function { name: "log_softmax", usage: "log_softmax(x)", build: log_softmax },
];

fn sum(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = arguments.next(checker, "a value")?;
    let x = checker.real(x)?;
    Ok(checker.sum_of_sample(x))
}

fn mean(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = arguments.next(checker, "a value")?;
    let x = checker.real(x)?;
    Ok(checker.mean_of_sample(x))
}

impl Checker<'_> {
    /// The sum of all elements of each sample.
    pub(in crate::check) fn sum_of_sample(&mut self, x: Value) -> Value {
        let graph = self.graph();
        if graph.shape(x).is_empty() {
            return x;
        }
        let sum = graph.kernel(Sum::all(graph.ty(x)), vec![x]);
        graph.view(sum, Vec::new())
    }

    /// The mean of all elements of each sample.
    pub(in crate::check) fn mean_of_sample(&mut self, x: Value) -> Value {
        let len = self.graph().ty(x).len();
        let sum = self.sum_of_sample(x);
        let graph = self.graph();
        let len = graph.count(&len);
        let one = graph.number(1.0);
        let share = graph.divide(one, len);
        graph.multiply(sum, share)
    }
}

fn softmax(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = along_last_axis(checker, arguments)?;
    Ok(checker.graph().kernel(Softmax, vec![x]))
}

fn log_softmax(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    _: &Expr,
) -> Result<Value> {
    let x = along_last_axis(checker, arguments)?;
    Ok(checker.graph().kernel(LogSoftmax, vec![x]))
}

fn along_last_axis(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>) -> Result<Value> {
    let expr = arguments.next(checker, "a value")?;
    let x = checker.real(expr)?;
    if checker.graph().shape(x).is_empty() {
        return checker.error(expr.place, format!("`{expr}` is a single number: there is no axis"));
    }
    Ok(x)
}
