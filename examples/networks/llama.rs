//! Llama, with the names of Hugging Face's files.

use monograd::prelude::*;

// ANCHOR: network
/// The term that keeps a normalisation from dividing by zero: `rms_norm_eps`.
pub const EPS: f64 = 1e-5;

network! {
    /// Llama (Touvron et al. 2023, arXiv 2302.13971), which continues a text of `V` tokens: `HEADS` heads of
    /// queries share `GROUPS` of keys. The table of embeddings is also the weight of the output layer.
    #[streaming]
    pub Llama<
        const V: usize,
        const D: usize,
        const HEADS: usize,
        const GROUPS: usize,
        const HIDDEN: usize,
        const LAYERS: usize,
        const THETA: usize,
        const CONTEXT: usize,
    >(tokens: u32[dyn T <= CONTEXT]) -> [T, V] {
        let embed_tokens = Embedding(V, D, init = normal(0.02));
        let mut x = tokens >> embed_tokens;
        for i in 0..LAYERS {
            #[name = "layers.{i}"]
            let layer = LlamaLayer::<D, HEADS, GROUPS, HIDDEN, THETA>;
            x = x >> layer;
        }
        let norm = RmsNorm(eps = EPS);
        linear(x >> norm, embed_tokens.weight)
    }
    loss cross_entropy

    LlamaLayer<
        const D: usize,
        const HEADS: usize,
        const GROUPS: usize,
        const HIDDEN: usize,
        const THETA: usize,
    >(x: [dyn T, D]) -> [T, D] {
        let input_layernorm = RmsNorm(eps = EPS);
        let self_attn = LlamaAttention::<D, HEADS, GROUPS, THETA>;
        let post_attention_layernorm = RmsNorm(eps = EPS);
        let mlp = GatedMlp(HIDDEN);
        let h = x + (x >> input_layernorm >> self_attn);
        h + (h >> post_attention_layernorm >> mlp)
    }

    LlamaAttention<const D: usize, const HEADS: usize, const GROUPS: usize, const THETA: usize>(
        x: [dyn T, D],
    ) -> [T, D] {
        let q_proj = Linear(D, bias = false);
        let k_proj = Linear(GROUPS * (D / HEADS), bias = false);
        let v_proj = Linear(GROUPS * (D / HEADS), bias = false);
        let q = rope(reshape(x >> q_proj, [T, HEADS, D / HEADS]), theta = THETA);
        let k = rope(reshape(x >> k_proj, [T, GROUPS, D / HEADS]), theta = THETA);
        let v = reshape(x >> v_proj, [T, GROUPS, D / HEADS]);
        let o_proj = Linear(D, bias = false);
        reshape(attention(q, k, v, causal = true), [T, D]) >> o_proj
    }
}
// ANCHOR_END: network
