//! Softmax and its logarithm along the last axis.

use super::{Call, Derivative, Kernel};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// e^x over the sum of e^x.
#[derive(Debug)]
pub struct Softmax;

/// x minus the logarithm of the sum of e^x.
#[derive(Debug)]
pub struct LogSoftmax;

/// dx from y and dy.
#[derive(Debug)]
struct SoftmaxGradient;

/// dx from y and dy.
#[derive(Debug)]
struct LogSoftmaxGradient;

/// An exponential, a subtraction, a maximum, a sum and a division for each element.
fn five_each(result: &Type) -> Size {
    Size::from(5).times(&result.len())
}

macro_rules! rowwise {
    ($kernel:ident, $runtime:ident, $in_place:expr, $gradient:ident, $gradient_runtime:ident) => {
        impl Kernel for $kernel {
            fn result(&self, operands: &[&Type]) -> Type {
                operands[0].clone()
            }

            fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
                vec![Some(at.graph.kernel($gradient, vec![at.result, at.gradient]))]
            }

            fn flops(&self, _: &[&Type], result: &Type) -> Size {
                five_each(result)
            }

            fn in_place(&self) -> bool {
                $in_place
            }

            fn call(&self, call: &Call<'_>) -> TokenStream {
                let Call { runtime, simd, operands, result, ty, .. } = call;
                let (rows, n) = (call.rows(ty, &ty.leading()), ty.last().tokens());
                if call.in_place {
                    return quote!(#runtime::softmax::softmax_in_place(#simd, #rows, #n, #result););
                }
                let x = &operands[0];
                quote!(#runtime::softmax::$runtime(#simd, #rows, #n, #x, #result);)
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

            fn call(&self, call: &Call<'_>) -> TokenStream {
                let Call { runtime, simd, operands, result, ty, store, .. } = call;
                let (rows, n) = (call.rows(ty, &ty.leading()), ty.last().tokens());
                let (y, dy) = (&operands[0], &operands[1]);
                quote!(#runtime::softmax::$gradient_runtime(#simd, #rows, #n, #y, #dy, #result, #store);)
            }
        }
    };
}

rowwise!(Softmax, softmax, true, SoftmaxGradient, softmax_gradient);
rowwise!(LogSoftmax, log_softmax, false, LogSoftmaxGradient, log_softmax_gradient);
