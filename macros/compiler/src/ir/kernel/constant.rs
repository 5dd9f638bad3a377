//! Constant tensors, which do not depend on any input.

use super::{Call, Derivative, Kernel};
use crate::ir::below::{above, common};
use crate::ir::float::Float;
use crate::ir::step::{AxisMode, Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The numbers 0, 1, 2 and so on.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Range {
    /// Number of elements.
    pub len: Size,
}

/// A tensor of given numbers.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Constant {
    /// The shape.
    pub shape: Vec<Size>,
    /// The numbers in row-major order.
    pub values: Vec<Float>,
}

impl Kernel for Range {
    fn result(&self, _: &[&Type]) -> Type {
        Type::shared(vec![self.len.clone()])
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        Vec::new()
    }

    fn below(&self, _: &[&Type], _: &[Option<Size>]) -> Option<Size> {
        Some(self.len.clone())
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        if let [mode @ (AxisMode::Now | AxisMode::Wanted)] = *step.modes() {
            let (before, len) = (step.before(mode), step.count(mode));
            let number = step.graph().count(&before);
            if len == Size::one() {
                return Ok(step.graph().expand(number, &Type::shared(vec![len])).into());
            }
            let range = step.kernel(Self { len }, Vec::new()).value;
            return Ok(step.graph().sum(range, number).into());
        }
        Ok(step.kernel(Self { len: self.len.clone() }, Vec::new()))
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, result, .. } = call;
        quote!(#runtime::constant::range(#result);)
    }
}

impl Kernel for Constant {
    fn result(&self, _: &[&Type]) -> Type {
        Type::shared(self.shape.clone())
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        Vec::new()
    }

    fn below(&self, _: &[&Type], _: &[Option<Size>]) -> Option<Size> {
        let all: Vec<Option<Size>> = self.values.iter().map(|value| above(value.0)).collect();
        common(&all)
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, result, .. } = call;
        let values = self.values.iter().map(|value| value.tokens());
        quote!(#runtime::constant::constant(&[#(#values),*], #result);)
    }
}
