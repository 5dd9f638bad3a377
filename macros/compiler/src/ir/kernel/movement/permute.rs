//! Permutations of axes.

use super::Movement;
use crate::ir::below::common;
use crate::ir::kernel::contract::Contract;
use crate::ir::kernel::{Call, Derivative, Kernel};
use crate::ir::layout::Layout;
use crate::ir::step::{AxisMode, Refusal, Stepped, StreamStep};
use crate::ir::{Graph, Op, Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// A copy with permuted axes: axis i of the result is axis `axes[i]` of the operand.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Permute {
    axes: Vec<usize>,
}

/// Returns `value` with permuted axes, at the lowest cost: the value itself if nothing moves, a
/// view if only axes of size 1 do, a product that writes its result in this order, or a copy
/// otherwise. (A product reads its operands in any order, so that a permutation before one costs no
/// copy.)
pub fn permute(graph: &mut Graph, value: Value, axes: &[usize]) -> Value {
    let ty = graph.ty(value).clone();
    let shape: Vec<Size> = axes.iter().map(|axis| ty.shape[*axis].clone()).collect();
    let long = axes.iter().filter(|axis| ty.shape[**axis] != Size::one());
    if long.is_sorted() {
        return graph.view(value, shape);
    }
    if let Some(Movement::Permute(before)) = graph.movement(value) {
        let axes: Vec<usize> = axes.iter().map(|axis| before[*axis]).collect();
        return permute(graph, graph[value].operands[0], &axes);
    }
    if let Op::Kernel(kernel) = &graph[value].op
        && let Some(product) = kernel.downcast_ref::<Contract>()
        && let Some(product) = product.with_permuted_result(axes)
    {
        let operands = graph[value].operands.clone();
        return graph.kernel(product, operands);
    }
    graph.kernel(Permute { axes: axes.to_vec() }, vec![value])
}

/// Returns the inverse of a permutation.
pub fn inverse(order: &[usize]) -> Vec<usize> {
    let mut inverse = vec![0; order.len()];
    for (to, from) in order.iter().enumerate() {
        inverse[*from] = to;
    }
    inverse
}

impl Kernel for Permute {
    fn result(&self, operands: &[&Type]) -> Type {
        let shape = self.axes.iter().map(|axis| operands[0].shape[*axis].clone()).collect();
        Type { shape, ..operands[0].clone() }
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![Some(permute(at.graph, at.gradient, &inverse(&self.axes)))]
    }

    fn below(&self, _: &[&Type], below: &[Option<Size>]) -> Option<Size> {
        common(below)
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn movement(&self, _: &[&Type]) -> Option<Movement<'_>> {
        Some(Movement::Permute(&self.axes))
    }

    fn reads(&self, _: usize, _: &Layout) -> bool {
        true
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let before: Vec<AxisMode> =
            inverse(&self.axes).iter().map(|axis| step.modes()[*axis]).collect();
        let x = step.operand(0, &before)?;
        Ok(Stepped { value: permute(step.graph(), x.value, &self.axes), ..x })
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, result, layouts, ty, .. } = call;
        // adjacent axes that stay adjacent are one axis: (size, stride, is it the batch axis)
        let sample = layouts[0].sample.clone();
        let mut axes: Vec<(Size, Size, bool)> = Vec::new();
        axes.extend(sample.map(|stride| (Size::one(), stride, true)));
        for (axis, size) in self.axes.iter().zip(&ty.shape) {
            let stride = layouts[0].axes[*axis].stride.clone();
            match axes.last_mut() {
                _ if *size == Size::one() => {}
                Some((outer, before, _)) if *before == size.times(&stride) => {
                    (*outer, *before) = (outer.times(size), stride);
                }
                _ => axes.push((size.clone(), stride, false)),
            }
        }
        let axes = axes.iter().map(|(size, stride, batched)| {
            let size = call.rows(&Type { batched: *batched, ..Type::sample(Vec::new()) }, size);
            let stride = stride.tokens();
            quote!(#runtime::permute::Axis { size: #size, stride: #stride })
        });
        let x = call.from_start(0);
        quote!(#runtime::permute::permute(&[#(#axes),*], #x, #result);)
    }
}
