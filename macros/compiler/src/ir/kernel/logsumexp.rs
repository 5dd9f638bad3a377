//! The logarithm of the sum of exponentials along an axis.

use super::axis::{around, of_rows, reduced};
use super::{Call, Derivative, Fold, Kernel, Reduction};
use crate::ir::layout::Layout;
use crate::ir::step::{Mask, Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// ln(sum of e^x) along an axis, whose size becomes 1.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct LogSumExp {
    /// The axis, not counting the batch axis.
    pub axis: usize,
}

/// The gradient of x, from x and dy.
#[derive(Debug, PartialEq, Eq, Hash)]
struct LogSumExpGradient {
    axis: usize,
}

impl Kernel for LogSumExp {
    fn result(&self, operands: &[&Type]) -> Type {
        reduced(operands[0], self.axis)
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let gradient = LogSumExpGradient { axis: self.axis };
        vec![Some(at.graph.kernel(gradient, vec![at.operands[0], at.gradient]))]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        Size::from(4).times(&operands[0].len())
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn writes(&self, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn reduction(&self, operand: &Type) -> Option<Reduction> {
        of_rows(Fold::LogSumExp, operand, self.axis)
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let x = step.up_to_present(&[self.axis], Mask::MinusInfinity)?;
        Ok(step.kernel(Self { axis: self.axis }, vec![x]))
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, types, .. } = call;
        let sizes = around(call, types[0], self.axis);
        let (x, result) = (call.rows_of(0, self.axis), call.rows_of_result(self.axis));
        quote!(#runtime::axis::logsumexp::logsumexp(#simd, #sizes, #x, #result);)
    }
}

impl Kernel for LogSumExpGradient {
    fn result(&self, operands: &[&Type]) -> Type {
        operands[0].clone()
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 2]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        Size::from(5).times(&operands[0].len())
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn writes(&self, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, ty, store, .. } = call;
        let sizes = around(call, ty, self.axis);
        let [x, dy] = [0, 1].map(|operand| call.rows_of(operand, self.axis));
        let result = call.rows_of_result(self.axis);
        quote! {
            #runtime::axis::logsumexp::logsumexp_gradient(
                #simd, #sizes, #x, #dy, #result, #store,
            );
        }
    }
}
