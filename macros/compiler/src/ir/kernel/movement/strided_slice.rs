//! Slices with a step, forwards or backwards, and their gradient.

use crate::ir::below::common;
use crate::ir::kernel::axis::around;
use crate::ir::kernel::{Call, Derivative, Kernel};
use crate::ir::layout::Layout;
use crate::ir::step::{AxisMode, Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// `len` indices of an axis, `step` apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StridedSlice {
    /// The axis, not counting the batch axis.
    pub axis: usize,
    /// The first index.
    pub first: Size,
    /// The distance from one index to the next.
    pub step: Size,
    /// `true` if the indices decrease.
    pub reversed: bool,
    /// Number of indices.
    pub len: Size,
}

/// The gradient of the whole: zeros with the operand at these indices.
#[derive(Debug, PartialEq, Eq, Hash)]
struct StridedSliceGrad {
    steps: StridedSlice,
    whole: Size,
}

impl StridedSlice {
    fn tokens(&self, runtime: &TokenStream) -> TokenStream {
        let [first, step, len] = [&self.first, &self.step, &self.len].map(Size::tokens);
        let reversed = self.reversed;
        quote! {
            #runtime::strided_slice::StridedSlice { first: #first, step: #step, reversed: #reversed, len: #len }
        }
    }
}

impl Kernel for StridedSlice {
    fn result(&self, operands: &[&Type]) -> Type {
        let mut ty = operands[0].clone();
        ty.shape[self.axis] = self.len.clone();
        ty
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let whole = at.graph.shape(at.operands[0])[self.axis].clone();
        let put = StridedSliceGrad { steps: self.clone(), whole };
        vec![Some(at.graph.kernel(put, vec![at.gradient]))]
    }

    fn below(&self, _: &[&Type], below: &[Option<Size>]) -> Option<Size> {
        common(below)
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        if step.modes()[self.axis] != AxisMode::Fixed || step.whole(0).shape[self.axis].is_dynamic()
        {
            return step.looks_elsewhere();
        }
        let x = step.alike()?.value;
        Ok(step.kernel(Self { first: step.present(&self.first), ..self.clone() }, vec![x]))
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn writes(&self, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, types, .. } = call;
        let sizes = around(call, types[0], self.axis);
        let (x, result) = (call.rows_of(0, self.axis), call.rows_of_result(self.axis));
        let steps = self.tokens(runtime);
        quote!(#runtime::strided_slice::take(#sizes, #steps, #x, #result);)
    }
}

impl Kernel for StridedSliceGrad {
    fn result(&self, operands: &[&Type]) -> Type {
        let mut ty = operands[0].clone();
        ty.shape[self.steps.axis] = self.whole.clone();
        ty
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.steps.axis).is_some()
    }

    fn writes(&self, layout: &Layout) -> bool {
        layout.pitch(self.steps.axis).is_some()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, ty, store, .. } = call;
        let sizes = around(call, ty, self.steps.axis);
        let [dy, result] = [call.rows_of(0, self.steps.axis), call.rows_of_result(self.steps.axis)];
        let steps = self.steps.tokens(runtime);
        quote!(#runtime::strided_slice::put(#sizes, #steps, #dy, #result, #store);)
    }
}
