//! GPT-2, with the names of Hugging Face's files.

use monograd::prelude::*;

// ANCHOR: network
network! {
    /// GPT-2 (Radford et al. 2019), which continues a text of `V` tokens. The table of embeddings is also
    /// the weight of the output layer.
    #[streaming]
    pub Gpt2<
        const V: usize,
        const D: usize,
        const HEADS: usize,
        const LAYERS: usize,
        const CONTEXT: usize,
    >(tokens: u32[dyn T <= CONTEXT]) -> [T, V] {
        let wte = Embedding(V, D, init = normal(0.02));
        let wpe = LearnedPositions(CONTEXT);
        let mut x = tokens >> wte >> wpe;
        for i in 0..LAYERS {
            #[name = "h.{i}"]
            let block = Gpt2Block::<D, HEADS>;
            x = x >> block;
        }
        let ln_f = LayerNorm();
        linear(x >> ln_f, wte.weight)
    }
    loss cross_entropy

    Gpt2Block<const D: usize, const HEADS: usize>(x: [dyn T, D]) -> [T, D] {
        let ln_1 = LayerNorm();
        let attn = Gpt2Attention::<D, HEADS>;
        let ln_2 = LayerNorm();
        let mlp = Gpt2Mlp::<D>;
        let x = x + (x >> ln_1 >> attn);
        x + (x >> ln_2 >> mlp)
    }

    Gpt2Attention<const D: usize, const HEADS: usize>(x: [dyn T, D]) -> [T, D] {
        let c_attn = Linear(3 * D);
        let c_proj = Linear(D);
        let (q, k, v) = split(reshape(x >> c_attn, [T, 3 * HEADS, D / HEADS]), 3, axis = 1);
        reshape(attention(q, k, v, causal = true), [T, D]) >> c_proj
    }

    Gpt2Mlp<const D: usize>(x: [dyn T, D]) -> [T, D] {
        let c_fc = Linear(4 * D);
        let c_proj = Linear(D);
        x >> c_fc >> GeluTanh >> c_proj
    }
}
// ANCHOR_END: network
