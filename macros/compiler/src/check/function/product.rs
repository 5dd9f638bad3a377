//! Matrix products and permutations of axes.

use super::Function;
use crate::ast::{Expr, ExprKind};
use crate::check::arguments::Arguments;
use crate::check::described::is_none;
use crate::check::{Checker, Result};
use crate::ir::kernel::{Dense, Movement, contract, permute as permuted};
use crate::ir::{Graph, Type, Value};
use crate::program::Relation;
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[
    Function { name: "matmul", usage: "matmul(a, b)", build: matmul },
    Function { name: "linear", usage: "linear(x, weight, bias)", build: linear },
    Function { name: "transpose", usage: "transpose(x, -2, -1)", build: transpose },
    Function { name: "permute", usage: "permute(x, [1, 0, 2])", build: permute },
];

/// Computes the product of `NumPy`: a matrix product over the last two axes, with the others
/// broadcast. A vector on the left counts as a row and on the right as a column; the axis that this
/// adds is removed from the result.
fn matmul(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let (left, right) =
        (arguments.next(checker, "a value")?, arguments.next(checker, "a second value")?);
    let (a, b) = (checker.real(left), checker.real(right));
    checker.product((left, a?), (right, b?), expr)
}

/// Computes x Wᵀ + b along the last axis, as `PyTorch`'s function does: `weight` is `[out, in]`.
fn linear(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let of = arguments.next(checker, "a value")?;
    let matrix = arguments.next(checker, "a weight")?;
    let offset = arguments.optional().filter(|offset| !is_none(offset));
    let (x, weight) = (checker.real(of), checker.real(matrix));
    let bias = offset.map(|offset| checker.real(offset)).transpose();
    let (x, weight, bias) = (x?, weight?, bias?);
    let shape = checker.graph().shape(weight).to_vec();
    let [out, _] = &shape[..] else {
        let what = checker.describe(matrix, weight);
        return checker.error(matrix.place, format!("{what}, but a weight is [out, in]"));
    };
    let weight = permuted(checker.graph(), weight, &[1, 0]);
    let Some((offset, bias)) = offset.zip(bias) else {
        return checker.product((of, x), (matrix, weight), expr);
    };
    let given = checker.graph().ty(bias).clone();
    if given.shape.len() == 1 && given.shape[0] != *out {
        if given.shape[0].equals(out) == Some(false) {
            let what = checker.describe(offset, bias);
            return checker.error(offset.place, format!("{what}, but `{matrix}` has {out} rows"));
        }
        checker.require(offset.place, &given.shape[0], Relation::Equal, out, || {
            format!("`{offset}` is {given}, but `{matrix}` has {out} rows")
        });
    }
    let is_shared = is_matrix_of_all(checker.graph(), weight);
    let product = checker.product((of, x), (matrix, weight), expr)?;
    if is_shared && given.shape.len() == 1 && !given.batched {
        let bias = checker.graph().view(bias, vec![out.clone()]);
        return Ok(checker.graph().kernel(Dense, vec![x, weight, bias]));
    }
    let (a, b) = checker.fit((expr, product), (offset, bias), expr.place, "`linear`")?;
    Ok(checker.graph().sum(a, b))
}

impl Checker<'_> {
    /// Returns the product of two values as `matmul` defines it.
    fn product(
        &mut self,
        (left, a): (&Expr, Value),
        (right, b): (&Expr, Value),
        expr: &Expr,
    ) -> Result<Value> {
        let checker = self;
        let (from, to) = (checker.graph().ty(a).clone(), checker.graph().ty(b).clone());
        for (side, ty) in [(left, &from), (right, &to)] {
            if ty.shape.is_empty() {
                return checker
                    .error(side.place, format!("`{side}` is a single number: multiply with `*`"));
            }
        }
        let (depth_a, depth_b) = (from.shape.len() - 1, to.shape.len().saturating_sub(2));
        let (inner_a, inner_b) = (&from.shape[depth_a], &to.shape[depth_b]);
        if inner_a.equals(inner_b) == Some(false) {
            let (what, other) = (checker.describe(left, a), checker.describe(right, b));
            return checker.error(
            expr.place,
            format!("`matmul` sums over the last axis of the left and the last but one of the right, but {what} and {other}: {inner_a} is not {inner_b}"),
        );
        }
        checker.require(expr.place, inner_a, Relation::Equal, inner_b, || {
            format!("`matmul` of `{left}`, which is {from}, and `{right}`, which is {to}")
        });
        if is_matrix_of_all(checker.graph(), b) {
            // the right operand is a matrix that all rows and samples share
            return Ok(checker.graph().kernel(Dense, vec![a, b]));
        }
        // labels of axes: leading axes from first to last, then rows, columns and the summed axis
        let leading = |ty: &Type| ty.shape[..ty.shape.len().saturating_sub(2)].to_vec();
        let (before_a, before_b) = (leading(&from), leading(&to));
        let (rank, one) = (before_a.len().max(before_b.len()), Size::one());
        let (rows, columns, sums) = (rank, rank + 1, rank + 2);
        let mut shape = Vec::new();
        let mut labels = [Vec::new(), Vec::new(), Vec::new()];
        for axis in 0..rank {
            let own = |sizes: &[Size]| {
                (axis + sizes.len()).checked_sub(rank).map(|axis| sizes[axis].clone())
            };
            let (x, y) = (own(&before_a), own(&before_b));
            let (long_x, long_y) =
                (x.clone().filter(|x| *x != one), y.clone().filter(|y| *y != one));
            if let (Some(x), Some(y)) = (&long_x, &long_y) {
                if x.equals(y) == Some(false) {
                    let (what, other) = (checker.describe(left, a), checker.describe(right, b));
                    return checker.error(
                    expr.place,
                    format!("`matmul` broadcasts the axes before the last two, but {what} and {other}: {x} is not {y}"),
                );
                }
                checker.require(expr.place, x, Relation::Equal, y, || {
                    format!("`matmul` of `{left}`, which is {from}, and `{right}`, which is {to}")
                });
            }
            let label = |long: &Option<Size>| long.is_some().then_some(axis);
            x.iter().for_each(|_| labels[0].push(label(&long_x)));
            y.iter().for_each(|_| labels[1].push(label(&long_y)));
            let size = long_x.or(long_y);
            labels[2].push(label(&size));
            shape.push(size.unwrap_or_else(Size::one));
        }
        if from.shape.len() > 1 {
            labels[0].push(Some(rows));
            labels[2].push(Some(rows));
            shape.push(from.shape[depth_a - 1].clone());
        }
        labels[0].push(Some(sums));
        labels[1].push(Some(sums));
        if to.shape.len() > 1 {
            labels[1].push(Some(columns));
            labels[2].push(Some(columns));
            shape.push(to.last());
        }
        let ty = Type { shape, batched: from.batched || to.batched, ..from };
        let [of_a, of_b, of_c] = labels;
        Ok(contract(checker.graph(), (a, of_a), (b, of_b), (ty, of_c)))
    }
}

/// Returns true if the value is a matrix that all rows and samples share, in an order in which a
/// linear layer reads it.
fn is_matrix_of_all(graph: &Graph, value: Value) -> bool {
    let ty = graph.ty(value);
    let [inner, outer] = &ty.shape[..] else { return false };
    !ty.batched && !inner.is_dynamic() && !outer.is_dynamic() && !is_permuted(graph, value)
}

/// Returns true if a value is a permutation of another one's axes, which tensor contractions read
/// in place.
fn is_permuted(graph: &Graph, value: Value) -> bool {
    matches!(graph.movement(value), Some(Movement::Permute(_)))
}

fn transpose(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let of = arguments.next(checker, "a value")?;
    let x = checker.real(of)?;
    let rank = checker.graph().shape(x).len();
    let given = arguments.rest();
    let (first, second) = match given[..] {
        [] if rank > 1 => (rank - 2, rank - 1),
        [] => {
            let what = checker.describe(of, x);
            return checker.error(of.place, format!("{what}: there are no two axes to exchange"));
        }
        [first, second] => (checker.axis(first, rank)?, checker.axis(second, rank)?),
        [first, ..] => {
            return checker
                .error(first.place, "`transpose` exchanges two axes: `transpose(x, 0, 1)`");
        }
    };
    let mut axes: Vec<usize> = (0..rank).collect();
    axes.swap(first, second);
    Ok(permuted(checker.graph(), x, &axes))
}

fn permute(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let of = arguments.next(checker, "a value")?;
    let x = checker.real(of)?;
    let order = arguments.next(checker, "the order of the axes")?;
    let ExprKind::List(items) = &order.kind else {
        return checker.error(
            order.place,
            format!("expected the order of the axes, such as `[1, 0]`, found `{order}`"),
        );
    };
    let rank = checker.graph().shape(x).len();
    let axes: Vec<_> = items.iter().map(|item| checker.axis(item, rank)).collect();
    let axes = axes.into_iter().collect::<Result<Vec<_>>>()?;
    if axes.len() != rank || (0..rank).any(|axis| !axes.contains(&axis)) {
        let what = checker.describe(of, x);
        return checker
            .error(order.place, format!("{what}, so its order names each of {rank} axes once"));
    }
    Ok(permuted(checker.graph(), x, &axes))
}
