//! The Euclidean norm along an axis, correct whenever the norm itself is in range, even if the
//! squares are not.

use super::axis::{around, of_rows, reduced};
use super::{Call, Derivative, Fold, Kernel, Reduction};
use crate::ir::function::Function;
use crate::ir::layout::Layout;
use crate::ir::step::{Mask, Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The Euclidean norm along an axis, whose size becomes 1.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Norm {
    /// The axis, not counting the batch axis.
    pub axis: usize,
}

impl Kernel for Norm {
    fn result(&self, operands: &[&Type]) -> Type {
        reduced(operands[0], self.axis)
    }

    /// Adds dx = dy x / y, or 0 where y is 0. The inverse of y is computed once per row, and x / y
    /// first, since dy / y may be out of range.
    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let Derivative { graph, operands, result, gradient, .. } = at;
        let [one, zero, infinity] = [1.0, 0.0, f64::INFINITY].map(|x| graph.number(x));
        let inverse = graph.divide(one, *result);
        let without = graph.scalar(Function::Equal, vec![inverse, infinity]);
        let inverse = graph.select(without, zero, inverse);
        let gradient = graph.select(without, zero, *gradient);
        let direction = graph.multiply(operands[0], inverse);
        vec![Some(graph.multiply(direction, gradient))]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        Size::from(2).times(&operands[0].len())
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn writes(&self, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn reduction(&self, operand: &Type) -> Option<Reduction> {
        of_rows(Fold::Norm, operand, self.axis)
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let x = step.up_to_present(&[self.axis], Mask::Zero)?;
        Ok(step.kernel(Self { axis: self.axis }, vec![x]))
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, types, .. } = call;
        let sizes = around(call, types[0], self.axis);
        let (x, result) = (call.rows_of(0, self.axis), call.rows_of_result(self.axis));
        quote!(#runtime::axis::norm::norm(#simd, #sizes, #x, #result);)
    }
}
