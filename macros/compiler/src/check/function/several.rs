//! Functions that return several values, which a `let` binds: `let (a, b) = split(x, 2);`.

use crate::ast::ExprKind;
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::kernel::Slice;
use crate::program::Relation;
use crate::size::Size;

/// A function that returns several values.
pub struct Several {
    /// The name.
    pub name: &'static str,
    /// The call as written, with its options and their defaults.
    pub usage: &'static str,
    /// Checks the arguments and adds the operations to the graph.
    pub build: fn(&mut Checker<'_>, &mut Arguments<'_>) -> Result<Vec<Value>>,
}

pub const FUNCTIONS: &[Several] = &[
    Several { name: "split", usage: "split(x, 3, axis = 0)", build: split },
    Several { name: "chunk", usage: "chunk(x, 3, axis = 0)", build: split },
];

/// The maximum number of equal parts, more than a `let` would reasonably name.
const MOST_PARTS: i128 = 64;

/// Splits an axis into a number of equal parts, or into parts of the sizes in a list.
fn split(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>) -> Result<Vec<Value>> {
    let of = arguments.next(checker, "a value")?;
    let x = checker.real(of);
    let parts = arguments.next(checker, "the number of parts")?;
    let axis = arguments.either(checker, "axis", "dim");
    let x = x?;
    let shape = checker.graph().shape(x).to_vec();
    let axis = match axis {
        Some(axis) => checker.axis(axis, shape.len())?,
        None if shape.is_empty() => {
            return checker.error(of.place, format!("`{of}` is a single number: there is no axis"));
        }
        None => 0,
    };
    let whole = &shape[axis];
    let sizes = match &parts.kind {
        ExprKind::List(items) => checker.sizes(items)?,
        _ => {
            let count = checker.size(parts)?;
            let Some(n @ 1..=MOST_PARTS) = count.constant() else {
                return checker.error(
                    parts.place,
                    format!("the number of parts is a literal up to {MOST_PARTS}, not {count}"),
                );
            };
            let Some(each) = whole.over(&count) else { return Ok(Vec::new()) };
            (0..n).map(|_| each.clone()).collect()
        }
    };
    let sum = sizes.iter().fold(Size::default(), |sum, size| sum.plus(size));
    if sum.equals(whole) == Some(false) {
        let what = checker.describe(of, x);
        return checker.error(
            parts.place,
            format!("{what}, whose axis {axis} of {whole} is not split evenly by `{parts}`"),
        );
    }
    checker.require(parts.place, &sum, Relation::Equal, whole, || {
        format!("axis {axis} of `{of}`, which is {whole}, is not split evenly by `{parts}`")
    });
    let mut start = Size::default();
    let part = |len: Size| {
        let end = start.plus(&len);
        let slice = Slice { axis, start: std::mem::replace(&mut start, end), len };
        checker.graph().kernel(slice, vec![x])
    };
    Ok(sizes.into_iter().map(part).collect())
}
