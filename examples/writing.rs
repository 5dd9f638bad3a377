//! Learning to write, character by character, whatever the network.

pub mod program;

use crate::Outcome;
use crate::data::text::{self, Passages};
use crate::reading::fall;
use monograd::random::Generator;
use monograd::{Measures, Philox, prelude::*};

/// Characters in a passage: what is learned at once.
pub const PASSAGE: usize = 64;

/// A network that says at every character of a text which comes next, all at once or in a stream.
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

/// How to learn.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many batches to look at.
    pub steps: u64,
    /// How many passages are a batch.
    pub batch: usize,
    /// After how many of them `report` is told.
    pub every: u64,
    /// That of `AdamW` at the beginning; it falls to none along half a cosine.
    pub learning_rate: f64,
    /// Decides the passages.
    pub seed: u64,
}

/// Trains `net` on passages of `text`, and tells `report` the mean loss since it was told last.
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

/// Loss (nats a character) and accuracy on a text, read in passages.
///
/// # Errors
/// Those of the network.
pub fn measure<N: Author>(net: &N, text: &[u32]) -> Result<Measures<f32>, Error> {
    let Passages { read, next } = Passages::all(text, PASSAGE);
    net.measure(&read, &next)
}

// ANCHOR: stream
/// Writes on from `begin`, so many characters, in a stream: one step of the network each. Where
/// the network looks back only so far, it reads the last half of that again.
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
        if N::MOST_STEPS.is_some_and(|most| stream.steps() + written.len() - unread > most) {
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

/// One of the classes, by the probabilities that logits give them; at a low temperature likely ones
/// are likelier still.
fn choose(logits: &[f32], temperature: f32, random: &mut Generator) -> u32 {
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
