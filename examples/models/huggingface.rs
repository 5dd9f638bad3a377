//! A model's folder as Hugging Face has it: what `config.json` says, and text as tokens by `tokenizer.json`.

use monograd_examples::Outcome;
use serde_json::Value;
use std::fmt::Display;
use std::path::Path;

/// Returns what the `config.json` of a folder says.
///
/// # Errors
/// If it cannot be read, or is no JSON.
pub fn config(folder: &Path) -> Outcome<Value> {
    let path = folder.join("config.json");
    let at = |error: &dyn Display| format!("{}: {error}", path.display());
    let text = std::fs::read_to_string(&path).map_err(|error| at(&error))?;
    Ok(serde_json::from_str(&text).map_err(|error| at(&error))?)
}

/// The tokenizer of a model: the file `tokenizer.json` of its folder, or `vocab.json` and `merges.txt` of an older one
/// (GPT-2's pairs of bytes).
pub struct Tokens {
    tokenizer: tokenizers::Tokenizer,
}

impl Tokens {
    /// Opens the tokenizer in `folder`.
    ///
    /// # Errors
    /// If there is none, or it is damaged.
    pub fn open(folder: &Path) -> Outcome<Self> {
        let path = folder.join("tokenizer.json");
        let tokenizer = match folder.join("merges.txt").exists() && !path.exists() {
            true => byte_pairs(folder),
            false => tokenizers::Tokenizer::from_file(&path),
        };
        let mut tokenizer = tokenizer.map_err(|error| format!("{}: {error}", path.display()))?;
        // a text as long as it is, whatever the file says
        tokenizer.with_truncation(None).map_err(|error| error.to_string())?;
        tokenizer.with_padding(None);
        Ok(Self { tokenizer })
    }

    /// Returns the tokens of a text, with those that begin and end each text of the model if it is `framed`.
    ///
    /// # Errors
    /// Those of the tokenizer.
    pub fn encode(&self, text: &str, framed: bool) -> Outcome<Vec<u32>> {
        let encoding = self.tokenizer.encode(text, framed);
        Ok(encoding.map_err(|error| error.to_string())?.get_ids().to_vec())
    }

    /// Returns the text of tokens, without special ones.
    ///
    /// # Errors
    /// Those of the tokenizer.
    pub fn decode(&self, tokens: &[u32]) -> Outcome<String> {
        Ok(self.tokenizer.decode(tokens, true).map_err(|error| error.to_string())?)
    }

    /// Returns the number of a token.
    ///
    /// # Errors
    /// If there is no such token.
    pub fn number(&self, token: &str) -> Outcome<u32> {
        let number = self.tokenizer.token_to_id(token);
        Ok(number.ok_or_else(|| format!("the tokenizer has no token `{token}`"))?)
    }
}

/// Opens the files of GPT-2's tokenizer.
fn byte_pairs(folder: &Path) -> tokenizers::Result<tokenizers::Tokenizer> {
    use tokenizers::models::bpe::BPE;
    use tokenizers::pre_tokenizers::byte_level::ByteLevel;

    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let pairs = BPE::from_file(&path("vocab.json"), &path("merges.txt")).build()?;
    let mut tokenizer = tokenizers::Tokenizer::new(pairs);
    tokenizer.with_pre_tokenizer(Some(ByteLevel::new(false, true, true)));
    tokenizer.with_decoder(Some(ByteLevel::default()));
    Ok(tokenizer)
}
