//! The maximum or minimum along an axis, its position, and its gradient.

use super::axis::{around, of_rows, reduced};
use super::sum::sum_to;
use super::{Call, Derivative, Fold, Kernel, Reduction};
use crate::ir::function::Function;
use crate::ir::layout::Layout;
use crate::ir::step::{Mask, Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The extreme that is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The maximum.
    Max,
    /// The minimum.
    Min,
}

impl Side {
    fn tokens(self, runtime: &TokenStream) -> TokenStream {
        match self {
            Self::Max => quote!(#runtime::axis::min_max::MinMax::Max),
            Self::Min => quote!(#runtime::axis::min_max::MinMax::Min),
        }
    }
}

/// The rule by which several equal extremes share the gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ties {
    /// The first gets all of it.
    First,
    /// Each gets the same share.
    Even,
}

/// The extreme along an axis, whose size becomes 1.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct MinMax {
    /// Maximum or minimum.
    pub side: Side,
    /// The axis, not counting the batch axis.
    pub axis: usize,
    /// The rule for equal extremes.
    pub ties: Ties,
}

/// The position of the extreme along an axis, whose size becomes 1, as a real number.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// Maximum or minimum.
    pub side: Side,
    /// The axis, not counting the batch axis.
    pub axis: usize,
}

/// The gradient of x, from x, y and dy: all of it goes to the first extreme.
#[derive(Debug, PartialEq, Eq, Hash)]
struct MinMaxGradient {
    axis: usize,
}

impl Kernel for MinMax {
    fn result(&self, operands: &[&Type]) -> Type {
        reduced(operands[0], self.axis)
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let Derivative { graph, operands: [x, ..], result, gradient, .. } = at else {
            return Vec::new();
        };
        let x = match self.ties {
            Ties::First => {
                let operands = vec![*x, *result, *gradient];
                graph.kernel(MinMaxGradient { axis: self.axis }, operands)
            }
            Ties::Even => {
                let found = graph.scalar(Function::Equal, vec![*x, *result]);
                let ty = graph.ty(*result).clone();
                let count = sum_to(graph, found, &ty);
                let share = graph.divide(*gradient, count);
                graph.gate(found, share)
            }
        };
        vec![Some(x)]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        operands[0].len()
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn writes(&self, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn reduction(&self, operand: &Type) -> Option<Reduction> {
        let fold = match self.side {
            Side::Max => Fold::Max,
            Side::Min => Fold::Min,
        };
        of_rows(fold, operand, self.axis)
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let Self { side, axis, ties } = *self;
        // minus infinity, which masks later elements, would be the minimum
        if matches!(side, Side::Min) && step.is_length(&step.whole(0).shape[axis]) {
            return step.unchanged();
        }
        let x = step.up_to_present(&[axis], Mask::MinusInfinity)?;
        Ok(step.kernel(Self { side, axis, ties }, vec![x]))
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, types, .. } = call;
        let sizes = around(call, types[0], self.axis);
        let (side, x) = (self.side.tokens(runtime), call.rows_of(0, self.axis));
        let result = call.rows_of_result(self.axis);
        quote!(#runtime::axis::min_max::min_max(#simd, #side, #sizes, #x, #result);)
    }
}

impl Kernel for Position {
    fn result(&self, operands: &[&Type]) -> Type {
        reduced(operands[0], self.axis)
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None]
    }

    fn is_flat(&self) -> bool {
        true
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let Self { side, axis } = *self;
        if step.is_length(&step.whole(0).shape[axis]) {
            return step.unchanged();
        }
        let x = step.alike()?.value;
        Ok(step.kernel(Self { side, axis }, vec![x]))
    }

    fn below(&self, operands: &[&Type], _: &[Option<Size>]) -> Option<Size> {
        Some(operands[0].shape[self.axis].clone())
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        operands[0].len()
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn writes(&self, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, types, .. } = call;
        let sizes = around(call, types[0], self.axis);
        let (side, x) = (self.side.tokens(runtime), call.rows_of(0, self.axis));
        let result = call.rows_of_result(self.axis);
        quote!(#runtime::axis::min_max::position(#simd, #side, #sizes, #x, #result);)
    }
}

impl Kernel for MinMaxGradient {
    fn result(&self, operands: &[&Type]) -> Type {
        operands[0].clone()
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 3]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        operands[0].len()
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
        let [x, y, dy] = [0, 1, 2].map(|operand| call.rows_of(operand, self.axis));
        let result = call.rows_of_result(self.axis);
        quote! {
            #runtime::axis::min_max::min_max_gradient(
                #simd, #sizes, #x, #y, #dy, #result, #store,
            );
        }
    }
}
