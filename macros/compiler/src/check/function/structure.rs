//! Functions that join and reshape values.

use super::Function;
use crate::ast::{Expr, ExprKind};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::display::ShapeText;
use crate::ir::kernel::Concat;
use crate::program::Relation;
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[
    Function { name: "reshape", usage: "reshape(x, [8, 8])", build: reshape },
    Function { name: "concat", usage: "concat(a, b, axis = 0)", build: concat },
    Function { name: "stack", usage: "stack(a, b, axis = 0)", build: stack },
];

fn reshape(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let x = arguments.next(checker, "a value")?;
    let value = checker.real(x)?;
    let shape = arguments.next(checker, "a shape")?;
    let ExprKind::List(sizes) = &shape.kind else {
        return checker
            .error(shape.place, format!("expected a shape such as `[8, 8]`, found `{shape}`"));
    };
    if let Some(place) = sizes.iter().find(|size| is_minus_one(size)).map(|size| size.place) {
        let others = sizes.iter().filter(|size| !is_minus_one(size));
        let others = others.map(|size| checker.size(size)).collect::<Result<Vec<_>>>()?;
        let whole = checker.graph().ty(value).len();
        let rest = whole.over(&Size::product(&others)).unwrap_or(whole);
        return checker
            .error(place, format!("every size of a shape is written out: `{rest}`, not `-1`"));
    }
    let sizes = checker.sizes(sizes)?;
    checker.reshape(x, value, sizes, expr.place)
}

/// Returns true for the `-1` by which other libraries leave a size out.
fn is_minus_one(size: &Expr) -> bool {
    matches!(&size.kind, ExprKind::Negate(inner) if matches!(inner.kind, ExprKind::Number(1.0)))
}

fn concat(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let axis = arguments.either(checker, "axis", "dim");
    let (parts, mut values) = parts(checker, arguments, expr, "concat")?;
    let first = checker.graph().shape(values[0]).to_vec();
    let axis = match axis {
        Some(axis) => checker.axis(axis, first.len())?,
        None if first.is_empty() => {
            return checker.error(
                expr.place,
                "`concat` takes tensors, not single numbers: `stack` makes one of numbers",
            );
        }
        None => 0,
    };
    for (part, value) in parts.iter().zip(&mut values).skip(1) {
        *value = checker.fit_part(part, *value, &first, Some(axis))?;
    }
    Ok(checker.join(values, axis))
}

/// Joins values of equal shape along a new axis.
fn stack(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let axis = arguments.either(checker, "axis", "dim");
    let (parts, mut values) = parts(checker, arguments, expr, "stack")?;
    let first = checker.graph().shape(values[0]).to_vec();
    let axis = axis.map_or(Ok(0), |axis| checker.axis(axis, first.len() + 1))?;
    for (part, value) in parts.iter().zip(&mut values).skip(1) {
        *value = checker.fit_part(part, *value, &first, None)?;
    }
    let mut shape = first;
    shape.insert(axis, Size::one());
    for value in &mut values {
        *value = checker.graph().view(*value, shape.clone());
    }
    Ok(checker.join(values, axis))
}

/// Takes two values or more.
fn parts<'a>(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'a>,
    expr: &Expr,
    name: &str,
) -> Result<(Vec<&'a Expr>, Vec<Value>)> {
    let parts = arguments.rest();
    if parts.len() < 2 {
        return checker
            .error(expr.place, format!("`{name}` takes two values or more: `{name}(a, b)`"));
    }
    let values: Vec<_> = parts.iter().map(|part| checker.real(part)).collect();
    Ok((parts, values.into_iter().collect::<Result<Vec<_>>>()?))
}

impl Checker<'_> {
    /// Checks that a part has the shape of the first one, except along the axis `free`. Returns it
    /// as a view with sizes that are equal to the first one's.
    fn fit_part(
        &mut self,
        part: &Expr,
        value: Value,
        first: &[Size],
        free: Option<usize>,
    ) -> Result<Value> {
        let shape = self.graph().shape(value).to_vec();
        let fits = shape.len() == first.len()
            && shape
                .iter()
                .zip(first)
                .enumerate()
                .all(|(i, (a, b))| Some(i) == free || a.equals(b) != Some(false));
        if !fits {
            let (what, first) = (self.describe(part, value), ShapeText(first).to_string());
            let only = free.map_or_else(
                || "all have one shape".to_owned(),
                |axis| format!("only axis {axis} may differ"),
            );
            return self
                .error(part.place, format!("{what}, but the first part is {first}: {only}"));
        }
        let mut same = first.to_vec();
        if let Some(axis) = free {
            same[axis].clone_from(&shape[axis]);
        }
        for (a, b) in shape.iter().zip(&same) {
            self.require(part.place, a, Relation::Equal, b, || {
                format!(
                    "`{part}` is {}, but the first part is {}",
                    ShapeText(&shape),
                    ShapeText(first)
                )
            });
        }
        Ok(self.graph().view(value, same))
    }

    /// Concatenates values. If one differs between samples, the shared ones are expanded to every
    /// sample.
    fn join(&mut self, mut values: Vec<Value>, axis: usize) -> Value {
        if values.iter().any(|value| self.program.graph.ty(*value).batched) {
            for value in &mut values {
                let mut ty = self.graph().ty(*value).clone();
                ty.batched = true;
                *value = self.graph().expand(*value, &ty);
            }
        }
        self.graph().kernel(Concat { axis }, values)
    }
}
