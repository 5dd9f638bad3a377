//! Trains networks to predict text character by character, and generates text.

pub mod program;

use crate::Outcome;
use crate::data::text::{self, Passages};
use crate::reading::fall;
use monograd::random::Generator;
use monograd::{Measures, Philox, prelude::*};

/// The number of characters in a passage, the unit of training.
pub const PASSAGE: usize = 64;

/// A network that predicts the next character at every character of a text, as a whole or in a stream.
pub trait Author:
    Streaming
    + for<'a> Trainable<
        Scalar = f32,
        Inputs<'a> = (&'a [u32],),
        Targets<'a> = (&'a [u32],),
        Output = Tensor<f32>,
    >
{
}

impl<N> Author for N where
    N: Streaming
        + for<'a> Trainable<
            Scalar = f32,
            Inputs<'a> = (&'a [u32],),
            Targets<'a> = (&'a [u32],),
            Output = Tensor<f32>,
        >
{
}

/// The hyperparameters of a training.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Number of batches.
    pub steps: u64,
    /// Number of passages in a batch.
    pub batch: usize,
    /// Number of batches between two calls of `report`.
    pub every: u64,
    /// The initial learning rate of `AdamW`; it decreases to zero along half a cosine.
    pub learning_rate: f64,
    /// The seed of the choice of passages.
    pub seed: u64,
}

/// Trains `net` on passages of `text`. Calls `report` with the mean loss since its previous call.
///
/// # Errors
/// Those of the network and of `report`.
pub fn learn<N: Author>(
    net: &mut N,
    text: &[u32],
    plan: Plan,
    mut report: impl FnMut(&N, f64) -> Outcome,
) -> Outcome {
    let mut random = Philox::new(plan.seed).stream(1);
    let mut optimizer = AdamW::new(plan.learning_rate);
    let mut sum = 0.0;
    for step in 0..plan.steps {
        optimizer.set_learning_rate(plan.learning_rate * fall(step, plan.steps));
        let Passages { read, next } = Passages::random(text, plan.batch, PASSAGE, &mut random);
        sum += f64::from(net.train_step(&read, &next, &mut optimizer)?);
        if (step + 1).is_multiple_of(plan.every) {
            report(net, std::mem::take(&mut sum) / plan.every as f64)?;
        }
    }
    Ok(())
}

/// Returns loss (nats per character) and accuracy on a text that is split into passages.
///
/// # Errors
/// Those of the network.
pub fn measure<N: Author>(net: &N, text: &[u32]) -> Result<Measures<f32>, Error> {
    let Passages { read, next } = Passages::all(text, PASSAGE);
    net.measure(&read, &next)
}

// ANCHOR: stream
/// Appends `count` characters to `begin`, in a stream: each is one step of the network. If the
/// network has a longest sequence and that is reached, the stream restarts with its last half.
///
/// # Errors
/// Those of the network.
pub fn write_on<N: Author>(
    net: &N,
    begin: &str,
    count: usize,
    temperature: f32,
    random: &mut Generator,
) -> Result<String, Error> {
    let mut written = text::encode(begin);
    let mut stream = net.stream();
    let mut unread = 0;
    let total = written.len() + count;
    while written.len() < total {
        if N::MOST_STEPS.is_some_and(|most| stream.position() + written.len() - unread > most) {
            stream.reset();
            unread = written.len() - N::MOST_STEPS.unwrap_or(0) / 2;
        }
        let mut next = None;
        for character in &written[unread..] {
            next = Some(choose(stream.try_step(&[*character])?, temperature, random));
        }
        unread = written.len();
        written.extend(next);
    }
    Ok(written.into_iter().map(text::character).collect())
}
// ANCHOR_END: stream

/// Draws a class with the softmax probabilities of the logits. A low temperature favours probable classes
/// more strongly.
#[must_use]
pub fn choose(logits: &[f32], temperature: f32, random: &mut Generator) -> u32 {
    let largest = logits.iter().copied().fold(f32::MIN, f32::max);
    let weight = |logit: &f32| ((logit - largest) / temperature).exp();
    let mut left = random.uniform() as f32 * logits.iter().map(weight).sum::<f32>();
    let chosen = logits.iter().position(|logit| {
        left -= weight(logit);
        left < 0.0
    });
    chosen.unwrap_or(logits.len() - 1) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chooses_by_probability() {
        let mut random = Philox::new(1).stream(0);
        let logits = [0.0, f32::ln(3.0), -1e9];
        let mut counts = [0; 3];
        (0..4000).for_each(|_| counts[choose(&logits, 1.0, &mut random) as usize] += 1);
        assert!(counts[2] == 0 && (2900..3100).contains(&counts[1]), "{counts:?}");
        assert!((0..1000).all(|_| choose(&logits, 0.01, &mut random) == 1));
    }
}
