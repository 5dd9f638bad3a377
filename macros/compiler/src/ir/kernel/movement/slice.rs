//! A range of one axis, and the gradient of the whole: the gradients of the slices, placed in zeros.

use super::{ConcatLayout, Movement};
use crate::ir::below::common;
use crate::ir::float::Float;
use crate::ir::kernel::axis::blocks_of;
use crate::ir::kernel::{Call, Derivative, Kernel};
use crate::ir::layout::Layout;
use crate::ir::step::{AxisMode, Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The indices of `axis` from `start` to `start + len`, exclusive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slice {
    /// The axis, not counting the batch axis.
    pub axis: usize,
    /// The first index.
    pub start: Size,
    /// Number of indices.
    pub len: Size,
}

/// A tensor of size `whole` along `axis` that is zero except for the operands, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SliceGrad {
    /// The axis, not counting the batch axis.
    pub axis: usize,
    /// The index at which each operand starts; no two overlap.
    pub starts: Vec<Size>,
    /// The size of the result along the axis.
    pub whole: Size,
}

impl SliceGrad {
    /// Returns the positions of the operands among zeros.
    fn in_zeros(&self) -> ConcatLayout {
        ConcatLayout { axis: self.axis, starts: self.starts.clone(), fill: Float(0.0) }
    }
}

impl Kernel for Slice {
    fn result(&self, operands: &[&Type]) -> Type {
        let mut ty = operands[0].clone();
        ty.shape[self.axis] = self.len.clone();
        ty
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let whole = at.graph.shape(at.operands[0])[self.axis].clone();
        let embed = SliceGrad { axis: self.axis, starts: vec![self.start.clone()], whole };
        vec![Some(at.graph.kernel(embed, vec![at.gradient]))]
    }

    fn below(&self, _: &[&Type], below: &[Option<Size>]) -> Option<Size> {
        common(below)
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn movement(&self, _: &[&Type]) -> Option<Movement<'_>> {
        Some(Movement::Slice(self))
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let Self { axis, start, len } = self;
        let whole = step.whole(0).shape[*axis].clone();
        let mut modes = step.modes().to_vec();
        if step.is_length(&whole) && *len == Size::one() {
            if step.is_present_iteration(start) {
                modes[*axis] = AxisMode::Now;
                return step.of_iteration(*axis, &modes);
            }
            if *start == Size::default() {
                modes[*axis] = AxisMode::Now;
                return step.first(*axis, &modes);
            }
        }
        if !whole.is_dynamic() {
            // all of an axis of fixed size exists from the beginning: the step takes the current
            // element of the slice, or all up to it
            modes[*axis] = AxisMode::Fixed;
            let x = step.operand(0, &modes)?.value;
            let start = step.present(start);
            let (start, len) = match step.modes()[*axis] {
                mode @ (AxisMode::Now | AxisMode::Wanted) => {
                    (start.plus(&step.before(mode)), step.count(mode))
                }
                AxisMode::Fixed | AxisMode::Past => (start, len.clone()),
            };
            return Ok(step.kernel(Self { axis: *axis, start, len }, vec![x]));
        }
        match step.modes()[*axis] {
            AxisMode::Now => return step.shifted(*axis, start),
            AxisMode::Wanted => return step.last_of_current(),
            AxisMode::Fixed | AxisMode::Past => {}
        }
        step.looks_elsewhere()
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, result, ty, .. } = call;
        let blocks = call.rows(ty, &Size::product(&ty.shape[..self.axis]));
        let inner = Size::product(&ty.shape[self.axis + 1..]);
        let [offset, len] = [&self.start, &self.len].map(|s| s.times(&inner).tokens());
        let (x, stride) = blocks_of(call, 0, self.axis);
        let stride = stride.tokens();
        quote! {
            #runtime::copy::copy_blocks(
                #runtime::copy::BlockPairs {
                    count: #blocks,
                    len: #len,
                    from_start: #offset,
                    from_stride: #stride,
                    to_start: 0,
                    to_stride: #len,
                }, #x, #result, #runtime::Store::Set,
            );
        }
    }
}

impl Kernel for SliceGrad {
    fn result(&self, operands: &[&Type]) -> Type {
        let mut ty = operands[0].clone();
        ty.shape[self.axis] = self.whole.clone();
        ty
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; at.operands.len()]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn movement(&self, _: &[&Type]) -> Option<Movement<'_>> {
        Some(Movement::Place(self.in_zeros()))
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        self.in_zeros().call(call)
    }
}
