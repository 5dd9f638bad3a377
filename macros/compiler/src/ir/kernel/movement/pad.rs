//! Padding of an axis with a number.

use super::{ConcatLayout, Movement, Slice};
use crate::ir::float::Float;
use crate::ir::kernel::{Call, Derivative, Kernel};
use crate::ir::layout::Layout;
use crate::ir::step::{AxisMode, Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;

/// The operand with `before` and `after` more indices of an axis, all of them `value`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pad {
    /// The axis, not counting the batch axis.
    pub axis: usize,
    /// Number of indices before the first.
    pub before: Size,
    /// Number of indices after the last.
    pub after: Size,
    /// The value of the padding.
    pub value: Float,
}

impl Pad {
    /// Returns the position of the operand within the padding.
    fn around(&self) -> ConcatLayout {
        ConcatLayout { axis: self.axis, starts: vec![self.before.clone()], fill: self.value }
    }
}

impl Kernel for Pad {
    fn result(&self, operands: &[&Type]) -> Type {
        let mut ty = operands[0].clone();
        ty.shape[self.axis] = self.before.plus(&ty.shape[self.axis]).plus(&self.after);
        ty
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let len = at.graph.shape(at.operands[0])[self.axis].clone();
        let slice = Slice { axis: self.axis, start: self.before.clone(), len };
        vec![Some(at.graph.kernel(slice, vec![at.gradient]))]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        if step.modes()[self.axis] != AxisMode::Fixed {
            return match step.modes()[self.axis] {
                AxisMode::Wanted => step.last_of_current(),
                _ => step.shifted_result(self.axis),
            };
        }
        let x = step.alike()?.value;
        Ok(step.kernel(self.clone(), vec![x]))
    }

    fn movement(&self, _: &[&Type]) -> Option<Movement<'_>> {
        Some(Movement::Place(self.around()))
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        self.around().call(call)
    }
}
