//! Cumulative sums along an axis.

use super::axis::around;
use super::{Call, Derivative, Kernel};
use crate::ir::layout::Layout;
use crate::ir::step::{AxisMode, Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// y_i = the sum of x_j over j <= i, or over j >= i if reversed.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Cumsum {
    /// The axis, not counting the batch axis.
    pub axis: usize,
    /// `true` if it sums from the end.
    pub reversed: bool,
}

impl Kernel for Cumsum {
    fn result(&self, operands: &[&Type]) -> Type {
        operands[0].clone()
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        // x_j is a term of every y_i with i >= j: its gradient is summed in the other direction
        let back = Self { axis: self.axis, reversed: !self.reversed };
        vec![Some(at.graph.kernel(back, vec![at.gradient]))]
    }

    fn flops(&self, _: &[&Type], result: &Type) -> Size {
        result.len()
    }

    fn in_place(&self) -> bool {
        true
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn writes(&self, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let Self { axis, reversed } = *self;
        match step.modes()[axis] {
            AxisMode::Fixed => {
                let x = step.alike()?.value;
                Ok(step.kernel(Self { axis, reversed }, vec![x]))
            }
            AxisMode::Now if !reversed => step.running_sum(axis),
            AxisMode::Wanted => step.last_of_current(),
            AxisMode::Now | AxisMode::Past => step.unchanged(),
        }
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, result, ty, .. } = call;
        let (sizes, reversed) = (around(call, ty, self.axis), self.reversed);
        let sizes = quote!(#sizes, #reversed);
        if call.in_place {
            return quote!(#runtime::axis::cumsum::cumsum_in_place(#simd, #sizes, #result););
        }
        let (x, result) = (call.rows_of(0, self.axis), call.rows_of_result(self.axis));
        quote!(#runtime::axis::cumsum::cumsum(#simd, #sizes, #x, #result);)
    }
}
