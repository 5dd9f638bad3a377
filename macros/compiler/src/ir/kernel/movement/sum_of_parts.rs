//! Sums of gradients of which one is zero except for a part, as that of a slice is.

use super::Concat;
use super::slice::SliceGrad;
use crate::ir::kernel::axis::blocks_of;
use crate::ir::kernel::{Call, Derivative, Kernel};
use crate::ir::layout::Layout;
use crate::ir::{Graph, Op, Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;
use std::rc::Rc;

/// The first operand, with the second added to a range of it.
#[derive(Debug, PartialEq, Eq, Hash)]
struct AddSlice {
    axis: usize,
    start: Size,
}

/// Returns the sum of two gradients of one type, if the second is zero except for one part. If the
/// first also consists of parts in zeros, all parts are placed together, as a concatenation if they
/// leave no zeros. Otherwise the part is added to its range of the first.
pub fn sum_of_parts(graph: &mut Graph, others: Value, part: Value) -> Option<Value> {
    let of_part = slice_grad(graph, part)?;
    let ([start], [operand]) = (&of_part.starts[..], &graph[part].operands[..]) else {
        return None;
    };
    let (axis, start) = (of_part.axis, start.clone());
    let (operand, ty) = (*operand, graph.ty(part).clone());
    if *graph.ty(others) != ty {
        return None;
    }
    let joined = slice_grad(graph, others).filter(|others| others.axis == axis);
    let Some((joined, parts)) = joined.and_then(|all| all.with(graph, others, &start, operand))
    else {
        let add = AddSlice { axis, start };
        return Some(graph.add(Op::Kernel(Rc::new(add)), vec![others, operand], ty));
    };
    Some(match joined.is_full(graph, &parts) {
        true => graph.kernel(Concat { axis: joined.axis }, parts),
        false => graph.kernel(joined, parts),
    })
}

/// Returns the gradient of slices that a value is, if it is one.
fn slice_grad(graph: &Graph, value: Value) -> Option<&SliceGrad> {
    match &graph[value].op {
        Op::Kernel(kernel) => kernel.downcast_ref(),
        _ => None,
    }
}

impl SliceGrad {
    /// Returns the operation and its operands with another part added to those of `value`, if that
    /// certainly overlaps none of them.
    fn with(
        &self,
        graph: &Graph,
        value: Value,
        start: &Size,
        part: Value,
    ) -> Option<(Self, Vec<Value>)> {
        let size = |value: Value| &graph.shape(value)[self.axis];
        let mut parts = graph[value].operands.clone();
        let end = start.plus(size(part));
        let is_before = |(other, at): (&Value, &Size)| at.plus(size(*other)).is_at_most(start);
        let place = parts.iter().zip(&self.starts).take_while(|pair| is_before(*pair)).count();
        if !self.starts[place..].iter().all(|next| end.is_at_most(next)) {
            return None;
        }
        let mut all = self.clone();
        parts.insert(place, part);
        all.starts.insert(place, start.clone());
        Some((all, parts))
    }

    /// Returns true if the parts leave no zeros.
    fn is_full(&self, graph: &Graph, parts: &[Value]) -> bool {
        let mut end = Size::default();
        for (part, start) in parts.iter().zip(&self.starts) {
            if *start != end {
                return false;
            }
            end = end.plus(&graph.shape(*part)[self.axis]);
        }
        end == self.whole
    }
}

impl Kernel for AddSlice {
    fn result(&self, operands: &[&Type]) -> Type {
        operands[0].clone()
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 2]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        operands[1].len()
    }

    fn in_place(&self) -> bool {
        true
    }

    fn reads(&self, operand: usize, layout: &Layout) -> bool {
        operand == 1 && layout.pitch(self.axis).is_some()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, operands, result, types, ty, .. } = call;
        let blocks = call.rows(ty, &Size::product(&ty.shape[..self.axis]));
        let inner = Size::product(&ty.shape[self.axis + 1..]);
        let [stride, offset, len] = [&ty.shape[self.axis], &self.start, &types[1].shape[self.axis]]
            .map(|s| s.times(&inner).tokens());
        let (whole, (part, from)) = (&operands[0], blocks_of(call, 1, self.axis));
        let from = from.tokens();
        let copy = (!call.in_place).then(|| quote!(#runtime::copy::copy(#whole, #result);));
        quote! {
            #copy
            #runtime::copy::copy_blocks(
                #runtime::copy::BlockPairs {
                    count: #blocks,
                    len: #len,
                    from_start: 0,
                    from_stride: #from,
                    to_start: #offset,
                    to_stride: #stride,
                }, #part, #result, #runtime::Store::Add,
            );
        }
    }
}
