//! Results that consist of their operands, each from its own start on along an axis, and of a fill
//! value elsewhere: concatenations, padding, the gradients of slices.

use super::Call;
use super::axis::blocks_of;
use super::pad::number;
use crate::ir::Type;
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The positions of operands in a result that contains nothing else but a fill value.
#[derive(Debug)]
pub struct ConcatLayout {
    /// The axis, not counting the batch axis.
    pub axis: usize,
    /// The index at which each operand starts, in increasing order; no two overlap.
    pub starts: Vec<Size>,
    /// The value of the elements between them.
    pub fill: f64,
}

impl ConcatLayout {
    /// Returns the layout of a concatenation: each operand starts at the end of the one before.
    pub(super) fn one_after_another(axis: usize, operands: &[&Type]) -> Self {
        let mut start = Size::default();
        let starts = operands.iter().map(|operand| {
            let end = start.plus(&operand.shape[axis]);
            std::mem::replace(&mut start, end)
        });
        Self { axis, starts: starts.collect(), fill: 0.0 }
    }

    /// Returns the statements that compute the result. Operands that already are at their place are
    /// not copied.
    pub(super) fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, result, types, ty, .. } = call;
        let blocks = call.rows(ty, &Size::product(&ty.shape[..self.axis]));
        let inner = Size::product(&ty.shape[self.axis + 1..]);
        let scalars = |indices: &Size| indices.times(&inner).tokens();
        let (stride, fill) = (scalars(&ty.shape[self.axis]), number(self.fill));
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
