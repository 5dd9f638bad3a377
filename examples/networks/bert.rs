//! BERT as an encoder of sentences, with the names of Hugging Face's files.

use monograd::prelude::*;

// ANCHOR: network
network! {
    /// The embedding of a sentence by BERT (Devlin et al. 2018, arXiv 1810.04805), as Sentence-BERT takes it (Reimers and
    /// Gurevych 2019, arXiv 1908.10084): the mean of what comes out for its `count` tokens, of length 1.
    pub SentenceBert<
        const V: usize,
        const D: usize,
        const HEADS: usize,
        const HIDDEN: usize,
        const LAYERS: usize,
        const POSITIONS: usize,
    >(tokens: u32[dyn T <= POSITIONS], count: u32[]) -> [D] {
        let embeddings = BertEmbeddings::<V, D, POSITIONS>;
        let inside = sequence_mask(count, T);
        let mut x = tokens >> embeddings;
        for i in 0..LAYERS {
            #[name = "encoder.layer.{i}"]
            let layer = BertLayer::<D, HEADS, HIDDEN>;
            x = (x, 1 - inside) >> layer;
        }
        normalize(masked_mean(x, inside))
    }

    BertEmbeddings<const V: usize, const D: usize, const POSITIONS: usize>(
        tokens: u32[dyn T <= POSITIONS],
    ) -> [T, D] {
        let word_embeddings = Embedding(V, D);
        let position_embeddings = LearnedPositions(POSITIONS);
        // all of a sentence is of the first type
        #[name = "token_type_embeddings.weight"]
        let types = param([2, D], init = normal(0.02));
        #[name = "LayerNorm"]
        let norm = LayerNorm(eps = 1e-12);
        (tokens >> word_embeddings >> position_embeddings) + types[0] >> norm
    }

    BertLayer<const D: usize, const HEADS: usize, const HIDDEN: usize>(
        x: [dyn T, D],
        padding: [T],
    ) -> [T, D] {
        #[name = "attention.self.query"]
        let query = Linear(D);
        #[name = "attention.self.key"]
        let key = Linear(D);
        #[name = "attention.self.value"]
        let value = Linear(D);
        let q = reshape(x >> query, [T, HEADS, D / HEADS]);
        let k = reshape(x >> key, [T, HEADS, D / HEADS]);
        let v = reshape(x >> value, [T, HEADS, D / HEADS]);
        let seen = reshape(attention(q, k, v, padding = padding), [T, D]);
        #[name = "attention.output"]
        let after_attention = BertOutput::<D, D>;
        let h = (seen, x) >> after_attention;
        #[name = "intermediate.dense"]
        let intermediate = Linear(HIDDEN);
        let output = BertOutput::<HIDDEN, D>;
        (h >> intermediate >> Gelu, h) >> output
    }

    BertOutput<const FROM: usize, const D: usize>(h: [dyn T, FROM], x: [T, D]) -> [T, D] {
        let dense = Linear(D);
        #[name = "LayerNorm"]
        let norm = LayerNorm(eps = 1e-12);
        (h >> dense) + x >> norm
    }
}
// ANCHOR_END: network
