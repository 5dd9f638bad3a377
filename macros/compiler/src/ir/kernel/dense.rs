//! The products of the linear layer: y = x W + b, and the gradients of x, W and b.

use super::axis::{has_rows, last, last_rows_of};
use super::{Call, Derivative, Kernel, Piece};
use crate::ir::layout::Layout;
use crate::ir::step::{AxisMode, Refusal, Stepped, StreamStep};
use crate::ir::{Graph, Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// y = x W + b along the last axis: x `[.., in]`, W `[in, out]`, and optionally b `[out]`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Dense;

/// dx = dy Wᵀ.
#[derive(Debug, PartialEq, Eq, Hash)]
struct InputGradient;

/// dW = xᵀ dy, summed over all rows of the batch.
#[derive(Debug, PartialEq, Eq, Hash)]
struct WeightGradient;

/// db = the sum of dy over all rows of the batch.
#[derive(Debug, PartialEq, Eq, Hash)]
struct BiasGradient;

impl Kernel for Dense {
    fn result(&self, operands: &[&Type]) -> Type {
        with_last(operands[0], operands[1].last())
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let &[x, weight, ..] = at.operands else { return Vec::new() };
        let dy = at.gradient;
        let mut gradients = vec![None; at.operands.len()];
        let graph: &mut Graph = at.graph;
        if at.wanted[1] {
            gradients[1] = Some(graph.kernel(WeightGradient, vec![x, dy]));
        }
        if at.wanted.get(2) == Some(&true) {
            gradients[2] = Some(graph.kernel(BiasGradient, vec![dy]));
        }
        if at.wanted[0] {
            gradients[0] = Some(graph.kernel(InputGradient, vec![dy, weight]));
        }
        gradients
    }

    fn flops(&self, operands: &[&Type], result: &Type) -> Size {
        // a multiplication and an addition for each weight, an addition for each bias
        let product = Size::from(2).times(&operands[0].len()).times(&operands[1].last());
        if operands.len() > 2 { product.plus(&result.len()) } else { product }
    }

    fn piece(&self) -> Option<Piece> {
        Some(Piece::Row)
    }

    fn reads(&self, operand: usize, layout: &Layout) -> bool {
        // a bias is one row, in memory of its own as a parameter
        operand < 2 && has_rows(layout)
    }

    fn writes(&self, layout: &Layout) -> bool {
        has_rows(layout)
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let mut modes = step.modes().to_vec();
        if let Some(last) = modes.last_mut() {
            *last = AxisMode::Fixed;
        }
        let mut operands = vec![step.operand(0, &modes)?.value];
        for index in 1..step.operands() {
            operands.push(step.fixed(index)?);
        }
        Ok(step.kernel(Self, operands))
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, types, ty, .. } = call;
        let shape = shape(call, &types[0].last(), &ty.last());
        let (x, weight) = (last_rows_of(call, 0), last_rows_of(call, 1));
        let result = call.rows_of_result(last(&ty.shape));
        let bias = call.optional(operands.get(2));
        quote!(#runtime::dense::forward(#simd, #shape, #x, #weight, #bias, #result);)
    }
}

impl Kernel for InputGradient {
    fn result(&self, operands: &[&Type]) -> Type {
        with_last(operands[0], operands[1].shape[0].clone())
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 2]
    }

    fn flops(&self, operands: &[&Type], result: &Type) -> Size {
        Size::from(2).times(&operands[0].len()).times(&result.last())
    }

    fn piece(&self) -> Option<Piece> {
        Some(Piece::Row)
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        has_rows(layout)
    }

    fn writes(&self, layout: &Layout) -> bool {
        has_rows(layout)
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, types, ty, store, .. } = call;
        let shape = shape(call, &ty.last(), &types[0].last());
        let (dy, weight) = (last_rows_of(call, 0), last_rows_of(call, 1));
        let result = call.rows_of_result(last(&ty.shape));
        quote!(#runtime::dense::input_gradient(#simd, #shape, #dy, #weight, #result, #store);)
    }
}

impl Kernel for WeightGradient {
    fn result(&self, operands: &[&Type]) -> Type {
        Type::shared(vec![operands[0].last(), operands[1].last()])
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 2]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        Size::from(2).times(&operands[0].len()).times(&operands[1].last())
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        has_rows(layout)
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, result, types, store, .. } = call;
        let shape = shape(call, &types[0].last(), &types[1].last());
        let (x, dy) = (last_rows_of(call, 0), last_rows_of(call, 1));
        quote!(#runtime::dense::weight_gradient(#simd, #shape, #x, #dy, #result, #store);)
    }
}

impl Kernel for BiasGradient {
    fn result(&self, operands: &[&Type]) -> Type {
        Type::shared(vec![operands[0].last()])
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        operands[0].len()
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        has_rows(layout)
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, result, types, store, .. } = call;
        let rows = call.last_rows(types[0]);
        let outputs = types[0].last().tokens();
        let dy = last_rows_of(call, 0);
        quote!(#runtime::dense::bias_gradient(#simd, #rows, #outputs, #dy, #result, #store);)
    }
}

/// Returns true if the result of a kernel is a sum over all rows of the operands, in any order.
#[must_use]
pub fn sums_rows(kernel: &dyn Kernel) -> bool {
    kernel.is::<WeightGradient>() || kernel.is::<BiasGradient>()
}

/// Returns the sizes of a product as an argument.
fn shape(call: &Call<'_>, inputs: &Size, outputs: &Size) -> TokenStream {
    let (runtime, rows) = (call.runtime, call.last_rows(call.types[0]));
    let [inputs, outputs] = [inputs, outputs].map(Size::tokens);
    quote!(#runtime::dense::Shape { rows: #rows, inputs: #inputs, outputs: #outputs })
}

/// Returns `ty` with another last size.
fn with_last(ty: &Type, last: Size) -> Type {
    let mut ty = ty.clone();
    ty.shape.pop();
    ty.shape.push(last);
    ty
}
