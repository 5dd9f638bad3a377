//! The backward pass of an external layer: one call for the gradients of all inputs and parameters.

use super::out_buffer::{OutBuffer, ReadBuffer};
use super::{Applied, scratch};
use crate::ir::kernel::{Call, Derivative, Kernel};
use crate::ir::{Type, Value};
use crate::size::{Cost, Size};
use proc_macro2::TokenStream;
use quote::quote;

/// The gradient of the parameters. The operands are the inputs, the parameters, the gradient of the
/// outputs, a buffer for the gradient of each input, and a scratch buffer.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Backward {
    applied: Applied,
    ty: Type,
    /// `true` if the parameters are frozen: the memory of their gradient only serves as scratch
    /// memory.
    frozen: bool,
}

/// Adds the backward pass. Returns the gradients of the inputs and of the parameters, and none for
/// the scratch buffer.
pub fn run_backward(applied: &Applied, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
    let count = applied.shapes.len();
    let (inputs, parameters) = (&at.operands[..count], at.operands[count]);
    let graph = &mut *at.graph;
    let mut operands = inputs.to_vec();
    operands.extend([parameters, at.gradient]);
    let mut rooms = Vec::new();
    for input in inputs {
        let room = OutBuffer::new(graph, graph.ty(*input).clone());
        rooms.push(graph.kernel(room, Vec::new()));
    }
    operands.extend(&rooms);
    operands.push(scratch(graph, applied, Cost::Backward));
    let (applied, ty) = (applied.clone(), graph.ty(parameters).clone());
    let frozen = !at.wanted[count];
    let of_parameters = graph.kernel(Backward { applied, ty, frozen }, operands);
    let content = |room| graph.kernel(ReadBuffer, vec![room, of_parameters]);
    let mut gradients: Vec<Option<Value>> = rooms.into_iter().map(content).map(Some).collect();
    gradients.extend([Some(of_parameters), None]);
    gradients
}

impl Kernel for Backward {
    fn result(&self, _: &[&Type]) -> Type {
        self.ty.clone()
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        Vec::new()
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        // the backward pass computes the forward pass again
        self.applied.flops().times(&Size::from(3))
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, result, store, .. } = call;
        let (layer, applied) = (self.applied.layer.as_layer(), self.applied.tokens(call));
        let (inputs, rest) = operands.split_at(self.applied.shapes.len());
        let [parameters, d_output, d_inputs @ .., scratch] = rest else {
            return TokenStream::new();
        };
        // the memory of the gradient of frozen parameters only served as scratch memory
        let clear = self.frozen.then(|| quote!(#result.fill(#runtime::zero());));
        quote! {
            #layer::run_backward(
                #simd,
                #applied,
                #parameters,
                [#(#inputs),*],
                #d_output,
                [#(#d_inputs),*],
                (#result, #store),
                #scratch,
            );
            #clear
        }
    }
}
