//! The gradients of a convolution.

use super::Conv;
use crate::ir::kernel::{Call, Derivative, Kernel};
use crate::ir::{Graph, Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The gradient of the image, from dy, the weights and scratch memory.
#[derive(Debug, PartialEq, Eq, Hash)]
struct InputGradient {
    conv: Conv,
}

/// The gradient of the weights, from the image, dy and scratch memory, summed over the batch.
#[derive(Debug, PartialEq, Eq, Hash)]
struct WeightGradient {
    conv: Conv,
}

/// The gradient of the bias: the sum of dy over the batch and all positions of a channel.
#[derive(Debug, PartialEq, Eq, Hash)]
struct ChannelSums;

/// Adds the gradient of the image.
pub fn input_gradient(graph: &mut Graph, conv: &Conv, dy: Value, weight: Value) -> Value {
    let scratch = conv.scratch(graph, "input_gradient_scratch");
    graph.kernel(InputGradient { conv: conv.clone() }, vec![dy, weight, scratch])
}

/// Adds the gradient of the weights.
pub fn weight_gradient(graph: &mut Graph, conv: &Conv, x: Value, dy: Value) -> Value {
    let scratch = conv.scratch(graph, "weight_gradient_scratch");
    graph.kernel(WeightGradient { conv: conv.clone() }, vec![x, dy, scratch])
}

/// Adds the gradient of the bias.
pub fn bias_gradient(graph: &mut Graph, dy: Value) -> Value {
    graph.kernel(ChannelSums, vec![dy])
}

impl Kernel for InputGradient {
    fn result(&self, operands: &[&Type]) -> Type {
        let shape = self.conv.image(&self.conv.channels, &self.conv.size);
        Type { shape, ..operands[0].clone() }
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 3]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        self.conv.flops()
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, result, types, store, .. } = call;
        let (conv, samples) = (self.conv.tokens(call), call.rows(types[0], &Size::one()));
        let [dy, weight, scratch] = &operands[..] else { return TokenStream::new() };
        quote!(#runtime::conv::input_gradient(#simd, #conv, #samples, #dy, #weight, #result, #store, #scratch);)
    }
}

impl Kernel for WeightGradient {
    fn result(&self, _: &[&Type]) -> Type {
        Type::shared(self.conv.weights())
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 3]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        self.conv.flops()
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, result, types, store, .. } = call;
        let (conv, samples) = (self.conv.tokens(call), call.rows(types[0], &Size::one()));
        let [x, dy, scratch] = &operands[..] else { return TokenStream::new() };
        quote!(#runtime::conv::weight_gradient(#simd, #conv, #samples, #x, #dy, #result, #store, #scratch);)
    }
}

impl Kernel for ChannelSums {
    fn result(&self, operands: &[&Type]) -> Type {
        Type::shared(vec![operands[0].shape[0].clone()])
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        operands[0].len()
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, result, types, store, .. } = call;
        let samples = call.rows(types[0], &Size::one());
        let positions = Size::product(&types[0].shape[1..]).tokens();
        let dy = &operands[0];
        quote!(#runtime::conv::bias_gradient(#simd, #samples, #positions, #dy, #result, #store);)
    }
}
