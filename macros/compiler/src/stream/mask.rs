//! What stands where a pair is of the present and a future element.

use crate::ir::function::Function;

/// What stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// Zero, which adds nothing to a sum.
    Zero,
    /// Minus infinity, whose exponential is zero.
    MinusInfinity,
}

/// What a function leaves of the masks of its operands.
pub fn after(function: &Function, masks: &[Option<Mask>]) -> Option<Mask> {
    use Mask::{MinusInfinity, Zero};
    match (function, masks) {
        (Function::Expand | Function::Stop, [mask, ..]) => *mask,
        (Function::Add | Function::Subtract, [Some(MinusInfinity), _])
        | (Function::Add, [_, Some(MinusInfinity)]) => Some(MinusInfinity),
        (Function::Add | Function::Subtract, [Some(Zero), Some(Zero)]) => Some(Zero),
        (Function::Multiply, [Some(Zero), _] | [_, Some(Zero)]) => Some(Zero),
        (Function::Divide, [Some(Zero), _]) | (Function::Negate, [Some(Zero)]) => Some(Zero),
        _ => None,
    }
}
