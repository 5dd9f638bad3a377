//! Concatenation of tensors along an axis.

use super::{ConcatLayout, Movement, Slice};
use crate::ir::below::common;
use crate::ir::kernel::{Call, Derivative, Kernel};
use crate::ir::layout::Layout;
use crate::ir::step::{AxisMode, Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;

/// The operands, concatenated along `axis`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Concat {
    /// The axis, not counting the batch axis.
    pub axis: usize,
}

impl Kernel for Concat {
    fn result(&self, operands: &[&Type]) -> Type {
        let mut ty = operands[0].clone();
        ty.shape[self.axis] = operands
            .iter()
            .fold(Size::default(), |sum, operand| sum.plus(&operand.shape[self.axis]));
        ty.batched = operands.iter().any(|operand| operand.batched);
        ty
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let types: Vec<&Type> = at.operands.iter().map(|operand| at.graph.ty(*operand)).collect();
        let starts = ConcatLayout::one_after_another(self.axis, &types).starts;
        let lens: Vec<Size> = types.iter().map(|ty| ty.shape[self.axis].clone()).collect();
        let slices = starts.into_iter().zip(lens).zip(at.wanted).map(|((start, len), wanted)| {
            let slice = Slice { axis: self.axis, start, len };
            wanted.then(|| at.graph.kernel(slice, vec![at.gradient]))
        });
        slices.collect()
    }

    fn below(&self, _: &[&Type], below: &[Option<Size>]) -> Option<Size> {
        common(below)
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn movement(&self, operands: &[&Type]) -> Option<Movement<'_>> {
        Some(Movement::Place(ConcatLayout::one_after_another(self.axis, operands)))
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let mut operands = Vec::new();
        if step.modes()[self.axis] != AxisMode::Fixed {
            return match step.modes()[self.axis] {
                AxisMode::Wanted => step.last_of_current(),
                _ => step.shifted_result(self.axis),
            };
        }
        let modes = step.modes().to_vec();
        for index in 0..step.operands() {
            operands.push(step.operand(index, &modes)?.value);
        }
        Ok(step.kernel(Self { axis: self.axis }, operands))
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        ConcatLayout::one_after_another(self.axis, &call.types).call(call)
    }
}
