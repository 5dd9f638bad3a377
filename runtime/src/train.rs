//! Training: a loop over batches with validation, early stopping, checkpoints and reports.
//!
//! ```
//! use monograd::prelude::*;
//! use monograd::train::Trainer;
//!
//! network! {
//!     Wave(x: [1]) -> [1] { x >> Linear(16) >> Tanh >> Linear(1) }
//!     loss mse
//! }
//!
//! # fn main() -> Result<(), Error> {
//! # let folder = std::env::temp_dir().join(format!("monograd-doc-train-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).unwrap();
//! # let path = folder.join("wave.safetensors");
//! let x: Vec<f32> = (0..256).map(|i| i as f32 / 128.0 - 1.0).collect();
//! let y: Vec<f32> = x.iter().map(|x| (3.0 * x).sin()).collect();
//!
//! let mut net = Wave::init(1);
//! let mut optimizer = AdamW::new(1e-2);
//! let fitted = Trainer::new(&mut net, &mut optimizer)
//!     .epochs(60)
//!     .validation(|_epoch| [(&x, &y)])
//!     .patience(10)
//!     .fit(|_epoch| x.chunks(32).zip(y.chunks(32)))?;
//! assert!(fitted.history.last("val_loss") < Some(0.1));
//! # let saved =
//! net.save(path)?;
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok(())
//! # }
//! ```
//!
//! Each piece serves in a loop of your own over [`train_step`](crate::Network::train_step) as well: [`evaluate`],
//! [`EarlyStopping`], [`History`], [`Average`], [`Checkpoints`].

mod average;
mod callback;
mod checkpoint;
mod course;
mod error;
mod evaluate;
mod fit;
mod fitted;
mod history;
#[cfg(feature = "interrupt")]
mod interrupt;
mod metric;
mod options;
#[cfg(feature = "progress")]
mod progress;
mod ranks;
mod report;
mod stopping;
mod trainer;

pub use average::Average;
pub use callback::{Answer, At, Callback, Event};
pub use checkpoint::Checkpoints;
pub use error::TrainError;
pub use evaluate::{Measured, evaluate};
pub use fitted::{Fitted, Stop};
pub use history::History;
pub use metric::{Metric, Perplexity};
pub use stopping::{EarlyStopping, Goal};
pub use trainer::Trainer;

#[cfg(test)]
mod tests;
