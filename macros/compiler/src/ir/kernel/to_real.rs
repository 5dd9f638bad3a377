//! Class and token numbers as real numbers.

use super::{Call, Derivative, Kernel};
use crate::ast::Element;
use crate::ir::step::{Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The same numbers, as scalars.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct ToReal;

impl Kernel for ToReal {
    fn result(&self, operands: &[&Type]) -> Type {
        Type { element: Element::Real, ..operands[0].clone() }
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None]
    }

    fn is_flat(&self) -> bool {
        true
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let modes = step.modes().to_vec();
        let numbers = step.operand(0, &modes)?.value;
        Ok(step.kernel(Self, vec![numbers]))
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, operands, result, .. } = call;
        let numbers = &operands[0];
        quote!(#runtime::gather::to_real(#numbers, #result);)
    }
}
