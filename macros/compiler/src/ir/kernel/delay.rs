//! Reads of what was current some steps ago, from the ring buffer in the state of a stream.

use super::{Call, Derivative, Kernel};
use crate::ir::float::Float;
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The ring buffer of the last steps of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ring {
    /// Product of the sizes before the streamed axis.
    pub outer: Size,
    /// Product of the sizes after the streamed axis.
    pub inner: Size,
    /// Number of steps that it holds.
    pub count: Size,
    /// Number of steps before the current ones.
    pub before: Size,
    /// `true` if it is `[outer, count, inner]`, `false` if it is `[count, outer, inner]`.
    pub outer_first: bool,
}

/// Reads the elements that were current some steps before each of the current ones. The operands are the ring and the
/// current elements, which the ring does not hold yet.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Delayed {
    /// The ring.
    pub ring: Ring,
    /// The number of steps.
    pub by: Size,
    /// The number that stands before the first step.
    pub fill: Float,
}

/// Reads the elements under the taps of a causal kernel at each of the current steps, `[outer * kernel, steps]`;
/// zeros stand before the first step. The operands are those of [`Delayed`].
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Taps {
    /// The ring.
    pub ring: Ring,
    /// Number of taps.
    pub kernel: Size,
    /// Distance between two taps.
    pub dilation: Size,
}

impl Ring {
    /// Returns the tokens of the runtime's description.
    #[must_use]
    pub fn tokens(&self, runtime: &TokenStream) -> TokenStream {
        let sizes = [&self.outer, &self.inner, &self.count, &self.before];
        let [outer, inner, count, before] = sizes.map(Size::tokens);
        let outer_first = self.outer_first;
        quote! {
            #runtime::delay::Ring {
                outer: #outer,
                inner: #inner,
                count: #count,
                before: #before,
                outer_first: #outer_first,
            }
        }
    }
}

impl Kernel for Delayed {
    fn result(&self, operands: &[&Type]) -> Type {
        operands[1].clone()
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 2]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, operands, result, .. } = call;
        let (ring, by, fill) = (self.ring.tokens(runtime), self.by.tokens(), self.fill.tokens());
        let (kept, now) = (&operands[0], &operands[1]);
        quote!(#runtime::delay::delayed(#ring, #by, #fill, #kept, #now, #result);)
    }
}

impl Kernel for Taps {
    fn result(&self, operands: &[&Type]) -> Type {
        let rows = self.ring.outer.times(&self.kernel);
        Type { shape: vec![rows, operands[1].last()], ..operands[1].clone() }
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 2]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, operands, result, .. } = call;
        let ring = self.ring.tokens(runtime);
        let (kernel, dilation) = (self.kernel.tokens(), self.dilation.tokens());
        let (kept, now) = (&operands[0], &operands[1]);
        quote!(#runtime::delay::taps(#ring, [#kernel, #dilation], #kept, #now, #result);)
    }
}
