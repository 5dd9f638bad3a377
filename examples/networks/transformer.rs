//! A hand-written Transformer, including layer normalisation and attention.

use super::norm;
use monograd::prelude::*;

// ANCHOR: network
network! {
    /// A small GPT: predicts, at every character of a text, which of `V` characters comes next. The
    /// embedding table is also the weight of the output layer (tied weights).
    #[streaming]
    pub Transformer<
        const V: usize,
        const D: usize,
        const HEADS: usize,
        const LAYERS: usize,
        const CONTEXT: usize,
    >(text: u32[dyn T <= CONTEXT]) -> [T, V] {
        let embedding = param([V, D], init = normal(0.1));
        let position = param([CONTEXT, D], init = normal(0.1));
        let mut x = gather(embedding, text) + position[..T];
        for i in 0..LAYERS {
            #[name = "blocks.{i}"]
            let block = Block::<D, HEADS>;
            x = x >> block;
        }
        let norm = norm::LayerNorm::<D>();
        matmul(x >> norm, transpose(embedding))
    }
    loss cross_entropy
    metric accuracy

    /// Normalises the input of each half, not its output (pre-norm).
    Block<const D: usize, const HEADS: usize>(x: [dyn T, D]) -> [T, D] {
        let norm1 = norm::LayerNorm::<D>();
        let attention = Attention::<D, HEADS>;
        let norm2 = norm::LayerNorm::<D>();
        let linear1 = Linear(4 * D);
        let linear2 = Linear(D);
        let x = x + (x >> norm1 >> attention);
        x + (x >> norm2 >> linear1 >> Gelu >> linear2)
    }

    /// Causal self-attention with several heads.
    Attention<const D: usize, const HEADS: usize>(x: [dyn T, D]) -> [T, D] {
        let qkv = Linear(3 * D);
        let out = Linear(D);
        let (q, k, v) = split(x >> qkv, 3, axis = 1);
        let q = transpose(reshape(q, [T, HEADS, D / HEADS]), 0, 1);
        let k = transpose(reshape(k, [T, HEADS, D / HEADS]), 0, 1);
        let v = transpose(reshape(v, [T, HEADS, D / HEADS]), 0, 1);
        let scores = matmul(q, transpose(k)) / sqrt(D / HEADS);
        let y = matmul(softmax(mask_future(scores)), v);
        reshape(transpose(y, 0, 1), [T, D]) >> out
    }
}
// ANCHOR_END: network
