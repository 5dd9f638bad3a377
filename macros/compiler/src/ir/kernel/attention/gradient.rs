//! The gradients of an attention: one kernel computes all of them.

use super::operands::{heads, in_heads};
use super::{Attended, Attention};
use crate::ir::kernel::external::{OutBuffer, ReadBuffer};
use crate::ir::kernel::{Call, Derivative, Kernel};
use crate::ir::layout::Layout;
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The gradient of the queries. The operands are those of the attention that are not buffers, its result,
/// the logarithms of its sums, the gradient of its result, a buffer for the gradient of the keys, of the
/// values and, if it is wanted, of the mask, and scratch memory.
#[derive(Debug, PartialEq, Eq, Hash)]
struct QueryGradient {
    of: Attended,
    /// `true` if the gradient of the mask is wanted.
    mask: bool,
}

/// Adds the gradients of the operands.
pub fn gradients(of: &Attended, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
    let graph = &mut *at.graph;
    let buffers = at.operands.len() - 2;
    let mut operands = at.operands[..buffers].to_vec();
    operands.extend([at.result, at.operands[buffers], at.gradient]);
    let mask = of.mask && at.wanted[3];
    let mut gradients = vec![None; at.operands.len()];
    let mut rooms = Vec::new();
    for (operand, wanted) in [(1, true), (2, true), (3, mask)] {
        if wanted {
            let room = OutBuffer::new(graph, graph.ty(at.operands[operand]).clone());
            rooms.push((operand, graph.kernel(room, Vec::new())));
        }
    }
    operands.extend(rooms.iter().map(|(_, room)| *room));
    operands.push(of.attention.scratch(graph, "backward_scratch"));
    let dq = graph.kernel(QueryGradient { of: of.clone(), mask }, operands);
    gradients[0] = Some(dq);
    for (operand, room) in rooms {
        gradients[operand] = Some(graph.kernel(ReadBuffer, vec![room, dq]));
    }
    gradients
}

impl Kernel for QueryGradient {
    fn result(&self, operands: &[&Type]) -> Type {
        operands[0].clone()
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        Vec::new()
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        // the scores are computed again
        let Attention { dim, .. } = &self.of.attention;
        let scores = Size::product(&self.of.attention.pairs(true)).times(dim);
        self.of.attention.flops().plus(&scores).times(&Size::from(2))
    }

    fn reads(&self, operand: usize, layout: &Layout) -> bool {
        let [y, _, dy] = self.results();
        (operand < 3 || operand == y || operand == dy) && in_heads(layout)
    }

    fn writes(&self, layout: &Layout) -> bool {
        in_heads(layout)
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, .. } = call;
        let (attention, given) = (self.of.attention.tokens(call), self.of.operand_tokens(call));
        let [y, logs, dy] = self.results();
        let rest = &operands[dy + 1..];
        let (logs, y, dy) = (&operands[logs], heads(call, Some(y)), heads(call, Some(dy)));
        let dq = heads(call, None);
        let (dk, dv, dmask, scratch) = match rest {
            [dk, dv, scratch] => (dk, dv, None, scratch),
            [dk, dv, dmask, scratch] => (dk, dv, Some(dmask), scratch),
            _ => return TokenStream::new(),
        };
        let dmask = call.optional(dmask);
        quote! {
            #runtime::attention::backward(
                #simd,
                #attention,
                &#given,
                #y,
                #logs,
                #dy,
                #runtime::attention::Gradients { dq: #dq, dk: #dk, dv: #dv, dmask: #dmask },
                #scratch,
            );
        }
    }
}

impl QueryGradient {
    /// Returns the indices of the operands that are the attention's result, its logarithms and the gradient
    /// of its result.
    fn results(&self) -> [usize; 3] {
        let first = 3 + usize::from(self.of.mask) + usize::from(self.of.padding);
        [first, first + 1, first + 2]
    }
}
