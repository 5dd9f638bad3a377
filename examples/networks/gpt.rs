//! GPT-2, of the layers that are there.

use monograd::prelude::*;

// ANCHOR: network
network! {
    /// GPT-2 (Radford et al. 2019): predicts, at every character of a text, which of `V` characters comes
    /// next. The table of embeddings is also the weight of the output layer.
    #[streaming]
    pub Gpt<
        const V: usize,
        const D: usize,
        const HEADS: usize,
        const LAYERS: usize,
        const CONTEXT: usize,
    >(text: u32[dyn T <= CONTEXT]) -> [T, V] {
        let wte = param([V, D], init = normal(0.02));
        let wpe = LearnedPositions(CONTEXT);
        let mut x = gather(wte, text) >> wpe;
        for i in 0..LAYERS {
            #[name = "h.{i}"]
            let block = TransformerEncoderLayer(
                HEADS,
                4 * D,
                dropout = 0.0,
                activation = Gelu,
                norm_first = true,
                causal = true,
            );
            x = x >> block;
        }
        let ln_f = LayerNorm();
        linear(x >> ln_f, wte)
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: network
