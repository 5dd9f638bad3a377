//! Functions that move elements: reshape and concat.

use super::Function;
use crate::ast::{Expr, ExprKind};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::display::ShapeText;
use crate::ir::kernel::Concat;
use crate::program::Relation;

pub const FUNCTIONS: &[Function] = &[
    Function { name: "reshape", usage: "reshape(x, [8, 8])", build: reshape },
    Function { name: "concat", usage: "concat(a, b, axis = 0)", build: concat },
];

fn reshape(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let x = arguments.next(checker, "a value")?;
    let value = checker.real(x)?;
    let shape = arguments.next(checker, "a shape")?;
    let ExprKind::List(sizes) = &shape.kind else {
        return checker
            .error(shape.place, format!("expected a shape such as `[8, 8]`, found `{shape}`"));
    };
    let sizes: Vec<_> = sizes.iter().map(|size| checker.size(size)).collect();
    let sizes = sizes.into_iter().collect::<Result<Vec<_>>>()?;
    checker.reshape(x, value, sizes, expr.place)
}

fn concat(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let axis = arguments.option("axis");
    let parts = arguments.rest();
    if parts.len() < 2 {
        return checker.error(expr.place, "`concat` takes two values or more: `concat(a, b)`");
    }
    let values: Vec<_> = parts.iter().map(|part| checker.real(part)).collect();
    let mut values = values.into_iter().collect::<Result<Vec<_>>>()?;
    let first = checker.graph().shape(values[0]).to_vec();
    let axis = match axis {
        Some(axis) => checker.axis(axis, first.len())?,
        None if first.is_empty() => {
            return checker.error(expr.place, "`concat` takes tensors, not single numbers");
        }
        None => 0,
    };
    for (part, value) in parts.iter().zip(&mut values).skip(1) {
        let shape = checker.graph().shape(*value).to_vec();
        let fits = shape.len() == first.len()
            && shape
                .iter()
                .zip(&first)
                .enumerate()
                .all(|(i, (a, b))| i == axis || a.equals(b) != Some(false));
        if !fits {
            let what = checker.describe(part, *value);
            let first = ShapeText(&first).to_string();
            return checker.error(
                part.place,
                format!("{what}, but the first part is {first}: only axis {axis} may differ"),
            );
        }
        let mut same = first.clone();
        same[axis] = shape[axis].clone();
        for (a, b) in shape.iter().zip(&same) {
            checker.require(part.place, a, Relation::Equal, b, || {
                format!(
                    "`{part}` is {}, but the first part of the concat is {}",
                    ShapeText(&shape),
                    ShapeText(&first)
                )
            });
        }
        *value = checker.graph().view(*value, same);
    }
    // parts that are the same for every sample are laid out for each
    if values.iter().any(|value| checker.program.graph.ty(*value).batched) {
        for value in &mut values {
            let mut ty = checker.graph().ty(*value).clone();
            ty.batched = true;
            *value = checker.graph().expand(*value, &ty);
        }
    }
    Ok(checker.graph().kernel(Concat { axis }, values))
}

impl Checker<'_> {
    /// An axis of a tensor of this rank; negative ones count from the end.
    pub(in crate::check) fn axis(&mut self, expr: &Expr, rank: usize) -> Result<usize> {
        let axis = self.literal(expr, "axis")?;
        #[allow(clippy::cast_precision_loss)]
        let (axis, ranks) = (if axis < 0.0 { axis + rank as f64 } else { axis }, rank as f64);
        if axis.fract() != 0.0 || !(0.0..ranks).contains(&axis) {
            return self
                .error(expr.place, format!("there is no axis {expr}: the tensor has {rank}"));
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Ok(axis as usize)
    }
}
