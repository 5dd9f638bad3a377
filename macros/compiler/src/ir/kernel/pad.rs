//! Padding of an axis with a number.

use super::{Call, ConcatLayout, Derivative, Kernel, Slice};
use crate::ir::layout::Layout;
use crate::ir::step::{AxisMode, Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The operand with `before` and `after` more indices of an axis, all of them `value`.
#[derive(Clone, Debug)]
pub struct Pad {
    /// The axis, not counting the batch axis.
    pub axis: usize,
    /// Number of indices before the first.
    pub before: Size,
    /// Number of indices after the last.
    pub after: Size,
    /// The value of the padding.
    pub value: f64,
}

impl Pad {
    /// Returns the position of the operand within the padding.
    fn around(&self) -> ConcatLayout {
        ConcatLayout { axis: self.axis, starts: vec![self.before.clone()], fill: self.value }
    }
}

impl Kernel for Pad {
    fn result(&self, operands: &[&Type]) -> Type {
        let mut ty = operands[0].clone();
        ty.shape[self.axis] = self.before.plus(&ty.shape[self.axis]).plus(&self.after);
        ty
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let len = at.graph.shape(at.operands[0])[self.axis].clone();
        let slice = Slice { axis: self.axis, start: self.before.clone(), len };
        vec![Some(at.graph.kernel(slice, vec![at.gradient]))]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        if step.modes()[self.axis] != AxisMode::Fixed {
            return step.shifted_result(self.axis);
        }
        let x = step.alike()?.value;
        Ok(step.kernel(self.clone(), vec![x]))
    }

    fn joined(&self, _: &[&Type]) -> Option<ConcatLayout> {
        Some(self.around())
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        layout.pitch(self.axis).is_some()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        self.around().call(call)
    }
}

/// Returns the literal of a number, which may be infinite.
pub(super) fn number(x: f64) -> TokenStream {
    match x {
        f64::INFINITY => return quote!(::core::f64::INFINITY),
        f64::NEG_INFINITY => return quote!(::core::f64::NEG_INFINITY),
        _ => {}
    }
    let sign = if x.is_sign_negative() { quote!(-) } else { TokenStream::new() };
    let x = Literal::f64_unsuffixed(x.abs());
    quote!(#sign #x)
}
