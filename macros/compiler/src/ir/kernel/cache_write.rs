//! Writes of the current element into the state of a stream, behind those of earlier steps.

use super::{Call, Derivative, Kernel};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The state with the second operand written at `start` along an axis: all elements up to the
/// current one.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct CacheWrite {
    /// The index of the state.
    pub state: usize,
    /// The axis of the elements.
    pub axis: usize,
    /// The position of the current element.
    pub start: Size,
}

impl Kernel for CacheWrite {
    fn result(&self, operands: &[&Type]) -> Type {
        operands[0].clone()
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 2]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, operands, result, ty, .. } = call;
        let row = Size::product(&ty.shape[self.axis + 1..]);
        let (start, now) = (self.start.times(&row).tokens(), &operands[1]);
        quote!(#runtime::copy::put(#now, #result, #start);)
    }
}
