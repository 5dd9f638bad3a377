//! The gradients of a pooling.

use super::{Pool, Pooling};
use crate::ir::kernel::{Call, Derivative, Kernel};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The gradient of a maximum, from the image and dy: it goes to the first of equal elements.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct MaxGradient {
    pub pool: Pool,
}

/// The gradient of a mean, from dy and scratch memory.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct AverageGradient {
    pub pool: Pool,
}

impl Kernel for MaxGradient {
    fn result(&self, operands: &[&Type]) -> Type {
        Type { shape: self.pool.image(&self.pool.size), ..operands[1].clone() }
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 2]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        self.pool.flops()
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, result, types, store, .. } = call;
        let (pool, samples) = (self.pool.tokens(call), call.rows(types[1], &Size::one()));
        let (x, dy) = (&operands[0], &operands[1]);
        quote!(#runtime::pool::max_gradient(#simd, #pool, #samples, #x, #dy, #result, #store);)
    }
}

impl Kernel for AverageGradient {
    fn result(&self, operands: &[&Type]) -> Type {
        Type { shape: self.pool.image(&self.pool.size), ..operands[0].clone() }
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 2]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        self.pool.flops()
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, result, types, store, .. } = call;
        let (pool, samples) = (self.pool.tokens(call), call.rows(types[0], &Size::one()));
        let function = match self.pool.form {
            Pooling::Adaptive => quote!(adaptive_average_gradient),
            Pooling::Max(_) | Pooling::Average { .. } => quote!(average_gradient),
        };
        let (dy, scratch) = (&operands[0], &operands[1]);
        quote!(#runtime::pool::#function(#simd, #pool, #samples, #dy, #result, #store, #scratch);)
    }
}
