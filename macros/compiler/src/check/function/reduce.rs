//! Reductions along one axis, several or all.

use super::Function;
use crate::ast::{Expr, ExprKind};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::kernel::{LogSumExp, MinMax, Position, Side, Ties, sum_to};
use crate::ir::{Graph, Type, Value};
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[
    Function { name: "sum", usage: "sum(x, axis = .., keep = false)", build: sum },
    Function { name: "mean", usage: "mean(x, axis = .., keep = false)", build: mean },
    Function { name: "max", usage: "max(x, axis = .., keep = false)", build: max },
    Function { name: "min", usage: "min(x, axis = .., keep = false)", build: min },
    Function {
        name: "logsumexp",
        usage: "logsumexp(x, axis = .., keep = false)",
        build: logsumexp,
    },
    Function { name: "var", usage: "var(x, axis = .., keep = false, correction = 1)", build: var },
    Function { name: "std", usage: "std(x, axis = .., keep = false, correction = 1)", build: std },
    Function { name: "argmax", usage: "argmax(x, axis = .., keep = false)", build: argmax },
    Function { name: "argmin", usage: "argmin(x, axis = .., keep = false)", build: argmin },
];

/// A reduction of a value over some axes.
pub(super) struct Reduction {
    pub(super) x: Value,
    /// The reduced axes, in ascending order.
    pub(super) axes: Vec<usize>,
    /// `true` if the reduced axes stay, with size 1.
    pub(super) keep: bool,
}

impl Reduction {
    pub(super) fn new(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>) -> Result<Self> {
        let of = arguments.next(checker, "a value")?;
        let x = checker.real(of);
        let axis = arguments.either(checker, "axis", "dim");
        let keep = arguments.flag(checker, "keep", false);
        let keep = arguments.flag(checker, "keepdim", keep);
        let x = x?;
        let rank = checker.graph().shape(x).len();
        let axes = match axis {
            None => (0..rank).collect(),
            Some(axis) => axes(checker, axis, rank)?,
        };
        Ok(Self { x, axes, keep })
    }

    /// Returns the type of the result with the reduced axes of size 1.
    fn kept(&self, graph: &Graph) -> Type {
        let mut ty = graph.ty(self.x).clone();
        for axis in &self.axes {
            ty.shape[*axis] = Size::one();
        }
        ty
    }

    /// Returns the number of elements that are reduced to one.
    fn count(&self, graph: &Graph) -> Size {
        Size::product(self.axes.iter().map(|axis| &graph.shape(self.x)[*axis]))
    }

    /// Removes the reduced axes of a result, unless `keep` is set.
    pub(super) fn finish(&self, graph: &mut Graph, result: Value) -> Value {
        if self.keep {
            return result;
        }
        let sizes = graph.shape(result).iter().enumerate();
        let shape = sizes.filter(|(axis, _)| !self.axes.contains(axis)).map(|(_, s)| s.clone());
        let shape = shape.collect();
        graph.view(result, shape)
    }

    /// Returns the sums of `x`, with the reduced axes of size 1.
    pub(super) fn sum(&self, graph: &mut Graph, x: Value) -> Value {
        let to = self.kept(graph);
        sum_to(graph, x, &to)
    }

    /// Applies a kernel along one axis for each run of adjacent axes, from the last run to the
    /// first: a run is viewed as one axis. `value` has the shape of `self.x`.
    pub(super) fn along(
        &self,
        graph: &mut Graph,
        mut value: Value,
        kernel: impl Fn(&mut Graph, Value, usize) -> Value,
    ) -> Value {
        let mut axes = &self.axes[..];
        while let Some(&last) = axes.last() {
            let mut first = last;
            while axes.len() > 1 && axes[axes.len() - 2] + 1 == first {
                axes = &axes[..axes.len() - 1];
                first -= 1;
            }
            axes = &axes[..axes.len() - 1];
            let shape = graph.shape(value).to_vec();
            let mut joined = shape[..first].to_vec();
            joined.push(Size::product(&shape[first..=last]));
            joined.extend_from_slice(&shape[last + 1..]);
            let view = graph.view(value, joined);
            let reduced = kernel(graph, view, first);
            let mut kept = shape;
            kept[first..=last].fill(Size::one());
            value = graph.view(reduced, kept);
        }
        value
    }

    /// Returns the number of reduced elements minus `correction`, as a value.
    fn corrected_count(&self, graph: &mut Graph, correction: f64) -> Value {
        let count = self.count(graph);
        let (count, correction) = (graph.count(&count), graph.number(correction));
        graph.difference(count, correction)
    }

    /// Returns the sum of `x` over (n - `correction`), where n is the number of reduced elements.
    /// `x` has the shape of `self.x`.
    fn mean(&self, graph: &mut Graph, x: Value, correction: f64) -> Value {
        let sum = self.sum(graph, x);
        let (count, one) = (self.corrected_count(graph, correction), graph.number(1.0));
        let share = graph.divide(one, count);
        graph.multiply(sum, share)
    }
}

/// Returns one or several axes of a value of this rank, in ascending order.
pub(super) fn axes(checker: &mut Checker<'_>, axis: &Expr, rank: usize) -> Result<Vec<usize>> {
    let ExprKind::List(items) = &axis.kind else { return Ok(vec![checker.axis(axis, rank)?]) };
    let axes: Vec<_> = items.iter().map(|item| checker.axis(item, rank)).collect();
    let mut axes = axes.into_iter().collect::<Result<Vec<_>>>()?;
    axes.sort_unstable();
    if axes.is_empty() || axes.windows(2).any(|pair| pair[0] == pair[1]) {
        return checker.error(axis.place, "expected one axis or more, each of them once");
    }
    Ok(axes)
}

fn sum(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let reduction = Reduction::new(checker, arguments)?;
    let graph = checker.graph();
    let sum = reduction.sum(graph, reduction.x);
    Ok(reduction.finish(graph, sum))
}

fn mean(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let reduction = Reduction::new(checker, arguments)?;
    let graph = checker.graph();
    let mean = reduction.mean(graph, reduction.x, 0.0);
    Ok(reduction.finish(graph, mean))
}

/// Returns the reduction, the differences from the mean, and the option `correction`.
fn distances(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
) -> Result<(Reduction, Value, f64)> {
    let correction = arguments.number(checker, "correction", 1.0);
    let reduction = Reduction::new(checker, arguments)?;
    let graph = checker.graph();
    let mean = reduction.mean(graph, reduction.x, 0.0);
    let distance = graph.difference(reduction.x, mean);
    Ok((reduction, distance, correction))
}

/// Computes the sum of squared differences from the mean, over n - `correction`.
fn var(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let (reduction, distance, correction) = distances(checker, arguments)?;
    let graph = checker.graph();
    let square = graph.multiply(distance, distance);
    let variance = reduction.mean(graph, square, correction);
    Ok(reduction.finish(graph, variance))
}

/// Computes the norm of the differences from the mean, over the root of n - `correction`.
fn std(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let (reduction, distance, correction) = distances(checker, arguments)?;
    let graph = checker.graph();
    let norm = reduction.norm(graph, distance, 2.0);
    let (count, one) = (reduction.corrected_count(graph, correction), graph.number(1.0));
    let root = graph.named("sqrt", count);
    let share = graph.divide(one, root);
    let deviation = graph.multiply(norm, share);
    Ok(reduction.finish(graph, deviation))
}

fn logsumexp(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let reduction = Reduction::new(checker, arguments)?;
    let graph = checker.graph();
    let kernel = |graph: &mut Graph, x, axis| graph.kernel(LogSumExp { axis }, vec![x]);
    let result = reduction.along(graph, reduction.x, kernel);
    Ok(reduction.finish(graph, result))
}

fn extreme(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, side: Side) -> Result<Value> {
    let reduction = Reduction::new(checker, arguments)?;
    if let [second, ..] = arguments.rest()[..] {
        let (name, other) = match side {
            Side::Max => ("max", "maximum"),
            Side::Min => ("min", "minimum"),
        };
        return checker.error(
            second.place,
            format!("`{name}` is of one value, along `axis = ..`; of two values there is `{other}(a, b)`"),
        );
    }
    let graph = checker.graph();
    let kernel = |graph: &mut Graph, x, axis| {
        graph.kernel(MinMax { side, axis, ties: Ties::First }, vec![x])
    };
    let result = reduction.along(graph, reduction.x, kernel);
    Ok(reduction.finish(graph, result))
}

fn max(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    extreme(checker, arguments, Side::Max)
}

fn min(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    extreme(checker, arguments, Side::Min)
}

fn position(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    expr: &Expr,
    side: Side,
) -> Result<Value> {
    let reduction = Reduction::new(checker, arguments)?;
    let (axes, rank) = (&reduction.axes, checker.graph().shape(reduction.x).len());
    if axes.is_empty() {
        return checker.error(expr.place, "a single number has no axis to find a position along");
    }
    if axes.len() > 1 && axes.len() < rank {
        return checker.error(expr.place, "a position is along one axis, or among all elements");
    }
    let graph = checker.graph();
    let kernel = |graph: &mut Graph, x, axis| graph.kernel(Position { side, axis }, vec![x]);
    let result = reduction.along(graph, reduction.x, kernel);
    Ok(reduction.finish(graph, result))
}

fn argmax(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    position(checker, arguments, expr, Side::Max)
}

fn argmin(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    position(checker, arguments, expr, Side::Min)
}

impl Checker<'_> {
    /// Returns the sum of all elements of each sample.
    pub(in crate::check) fn sum_of_sample(&mut self, x: Value) -> Value {
        let graph = self.graph();
        if graph.shape(x).is_empty() {
            return x;
        }
        let ty = graph.ty(x).clone();
        let one = Type { shape: vec![Size::one(); ty.shape.len()], ..ty };
        let sum = sum_to(graph, x, &one);
        graph.view(sum, Vec::new())
    }

    /// Returns the mean of all elements of each sample.
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
