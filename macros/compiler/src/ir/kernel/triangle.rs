//! One triangle of matrices, with a number in the other: masks, and their gradients.

use super::axis::{copy_of_part, has_rows};
use super::{Call, Derivative, Kernel};
use crate::ir::float::Float;
use crate::ir::layout::Layout;
use crate::ir::step::{AxisMode, Mask, Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The operand with `fill` at row i and column j of the last two axes, except where j - i <=
/// `diagonal` or, for the `upper` triangle, j - i >= `diagonal`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Triangle {
    /// `true` if the upper triangle is kept.
    pub upper: bool,
    /// The offset of the diagonal above the main diagonal.
    pub diagonal: i32,
    /// The value of the other elements.
    pub fill: Float,
    /// The number of rows of the whole matrix before the first row here; a block of a stream has some.
    pub first: Size,
}

impl Kernel for Triangle {
    fn result(&self, operands: &[&Type]) -> Type {
        operands[0].clone()
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let gradient = Self { fill: Float(0.0), ..self.clone() };
        vec![Some(at.graph.kernel(gradient, vec![at.gradient]))]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn in_place(&self) -> bool {
        true
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        has_rows(layout)
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        if !self.upper
            && self.diagonal == 0
            && let [.., now, AxisMode::Past] = *step.modes()
            && now.is_current()
        {
            let hidden = if self.fill.0 == 0.0 { Mask::Zero } else { Mask::MinusInfinity };
            let x = step.alike()?;
            // a single step has no later elements: it only records what they would be
            let one = step.count(now) == Size::one();
            let value = match one {
                true => x.value,
                false => {
                    let of_rows = Self { first: step.before(now), ..self.clone() };
                    step.kernel(of_rows, vec![x.value]).value
                }
            };
            return Ok(Stepped { value, mask: Some(hidden) });
        }
        if let [.., AxisMode::Fixed, AxisMode::Fixed] = step.modes() {
            let x = step.alike()?.value;
            return Ok(step.kernel(self.clone(), vec![x]));
        }
        step.unchanged()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, operands, result, ty, .. } = call;
        let [rows, columns] = [&ty.shape[ty.shape.len() - 2], &ty.last()].map(Size::tokens);
        let sign = if self.diagonal < 0 { quote!(-) } else { TokenStream::new() };
        let distance = Literal::u32_unsuffixed(self.diagonal.unsigned_abs());
        let which = if self.upper { quote!(Upper) } else { quote!(Lower) };
        let first = self.first.tokens();
        let which = match self.first == Size::default() {
            true => quote!(#runtime::triangle::Triangle::#which { diagonal: #sign #distance }),
            false => quote!(#runtime::triangle::Triangle::lower_from(#first)),
        };
        let fill = self.fill.tokens();
        let options = quote!(#which, #rows, #columns, #fill);
        let copy = copy_of_part(call);
        if call.in_place || copy.is_some() {
            return quote!(#copy #runtime::triangle::fill_outside(#options, #result););
        }
        let x = &operands[0];
        quote!(#runtime::triangle::triangle(#options, #x, #result);)
    }
}
