//! Trains networks to read digits.

use crate::Outcome;
use crate::data::digits::Dataset;
use monograd::prelude::*;
use monograd::schedule::{Cosine, Schedule as _};
use monograd::train::Event;

const BATCH: usize = 32;

/// A network that classifies images of digits, and measures its accuracy.
pub trait Reader:
    for<'a> Trainable<Scalar = f32, Inputs<'a> = (&'a [f32],), Targets<'a> = (&'a [u32],)>
{
}

impl<N> Reader for N where
    N: for<'a> Trainable<Scalar = f32, Inputs<'a> = (&'a [f32],), Targets<'a> = (&'a [u32],)>
{
}

/// The hyperparameters of a training.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Number of passes over the digits.
    pub epochs: u64,
    /// The initial learning rate of `AdamW`; it decreases to zero along half a cosine.
    pub learning_rate: f64,
    /// The seed of the order of the digits.
    pub seed: u64,
}

/// Trains `net`. Calls `after_epoch` with it and its mean loss.
///
/// # Errors
/// Those of the network and of `after_epoch`.
pub fn learn<N: Reader>(
    net: &mut N,
    data: &Dataset,
    plan: Plan,
    mut after_epoch: impl FnMut(&N, f64) -> Outcome,
) -> Outcome {
    let mut optimizer = AdamW::new(plan.learning_rate);
    let schedule = Cosine::new(plan.learning_rate, 0.0, plan.epochs);
    let batches = data.len().div_ceil(BATCH) as u64;
    Trainer::new(net, &mut optimizer)
        .epochs(plan.epochs)
        .schedule(|step| schedule.rate(step / batches)) // by epoch
        .on(Event::EpochEnd, |at| after_epoch(at.net(), at.loss()))
        .fit(|epoch| data.batches(BATCH, plan.seed, epoch))?;
    Ok(())
}

/// Returns the share of digits that are classified correctly.
///
/// # Errors
/// Those of the network.
pub fn accuracy<N: Reader>(net: &N, data: &Dataset) -> Result<f64, Error> {
    let measures = net.measure(&data.images, &data.labels)?;
    Ok(f64::from(measures.get("accuracy").unwrap_or(0.0)))
}
