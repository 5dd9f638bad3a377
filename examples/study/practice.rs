//! Experiment 3: which activation learns best in practice?
//!
//! The same small GPT on a text, with another activation in its feed-forward layers; a perceptron and a convolutional
//! network on digits; and attention with a sigmoid in place of its softmax.

pub mod digits;
mod language;
mod squared;

use crate::study::{Results, Scale};
pub use language::times;
use monograd_examples::Outcome;
pub use squared::ReluSquared;

/// Runs the experiment.
///
/// # Errors
/// Those of the networks.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    digits::run(scale, results)?;
    language::run(scale, results)
}
