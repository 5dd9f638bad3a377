//! A model's folder as Hugging Face has it: what `config.json` says, and text as tokens by `tokenizer.json`. The
//! latter takes the crate `tokenizers`, a feature of the examples.

use crate::Outcome;
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
    #[cfg(feature = "tokenizers")]
    tokenizer: tokenizers::Tokenizer,
    #[cfg(not(feature = "tokenizers"))]
    none: std::convert::Infallible,
}

#[cfg(feature = "tokenizers")]
impl Tokens {
    /// Opens the tokenizer in `folder`. `example` is the program's name, for the error without the feature.
    ///
    /// # Errors
    /// If there is none, or the program was built without the feature `tokenizers`.
    pub fn open(folder: &Path, _example: &str) -> Outcome<Self> {
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
#[cfg(feature = "tokenizers")]
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

#[cfg(not(feature = "tokenizers"))]
#[allow(clippy::missing_errors_doc, reason = "those above")]
impl Tokens {
    /// Returns an error that tells how to build the program with its tokenizer.
    pub fn open(_folder: &Path, example: &str) -> Outcome<Self> {
        Err(format!(
            "this program was built without its tokenizer; build it with the feature `tokenizers`:\n\
             cargo run --release --features tokenizers --example {example} -- FOLDER"
        )
        .into())
    }

    /// Is never called, as there is no tokenizer.
    pub fn encode(&self, _text: &str, _framed: bool) -> Outcome<Vec<u32>> {
        match self.none {}
    }

    /// Is never called, as there is no tokenizer.
    pub fn decode(&self, _tokens: &[u32]) -> Outcome<String> {
        match self.none {}
    }

    /// Is never called, as there is no tokenizer.
    pub fn number(&self, _token: &str) -> Outcome<u32> {
        match self.none {}
    }
}
