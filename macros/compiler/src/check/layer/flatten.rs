//! `Flatten`: views all axes of a sample as one.

use super::{Apply, Input, Kind, Layer};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::Value;

pub const FLATTEN: Kind =
    Kind { name: "Flatten", usage: "Flatten()", prefix: "flatten", apply: Apply::Built(flatten) };

fn flatten(
    checker: &mut Checker<'_>,
    _: &mut Layer,
    arguments: Arguments<'_>,
    input: Input<'_>,
) -> Result<Value> {
    let _ = arguments.finish(checker);
    let len = checker.graph().ty(input.value).len();
    Ok(checker.graph().view(input.value, vec![len]))
}
