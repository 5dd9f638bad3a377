//! Experiment 5: where the sigmoid lives on. Gates of an LSTM, binary classification, pixels.

mod binary;
mod memory;
pub mod pixels;

use crate::study::{Results, Scale};
use monograd_examples::Outcome;

/// Runs the experiment.
///
/// # Errors
/// Those of the networks.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    binary::run(results)?;
    pixels::run(scale, results)?;
    memory::run(scale, results)
}
