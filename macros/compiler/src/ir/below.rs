//! Upper bounds of computed whole numbers such as positions, so that these can be used as row
//! indices.

use super::function::Function;
use super::{Graph, Leaf, Op, Type, Value};
use crate::size::Size;

impl Graph {
    /// Returns an exclusive upper bound of all elements of a value, if they are whole numbers from
    /// 0 on for any input of the network.
    #[must_use]
    pub fn below(&self, value: Value) -> Option<Size> {
        let node = &self[value];
        let below = |index: usize| self.below(node.operands[index]);
        match &node.op {
            Op::Leaf(Leaf::Number(x)) => above(x.0),
            Op::View | Op::Window(_) | Op::Collect(_) => below(0),
            Op::Scalar(Function::Expand | Function::Stop) => below(0),
            Op::Scalar(Function::Select) => common(&[below(1), below(2)]),
            Op::Scalar(Function::Add) => Some(below(0)?.plus(&below(1)?).minus(&Size::one())),
            Op::Scalar(Function::Multiply) => {
                let [a, b] = [below(0)?, below(1)?].map(|below| below.minus(&Size::one()));
                Some(a.times(&b).plus(&Size::one()))
            }
            Op::Kernel(kernel) => {
                let types: Vec<&Type> = node.operands.iter().map(|v| self.ty(*v)).collect();
                let all: Vec<_> = node.operands.iter().map(|v| self.below(*v)).collect();
                kernel.below(&types, &all)
            }
            _ => None,
        }
    }
}

/// Returns `x + 1` if `x` is a whole number that is not negative.
pub(super) fn above(x: f64) -> Option<Size> {
    let fits = x.fract() == 0.0 && (0.0..=9e15).contains(&x);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fits.then(|| Size::from(x as u64 + 1))
}

/// Returns the largest of several exclusive upper bounds, or `None` if one is unknown or none is
/// certainly the largest.
pub(super) fn common(below: &[Option<Size>]) -> Option<Size> {
    let all: Option<Vec<&Size>> = below.iter().map(Option::as_ref).collect();
    let all = all?;
    let is_most = |most: &&&Size| all.iter().all(|size| size == *most || size.is_at_most(most));
    all.iter().find(is_most).map(|most| (*most).clone())
}
