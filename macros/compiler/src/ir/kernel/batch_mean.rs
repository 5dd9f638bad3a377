//! The mean over the samples of a batch.

use super::{Call, Derivative, Kernel};
use crate::ir::step::{Refusal, Stepped, StreamStep};
use crate::ir::{Graph, Leaf, Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The mean of every element over the samples of a batch: one value for all of them. A pass with it
/// takes the whole batch at once.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct BatchMean {
    /// The fewest samples: the pass is an error with fewer.
    pub least: Size,
}

impl Kernel for BatchMean {
    fn result(&self, operands: &[&Type]) -> Type {
        Type { batched: false, ..operands[0].clone() }
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        // every sample has the same share in the mean
        let share = at.graph.leaf(Leaf::BatchMean, Type::shared(Vec::new()));
        vec![Some(at.graph.multiply(at.gradient, share))]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        operands[0].len()
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        step.refuse("it is a mean over the samples of a batch, and a stream has one")
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, samples, operands, result, ty, tile, .. } = call;
        let (x, len) = (&operands[0], ty.len().tokens());
        quote!(#runtime::reduce::batch_mean(#simd, #samples, #len, #tile.batch_mean, #x, #result);)
    }
}

/// Returns the mean of a value over the samples of the batch; the value itself if it is the same for
/// all of them.
pub fn batch_mean(graph: &mut Graph, x: Value, least: Size) -> Value {
    if !graph.ty(x).batched {
        return x;
    }
    let shape = graph.shape(x).to_vec();
    if shape.is_empty() {
        // what is the same for all samples has an axis in memory
        let x = graph.view(x, vec![Size::one()]);
        let mean = graph.kernel(BatchMean { least }, vec![x]);
        return graph.view(mean, shape);
    }
    graph.kernel(BatchMean { least }, vec![x])
}
