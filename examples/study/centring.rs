//! Experiment 2: do outputs that are not centred on zero slow learning down?
//!
//! Signs of gradients within a neuron, the path of two weights, and the time to learn of activations that differ in
//! centring, slope and saturation one at a time.

mod convergence;
pub mod path;
pub mod signs;

use crate::study::{Results, Scale};
use monograd_examples::Outcome;

/// Runs the experiment.
///
/// # Errors
/// Those of the networks.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    signs::run(scale, results)?;
    path::run(scale, results)?;
    convergence::run(scale, results)
}
