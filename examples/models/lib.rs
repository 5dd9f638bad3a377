//! The folders and tokenizers of models of others, which several examples read.

mod huggingface;

pub use huggingface::{Tokens, config};
