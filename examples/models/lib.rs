//! What the examples with models of others share: their folders and tokenizers.

mod huggingface;

pub use huggingface::{Tokens, config};
