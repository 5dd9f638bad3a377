//! Dropout: in training every element is zero with probability p, or scaled by 1 / (1 - p).

use super::axis::{copy_of_part, has_rows};
use super::{Call, Derivative, InEval, Kernel};
use crate::ir::float::Float;
use crate::ir::layout::Layout;
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Dropout. The mask is computed from the tile's random key, the site and the element's position in
/// the batch, so that the backward pass computes the same mask and nothing is stored.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Dropout {
    /// The probability that an element becomes zero.
    pub probability: Float,
    /// The number of this dropout in the network.
    pub site: u64,
}

impl Kernel for Dropout {
    fn result(&self, operands: &[&Type]) -> Type {
        operands[0].clone()
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let mask = Self { probability: self.probability, site: self.site };
        vec![Some(at.graph.kernel(mask, vec![at.gradient]))]
    }

    fn flops(&self, _: &[&Type], result: &Type) -> Size {
        result.len()
    }

    fn in_place(&self) -> bool {
        true
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        has_rows(layout)
    }

    fn in_eval(&self) -> InEval {
        InEval::Identity
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, result, ty, tile, .. } = call;
        let probability = self.probability.tokens();
        let site = Literal::u64_unsuffixed(self.site);
        let len = ty.len().tokens();
        let iteration = call.iteration.clone().unwrap_or_default().tokens();
        let key = quote!(#runtime::Tile::dropout_key(#tile, #site, #iteration));
        let first = quote!(#runtime::Tile::first_element(#tile, #len));
        let copy = copy_of_part(call);
        if call.in_place || copy.is_some() {
            return quote!(#copy #runtime::dropout::dropout_in_place(#simd, #key, #first, #probability, #result););
        }
        let x = &operands[0];
        quote!(#runtime::dropout::dropout(#simd, #key, #first, #probability, #x, #result);)
    }
}
