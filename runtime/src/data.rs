//! Data of a training: batches of samples and their targets.
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

mod batch;
mod error;

pub use batch::{Batch, Batches, Fallible, fallible};
pub use error::DataError;

#[cfg(test)]
mod tests;
