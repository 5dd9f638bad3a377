//! Buffers that another operation writes, and their content afterwards, by which one operation has
//! several results.

use super::super::{Call, Derivative, Kernel};
use crate::ir::{Graph, Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;
use std::fmt;

/// A buffer with undefined content.
#[derive(PartialEq, Eq, Hash)]
pub struct OutBuffer {
    ty: Type,
    /// A number that distinguishes the buffer from all others.
    number: usize,
}

impl OutBuffer {
    /// Creates a buffer for a value of type `ty`.
    pub fn new(graph: &Graph, ty: Type) -> Self {
        Self { ty, number: graph.values().count() }
    }

    /// Creates a buffer in a copy of the graph `from`, whose buffers are not to be mistaken for it.
    pub fn apart(from: &Graph, graph: &Graph, ty: Type) -> Self {
        Self { ty, number: from.values().count() + graph.values().count() }
    }

    /// Adds a scratch buffer of type `ty`: in a loop, as long as any iteration needs.
    pub fn scratch(graph: &mut Graph, mut ty: Type) -> Value {
        for region in graph.enclosing(graph.region) {
            let (iteration, count) = graph.course(region);
            for size in &mut ty.shape {
                *size = size.most(&iteration.to_string(), &count);
            }
        }
        let buffer = Self::new(graph, ty);
        let scratch = graph.kernel(buffer, Vec::new());
        graph.name(scratch, "scratch");
        scratch
    }
}

impl fmt::Debug for OutBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OutBuffer {}", self.number)
    }
}

impl Kernel for OutBuffer {
    fn result(&self, _: &[&Type]) -> Type {
        self.ty.clone()
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        Vec::new()
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn call(&self, _: &Call<'_>) -> TokenStream {
        TokenStream::new()
    }
}

/// The content of a buffer, the first operand, once the second operand has been computed.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct ReadBuffer;

impl Kernel for ReadBuffer {
    fn result(&self, operands: &[&Type]) -> Type {
        operands[0].clone()
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; at.operands.len()]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn in_place(&self) -> bool {
        true
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, operands, result, in_place, .. } = call;
        let room = &operands[0];
        match in_place {
            true => TokenStream::new(),
            false => quote!(#runtime::copy::copy(#room, #result);),
        }
    }
}

/// Returns true if a kernel does not read this operand, but it has to be computed before.
#[must_use]
pub fn is_awaited(kernel: &dyn Kernel, operand: usize) -> bool {
    kernel.is::<ReadBuffer>() && operand == 1
}
