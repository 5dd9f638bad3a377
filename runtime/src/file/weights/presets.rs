//! Rules for models of Hugging Face. They leave the names of a model's modules as they are, and are for
//! networks whose layers are called alike.

use super::Weights;

impl Weights {
    /// Returns the rules for a GPT-2, of the model alone or with its head, for a network with parameters
    /// `wte.weight`, `wpe.weight`, `h.{i}.ln_1.weight`, `h.{i}.attn.c_attn.weight` and so on.
    ///
    /// The four weights of each block are `[in, out]` in the files and are transposed, the masks in them
    /// are left out, and `lm_head.weight` is `wte.weight` unless the network has it.
    pub fn gpt2() -> Self {
        Self::new()
            .prefix("transformer.")
            .transpose("c_attn.weight")
            .transpose("c_proj.weight")
            .transpose("c_fc.weight")
            .ignore("attn.bias")
            .ignore("attn.masked_bias")
            .tied("lm_head.weight", "wte.weight")
    }

    /// Returns the rules for a BERT, for a network with parameters `embeddings.word_embeddings.weight`,
    /// `encoder.layer.{i}.attention.self.query.weight` and so on.
    ///
    /// The `gamma` and `beta` of old files are `weight` and `bias`. The pooler and the heads of
    /// pre-training are left out if the network has none.
    pub fn bert() -> Self {
        Self::new()
            .prefix("bert.")
            .rename("gamma", "weight")
            .rename("beta", "bias")
            .ignore("position_ids")
            .optional("pooler")
            .optional("cls")
    }

    /// Returns the rules for a Llama, and models whose layers are called alike (Mistral, Qwen2, `SmolLM`),
    /// for a network with parameters `embed_tokens.weight`, `layers.{i}.self_attn.q_proj.weight`,
    /// `layers.{i}.mlp.gate_proj.weight`, `norm.weight` and so on.
    ///
    /// `lm_head.weight` is `embed_tokens.weight` unless the network has it.
    pub fn llama() -> Self {
        Self::new()
            .prefix("model.")
            .ignore("rotary_emb.inv_freq")
            .tied("lm_head.weight", "embed_tokens.weight")
    }
}
