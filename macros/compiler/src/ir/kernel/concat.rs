//! Several tensors one after the other along an axis.

use super::axis::blocks_of;
use super::{Call, Derivative, Kernel, Slice};
use crate::ir::layout::Layout;
use crate::ir::{Type, Value};
use crate::size::Size;
use crate::stream::{Along, Refusal, Step, Stepped};
use proc_macro2::TokenStream;
use quote::quote;

/// The operands one after the other along `axis`.
#[derive(Debug)]
pub struct Concat {
    /// The axis of one sample.
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
        let mut start = Size::default();
        let mut gradients = Vec::new();
        for (operand, wanted) in at.operands.iter().zip(at.wanted) {
            let len = at.graph.shape(*operand)[self.axis].clone();
            let end = start.plus(&len);
            let slice = Slice { axis: self.axis, start, len };
            gradients.push(wanted.then(|| at.graph.kernel(slice, vec![at.gradient])));
            start = end;
        }
        gradients
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn concatenates(&self) -> Option<usize> {
        Some(self.axis)
    }

    fn step(&self, step: &mut Step<'_, '_>) -> Result<Stepped, Refusal> {
        let mut operands = Vec::new();
        if step.modes[self.axis] != Along::Fixed {
            return step.unchanged();
        }
        let modes = step.modes.to_vec();
        for index in 0..step.operands() {
            operands.push(step.operand(index, &modes)?.value);
        }
        Ok(step.kernel(Self { axis: self.axis }, operands))
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, result, types, ty, .. } = call;
        let blocks = call.rows(ty, &Size::product(&ty.shape[..self.axis]));
        let inner = Size::product(&ty.shape[self.axis + 1..]);
        let stride = ty.shape[self.axis].times(&inner).tokens();
        let mut start = Size::default();
        let mut copies = TokenStream::new();
        for (index, (operand, placed)) in types.iter().zip(&call.placed).enumerate() {
            let size = &operand.shape[self.axis];
            if *placed {
                start = start.plus(size);
                continue;
            }
            let (x, from) = blocks_of(call, index, self.axis);
            let from = from.tokens();
            let (len, offset) = (size.times(&inner).tokens(), start.times(&inner).tokens());
            copies.extend(quote! {
                #runtime::copy::copy_blocks(
                    #blocks, #len, #x, #from, 0, #result, #stride, #offset, #runtime::Store::Set,
                );
            });
            start = start.plus(size);
        }
        copies
    }
}
