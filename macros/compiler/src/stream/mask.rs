//! Masks: the value of the whole pass at pairs of the current and a later element, which a step
//! does not compute.

use crate::ir::function::Function;

/// The value at such pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// Zero, which adds nothing to a sum.
    Zero,
    /// Minus infinity, whose exponential is zero.
    MinusInfinity,
}

/// Returns the mask of a function's result, given those of its operands.
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
