//! Reads and writes parameters in safetensors files, with the names and shapes of a PyTorch state
//! dict.
//!
//! [`load_with`] loads files of other programs, by the rules of [`Weights`].
//!
//! A file can also hold metadata: pairs of strings, which [`save_with`] writes and [`metadata`] reads.
//!
//! ```
//! use monograd::prelude::*;
//! use monograd::file;
//!
//! network! {
//!     Sentiment(x: [8]) -> [2] { x >> Linear(2) }
//! }
//!
//! # fn main() -> Result<(), Error> {
//! # let folder = std::env::temp_dir().join(format!("monograd-doc-file-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).unwrap();
//! let path = "sentiment.safetensors";
//! # let path = &folder.join(path);
//! Sentiment::init(1).save_with(path, [("classes", "negative, positive"), ("epoch", "12")])?;
//!
//! let metadata = file::metadata(path)?;
//! assert_eq!(metadata["classes"], "negative, positive");
//! assert_eq!(metadata["format"], "pt"); // what Hugging Face's loaders ask for
//!
//! // metadata is kept only if it is passed on
//! let net = Sentiment::load(path)?;
//! net.save_with(path, metadata)?;
//! # assert_eq!(file::metadata(path)?["epoch"], "12");
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok(())
//! # }
//! ```

mod dtype;
mod header;
mod index;
mod json;
mod kind;
mod names;
mod origin;
mod piece;
mod plan;
mod read;
mod report;
mod slot;
mod strings;
mod system;
mod target;
mod weights;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use kind::{CHECKPOINT, CHECKPOINT_STATES, OPTIMIZER, OPTIMIZER_STATES};
pub(crate) use origin::open;
pub(crate) use read::load_parts;
pub use read::{load, load_with, metadata, read, read_metadata, read_with};
pub use report::{Missing, Named, Report, Taken};
#[cfg(feature = "wav")]
pub(crate) use target::regular;
pub(crate) use target::{remove_stale, replace_bytes};
pub use weights::Weights;
pub use write::{save, save_with};

/// The key of a file's header that holds the metadata instead of a tensor.
const METADATA: &str = "__metadata__";
