//! Vector norms, and values divided by them.

use super::Function;
use super::reduce::{Reduction, axes};
use crate::ast::{Expr, ExprKind};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::function::Function as Scalar;
use crate::ir::kernel::{MinMax, Norm, Side, Ties};
use crate::ir::{Graph, Type, Value};
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[
    Function { name: "norm", usage: "norm(x, axis = .., p = 2, keep = false)", build: norm },
    Function {
        name: "normalize",
        usage: "normalize(x, axis = -1, p = 2, eps = 1e-12)",
        build: normalize,
    },
    Function {
        name: "cosine_similarity",
        usage: "cosine_similarity(a, b, axis = -1, eps = 1e-8)",
        build: cosine_similarity,
    },
];

fn norm(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let p = exponent(checker, arguments);
    let reduction = Reduction::new(checker, arguments)?;
    let graph = checker.graph();
    let norm = reduction.norm(graph, reduction.x, p);
    Ok(reduction.finish(graph, norm))
}

/// Divides x by its norm, or by eps if that is larger.
fn normalize(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    expr: &Expr,
) -> Result<Value> {
    let (p, eps) = (exponent(checker, arguments), epsilon(checker, arguments, 1e-12));
    let axis = arguments.either(checker, "axis", "dim");
    let of = arguments.next(checker, "a value")?;
    let x = checker.real(of)?;
    let rank = checker.graph().shape(x).len();
    let axes = last_or(checker, axis, rank, expr)?;
    let graph = checker.graph();
    let norm = Reduction { x, axes, keep: true }.norm(graph, x, p);
    let [one, eps, infinity] = [1.0, eps, f64::INFINITY].map(|x| graph.number(x));
    let norm = graph.scalar(Scalar::Clamp, vec![norm, eps, infinity]);
    let inverse = graph.divide(one, norm);
    Ok(graph.multiply(x, inverse))
}

/// Computes the sum of products of two values, each divided by its norm, or by eps if that is
/// larger. The gradient still passes through the norm where eps is used, as in `PyTorch`.
fn cosine_similarity(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    expr: &Expr,
) -> Result<Value> {
    let eps = epsilon(checker, arguments, 1e-8);
    let axis = arguments.either(checker, "axis", "dim");
    let left = arguments.next(checker, "a value")?;
    let right = arguments.next(checker, "a second value")?;
    let (a, b) = (checker.real(left), checker.real(right));
    let (a, b) = checker.fit((left, a?), (right, b?), expr.place, "`cosine_similarity`")?;
    let graph = checker.graph();
    let ty = graph.ty(a).broadcast(graph.ty(b)).expect("values that fit");
    let axes = last_or(checker, axis, ty.shape.len(), expr)?;
    let graph = checker.graph();
    let [one, eps] = [1.0, eps].map(|x| graph.number(x));
    let units = [a, b].map(|x| {
        let x = repeated_along(graph, x, &ty, &axes);
        let norm = Reduction { x, axes: axes.clone(), keep: true }.norm(graph, x, 2.0);
        let missing = graph.difference(eps, norm);
        let missing = graph.scalar(Scalar::Stop, vec![missing]);
        let at_least = graph.sum(norm, missing);
        let is_below = graph.scalar(Scalar::Above, vec![eps, norm]);
        let norm = graph.select(is_below, at_least, norm);
        let inverse = graph.divide(one, norm);
        graph.multiply(x, inverse)
    });
    let x = graph.multiply(units[0], units[1]);
    let reduction = Reduction { x, axes, keep: false };
    let sum = reduction.sum(graph, x);
    Ok(reduction.finish(graph, sum))
}

/// Returns `x` with the rank of `ty`, to which it broadcasts, and with the sizes of `ty` along
/// `axes`.
fn repeated_along(graph: &mut Graph, x: Value, ty: &Type, axes: &[usize]) -> Value {
    let own = graph.ty(x).clone();
    let mut shape = vec![Size::one(); ty.shape.len() - own.shape.len()];
    shape.extend(own.shape.iter().cloned());
    let x = graph.view(x, shape.clone());
    for axis in axes {
        shape[*axis] = ty.shape[*axis].clone();
    }
    graph.expand(x, &Type { shape, ..own })
}

/// Returns the axes that are given, or the last one.
fn last_or(
    checker: &mut Checker<'_>,
    axis: Option<&Expr>,
    rank: usize,
    expr: &Expr,
) -> Result<Vec<usize>> {
    match axis {
        _ if rank == 0 => {
            checker.error(expr.place, format!("`{expr}` is of single numbers: there is no axis"))
        }
        Some(axis) => axes(checker, axis, rank),
        None => Ok(vec![rank - 1]),
    }
}

/// Takes the option `p`: a number above 0, or `inf`.
fn exponent(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>) -> f64 {
    let Some(expr) = arguments.option("p") else { return 2.0 };
    match &expr.kind {
        ExprKind::Path(path) if path.is_ident("inf") => f64::INFINITY,
        ExprKind::Number(p) if *p > 0.0 => *p,
        _ => {
            let what = format!("`p` is a number above 0 or `inf`, not `{expr}`");
            checker.report.error(expr.place, what);
            2.0
        }
    }
}

/// Takes the option `eps`, a number above 0.
fn epsilon(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, default: f64) -> f64 {
    let fault = |eps| (eps <= 0.0).then(|| format!("`eps` is a number above 0, not {eps}"));
    arguments.number_that(checker, "eps", default, fault)
}

impl Reduction {
    /// Returns the norms of `x`, which has the shape of `self.x`. The reduced axes keep size 1.
    pub(super) fn norm(&self, graph: &mut Graph, x: Value, p: f64) -> Value {
        if self.axes.is_empty() {
            return graph.named("abs", x);
        }
        if p == 2.0 {
            return self.along(graph, x, |graph, x, axis| graph.kernel(Norm { axis }, vec![x]));
        }
        let sizes = graph.named("abs", x);
        if p == 1.0 {
            return self.sum(graph, sizes);
        }
        let ties = if p == f64::INFINITY { Ties::Even } else { Ties::First };
        let largest = |graph: &mut Graph, x, axis| {
            graph.kernel(MinMax { side: Side::Max, axis, ties }, vec![x])
        };
        let largest = self.along(graph, sizes, largest);
        match p {
            f64::INFINITY => largest,
            p => self.root_of_powers(graph, sizes, largest, p),
        }
    }

    /// Computes the root of the sum of powers. Elements are divided by the largest first, so that
    /// the powers stay in range.
    fn root_of_powers(&self, graph: &mut Graph, sizes: Value, largest: Value, p: f64) -> Value {
        let [zero, one, infinity] = [0.0, 1.0, f64::INFINITY].map(|x| graph.number(x));
        let positive = graph.scalar(Scalar::Above, vec![largest, zero]);
        let finite = graph.scalar(Scalar::Above, vec![infinity, largest]);
        let is_unit = graph.multiply(positive, finite);
        let unit = graph.select(is_unit, largest, one);
        // no gradient through the unit: the result does not depend on it
        let unit = graph.scalar(Scalar::Stop, vec![unit]);
        let parts = graph.divide(sizes, unit);
        let powers = graph.scalar(Scalar::Power(p.into()), vec![parts]);
        let sum = self.sum(graph, powers);
        let root = graph.scalar(Scalar::Power((1.0 / p).into()), vec![sum]);
        graph.multiply(root, unit)
    }
}
