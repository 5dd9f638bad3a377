//! Softmax and its logarithm along an axis.

use super::axis::{around, inner};
use super::{Call, Derivative, Kernel};
use crate::ir::layout::Layout;
use crate::ir::step::{AxisMode, Mask, Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// e^x over the sum of e^x along an axis.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Softmax {
    /// The axis, not counting the batch axis.
    pub axis: usize,
}

/// x minus the logarithm of the sum of e^x along an axis.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct LogSoftmax {
    /// The axis, not counting the batch axis.
    pub axis: usize,
}

/// The gradient of x, from y and dy.
#[derive(Debug, PartialEq, Eq, Hash)]
struct SoftmaxGradient {
    axis: usize,
}

/// The gradient of x, from y and dy.
#[derive(Debug, PartialEq, Eq, Hash)]
struct LogSoftmaxGradient {
    axis: usize,
}

/// Returns five operations for each element: an exponential, a subtraction, a maximum, a sum and a
/// division.
fn five_each(result: &Type) -> Size {
    Size::from(5).times(&result.len())
}

/// Returns the runtime's module and the sizes that its functions take: rows if the axis is
/// contiguous, else the sizes around it.
fn place(call: &Call<'_>, axis: usize) -> (TokenStream, TokenStream) {
    let runtime = call.runtime;
    if inner(call.ty, axis) == Size::one() {
        let outer = call.rows(call.ty, &Size::product(&call.ty.shape[..axis]));
        let n = call.ty.shape[axis].tokens();
        return (quote!(#runtime::softmax), quote!(#outer, #n));
    }
    (quote!(#runtime::axis::softmax), around(call, call.ty, axis))
}

macro_rules! along_axis {
    (
        $kernel:ident, $runtime:ident, $in_place:expr, $mask:expr, $gradient:ident,
        $gradient_runtime:ident
    ) => {
        impl Kernel for $kernel {
            fn result(&self, operands: &[&Type]) -> Type {
                operands[0].clone()
            }

            fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
                let gradient = $gradient { axis: self.axis };
                vec![Some(at.graph.kernel(gradient, vec![at.result, at.gradient]))]
            }

            fn flops(&self, _: &[&Type], result: &Type) -> Size {
                five_each(result)
            }

            fn in_place(&self) -> bool {
                $in_place
            }

            fn reads(&self, _: usize, layout: &Layout) -> bool {
                layout.pitch(self.axis).is_some()
            }

            fn writes(&self, layout: &Layout) -> bool {
                layout.pitch(self.axis).is_some()
            }

            fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
                let x = match step.modes()[self.axis] {
                    AxisMode::Fixed => step.alike()?,
                    AxisMode::Past => {
                        let x = step.up_to_present_alike(Mask::MinusInfinity)?;
                        let y = step.kernel(Self { axis: self.axis }, vec![x]);
                        return Ok(Stepped { mask: Some($mask), ..y });
                    }
                    AxisMode::Now | AxisMode::Wanted => {
                        return step.takes_all();
                    }
                };
                Ok(step.kernel(Self { axis: self.axis }, vec![x.value]))
            }

            fn call(&self, call: &Call<'_>) -> TokenStream {
                let Call { simd, result, .. } = call;
                let (module, sizes) = place(call, self.axis);
                if call.in_place {
                    return quote!(#module::softmax_in_place(#simd, #sizes, #result););
                }
                let (x, result) = (call.rows_of(0, self.axis), call.rows_of_result(self.axis));
                quote!(#module::$runtime(#simd, #sizes, #x, #result);)
            }
        }

        impl Kernel for $gradient {
            fn result(&self, operands: &[&Type]) -> Type {
                operands[0].clone()
            }

            fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
                vec![None; 2]
            }

            fn flops(&self, _: &[&Type], result: &Type) -> Size {
                five_each(result)
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
                let Call { simd, store, .. } = call;
                let (module, sizes) = place(call, self.axis);
                let [y, dy] = [0, 1].map(|operand| call.rows_of(operand, self.axis));
                let result = call.rows_of_result(self.axis);
                quote!(#module::$gradient_runtime(#simd, #sizes, #y, #dy, #result, #store);)
            }
        }
    };
}

along_axis!(Softmax, softmax, true, Mask::Zero, SoftmaxGradient, softmax_gradient);
along_axis!(
    LogSoftmax,
    log_softmax,
    false,
    Mask::MinusInfinity,
    LogSoftmaxGradient,
    log_softmax_gradient
);
