//! Trains networks to read digits.

use crate::Outcome;
use crate::data::digits::Dataset;
use monograd::{Philox, prelude::*};
use std::f64::consts::PI;

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
    for epoch in 0..plan.epochs {
        optimizer.set_learning_rate(plan.learning_rate * fall(epoch, plan.epochs));
        let order = Philox::new(plan.seed).stream(1 + epoch).permutation(data.len());
        let mut sum = 0.0;
        for batch in order.chunks(BATCH) {
            let Dataset { images, labels } = data.select(batch);
            let loss = net.train_step(&images, &labels, &mut optimizer)?;
            sum += f64::from(loss) * batch.len() as f64;
        }
        after_epoch(net, sum / data.len() as f64)?;
    }
    Ok(())
}

/// Returns half a cosine: from 1 to nearly 0.
#[must_use]
pub fn fall(step: u64, steps: u64) -> f64 {
    f64::midpoint(1.0, (PI * step as f64 / steps as f64).cos())
}

/// Returns the share of digits that are classified correctly.
///
/// # Errors
/// Those of the network.
pub fn accuracy<N: Reader>(net: &N, data: &Dataset) -> Result<f64, Error> {
    let measures = net.measure(&data.images, &data.labels)?;
    Ok(f64::from(measures.get("accuracy").unwrap_or(0.0)))
}
