//! Kernels that only move elements: slices, permutations, and results that consist of their
//! operands, such as concatenations and padding; with their gradients.

mod concat;
mod pad;
mod permute;
mod slice;
mod strided_slice;
mod sum_of_parts;

pub use concat::Concat;
pub use pad::Pad;
pub use permute::{inverse, permute};
pub use slice::Slice;
pub use strided_slice::StridedSlice;
pub use sum_of_parts::sum_of_parts;

use super::Call;
use super::axis::blocks_of;
use crate::ir::float::Float;
use crate::ir::{Graph, Op, Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// A movement of elements.
#[derive(Debug)]
pub enum Movement<'a> {
    /// The result is a range of an axis of the operand.
    Slice(&'a Slice),
    /// Axis i of the result is axis `axes[i]` of the operand.
    Permute(&'a [usize]),
    /// The result consists of the operands, each at its place, and of a fill value.
    Place(ConcatLayout),
}

impl Graph {
    /// Returns the movement of elements that computes a value, if it is nothing else.
    #[must_use]
    pub fn movement(&self, value: Value) -> Option<Movement<'_>> {
        let node = &self[value];
        let Op::Kernel(kernel) = &node.op else { return None };
        let types: Vec<&Type> = node.operands.iter().map(|operand| self.ty(*operand)).collect();
        kernel.movement(&types)
    }
}

/// The positions of operands in a result that contains nothing else but a fill value.
#[derive(Debug)]
pub struct ConcatLayout {
    /// The axis, not counting the batch axis.
    pub axis: usize,
    /// The index at which each operand starts, in increasing order; no two overlap.
    pub starts: Vec<Size>,
    /// The value of the elements between them.
    pub fill: Float,
}

impl ConcatLayout {
    /// Returns the layout of a concatenation: each operand starts at the end of the one before.
    fn one_after_another(axis: usize, operands: &[&Type]) -> Self {
        let mut start = Size::default();
        let starts = operands.iter().map(|operand| {
            let end = start.plus(&operand.shape[axis]);
            std::mem::replace(&mut start, end)
        });
        Self { axis, starts: starts.collect(), fill: Float(0.0) }
    }

    /// Returns the statements that compute the result. Operands that already are at their place are
    /// not copied.
    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, result, types, ty, .. } = call;
        let blocks = call.rows(ty, &Size::product(&ty.shape[..self.axis]));
        let inner = Size::product(&ty.shape[self.axis + 1..]);
        let scalars = |indices: &Size| indices.times(&inner).tokens();
        let (stride, fill) = (scalars(&ty.shape[self.axis]), self.fill.tokens());
        let mut end = Size::default();
        let mut statements = TokenStream::new();
        let gap = |from: &Size, to: &Size| {
            let (len, offset) = (scalars(&to.minus(from)), scalars(from));
            let gap = quote! {
                #runtime::copy::fill_blocks(
                    #runtime::copy::Blocks { count: #blocks, len: #len, start: #offset, stride: #stride },
                    #result,
                    #fill,
                );
            };
            (from != to).then_some(gap)
        };
        for (index, (operand, start)) in types.iter().zip(&self.starts).enumerate() {
            let size = &operand.shape[self.axis];
            statements.extend(gap(&end, start));
            end = start.plus(size);
            if call.placed[index] {
                continue;
            }
            let (len, offset) = (scalars(size), scalars(start));
            let (x, pitch) = blocks_of(call, index, self.axis);
            let pitch = pitch.tokens();
            statements.extend(quote! {
                #runtime::copy::copy_blocks(
                    #runtime::copy::BlockPairs {
                    count: #blocks,
                    len: #len,
                    from_start: 0,
                    from_stride: #pitch,
                    to_start: #offset,
                    to_stride: #stride,
                }, #x, #result, #runtime::Store::Set,
                );
            });
        }
        statements.extend(gap(&end, &ty.shape[self.axis]));
        statements
    }
}
