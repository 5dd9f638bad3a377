//! Trains networks to predict text character by character, and generates text.

pub mod program;

use crate::Outcome;
use crate::data::text;
use monograd::data::text::Passages;
use monograd::data::{DataError, fallible};
use monograd::schedule::Cosine;
use monograd::train::Event;
use monograd::{Measures, Philox, Sampler, prelude::*};

/// The number of characters in a passage, the unit of training.
pub const PASSAGE: usize = 64;

/// A network that predicts the next character at every character of a text, as a whole or in a stream.
pub trait Author: Streaming + Supervised<u32, u32> {}

impl<N: Streaming + Supervised<u32, u32>> Author for N {}

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
    let mut optimizer = AdamW::new(plan.learning_rate);
    let mut sum = 0.0;
    Trainer::new(net, &mut optimizer)
        .steps(plan.steps)
        .schedule(Cosine::new(plan.learning_rate, 0.0, plan.steps))
        .on(Event::StepEnd, |at| {
            sum += at.loss();
            match at.step().is_multiple_of(plan.every) {
                true => report(at.net(), std::mem::take(&mut sum) / plan.every as f64),
                false => Ok(()),
            }
        })
        .fit(fallible(|_| {
            let mut random = Philox::new(plan.seed).stream(1);
            std::iter::repeat_with(move || {
                let passages = Passages::random(text, plan.batch, PASSAGE, &mut random)?;
                Ok::<_, DataError>((passages.read, passages.next))
            })
        }))?;
    Ok(())
}

/// Returns loss (nats per character) and accuracy on a text that is split into passages.
///
/// # Errors
/// Those of the network.
pub fn measure<N: Author>(net: &N, text: &[u32]) -> Result<Measures<f32>, Error> {
    let Passages { read, next } = Passages::all(text, PASSAGE)?;
    net.measure(&read, &next)
}

// ANCHOR: stream
/// Appends `count` characters to `begin`, in a stream: each is one step of the network. If the
/// network has a longest sequence and that is reached, the stream restarts with its last half. After
/// nothing, nothing follows.
///
/// # Errors
/// Those of the network and of the sampler.
pub fn write_on<N: Author>(
    net: &N,
    begin: &str,
    count: usize,
    sampler: &mut Sampler,
) -> Result<String, Error> {
    let mut written = text::vocabulary().encode_known(begin);
    let mut stream = net.stream();
    let mut unread = 0;
    let total = written.len() + count;
    while written.len() < total {
        if N::MOST_STEPS.is_some_and(|most| stream.position() + written.len() - unread > most) {
            stream.reset();
            unread = written.len() - N::MOST_STEPS.unwrap_or(0) / 2;
        }
        let Some((last, read)) = written[unread..].split_last() else { break };
        for character in read {
            stream.try_step(&[*character])?;
        }
        let next = sampler.sample(stream.try_step(&[*last])?)?;
        unread = written.len();
        written.push(next);
    }
    Ok(text::vocabulary().decode(&written))
}
// ANCHOR_END: stream
