//! Sums of all that came before along an axis.

use super::axis::around;
use super::{Call, Derivative, Kernel};
use crate::ir::layout::Layout;
use crate::ir::{Type, Value};
use crate::size::Size;
use crate::stream::{Along, Refusal, Step, Stepped};
use proc_macro2::TokenStream;
use quote::quote;

/// y_i = the sum of x_j for j up to i, or for j from i on.
#[derive(Debug)]
pub struct Cumsum {
    /// The axis of one sample.
    pub axis: usize,
    /// Whether it sums from the end.
    pub reversed: bool,
}

impl Kernel for Cumsum {
    fn result(&self, operands: &[&Type]) -> Type {
        operands[0].clone()
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        // x_j is in every sum from the j-th on
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

    fn step(&self, step: &mut Step<'_, '_>) -> Result<Stepped, Refusal> {
        let Self { axis, reversed } = *self;
        match step.modes[axis] {
            Along::Fixed => {
                let x = step.alike()?.value;
                Ok(step.kernel(Self { axis, reversed }, vec![x]))
            }
            Along::Now if !reversed => step.running_sum(),
            Along::Now | Along::Past => step.unchanged(),
        }
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, result, ty, .. } = call;
        let ([outer, n, inner], reversed) = (around(call, ty, self.axis), self.reversed);
        let sizes = quote!(#outer, #n, #inner, #reversed);
        if call.in_place {
            return quote!(#runtime::axis::cumsum::cumsum_in_place(#simd, #sizes, #result););
        }
        let (x, result) = (call.rows_of(0, self.axis), call.rows_of_result(self.axis));
        quote!(#runtime::axis::cumsum::cumsum(#simd, #sizes, #x, #result);)
    }
}
