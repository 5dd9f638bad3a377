//! Data of a training: read from files, split, scaled, and handed out in batches of samples and their targets.
//!
//! - Arrays in files: [`array`](mod@array) (IDX, npy), tables: `csv` (needs feature `csv`), recordings: `wav` (needs
//!   feature `wav`), and [`text`].
//! - [`Dataset`]: inputs and targets in memory. It is split, and [`batches`](Dataset::batches) makes a [`Loader`].
//! - [`Streamed`]: the batches of files that are larger than memory.
//! - [`Prefetch`]: batches that another thread prepares while a step runs.
//! - [`Scaler`], [`Augment`], [`class_weights`].
//!
//! A pair of inputs and targets is a [`Batch`]; several inputs are a tuple. What yields batches epoch by epoch is
//! [`Batches`]: a closure that returns an iterator of them, or a slice of batches.
//!
//! ```
//! use monograd::data::{Batch, Batches};
//! use monograd::prelude::*;
//!
//! network! {
//!     Line(x: [1]) -> [1] { x >> Linear(1) }
//!     loss mse
//! }
//!
//! /// Takes a step with each batch: a loop that is generic over networks and their data.
//! fn epoch<N: Trainable<Scalar = f32>>(
//!     net: &mut N,
//!     optimizer: &mut impl Optimizer<f32>,
//!     data: &mut impl Batches<N>,
//!     epoch: u64,
//! ) -> Result<(), Error> {
//!     for batch in data.epoch(epoch)? {
//!         let batch = batch?;
//!         net.train_step(batch.inputs(), batch.targets(), optimizer)?;
//!     }
//!     Ok(())
//! }
//!
//! let x: Vec<f32> = (0..64).map(|i| i as f32 / 64.0).collect();
//! let y: Vec<f32> = x.iter().map(|x| 2.0 * x + 1.0).collect();
//! let mut batches = |_epoch| x.chunks(16).zip(y.chunks(16));
//! let (mut net, mut optimizer) = (Line::init(1), Sgd::new(0.1));
//! for number in 0..300 {
//!     epoch(&mut net, &mut optimizer, &mut batches, number)?;
//! }
//! assert!(net.loss(&x, &y)? < 1e-4);
//! # Ok::<(), Error>(())
//! ```

pub mod array;
mod augment;
mod batch;
mod change;
#[cfg(feature = "csv")]
pub mod csv;
mod error;
mod loader;
mod prefetch;
mod samples;
mod saved;
mod scaler;
mod set;
pub mod split;
mod streamed;
pub mod text;
#[cfg(feature = "wav")]
pub mod wav;

pub use augment::Augment;
pub use batch::{Batch, Batches, Fallible, fallible};
pub use error::{DataError, DataProblem};
pub use loader::{Epoch, Loader};
pub use prefetch::{Prefetch, Prefetched};
pub use samples::Samples;
pub use scaler::Scaler;
pub use set::Dataset;
pub use split::class_weights;
pub use streamed::{Blocks, Streamed, StreamedEpoch};

#[cfg(test)]
mod tests;
