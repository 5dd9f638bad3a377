//! A program that trains on most of this project's book and then generates text.

use super::{Author, Plan, learn, measure, write_on};
use crate::Outcome;
use crate::data::text::{self, CHARACTERS};
use crate::terminal::Progress;
use clap::Parser;
use monograd::Sampler;
use std::io::{Write as _, stdout};

/// Reads most of this project's book and writes on by itself.
#[derive(Parser)]
pub struct Options {
    /// Number of batches of 16 passages to read
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    steps: Option<u64>,
    /// Number of characters to write
    #[arg(long, default_value_t = 400)]
    characters: usize,
    /// Temperature: below 1 it writes what is likely, above 1 what is not
    #[arg(long, default_value_t = 0.7, value_parser = above_zero)]
    temperature: f32,
    /// Seed of the initial weights, of the passages read and of the text written
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

fn above_zero(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(x) if x > 0.0 && f32::is_finite(x) => Ok(x),
        _ => Err("expected a number above 0".to_owned()),
    }
}

/// Trains the network that `init` creates from a seed, for `steps` batches unless the options say
/// otherwise, and lets it write.
///
/// # Errors
/// Those of the network and of the terminal.
pub fn run<N: Author>(
    init: impl FnOnce(u64) -> N,
    steps: u64,
    learning_rate: f64,
    options: &Options,
) -> Outcome {
    let mut out = stdout();
    let (book, held_out) = text::split();
    let (steps, seed) = (options.steps.unwrap_or(steps), options.seed);
    let mut net = init(seed);
    writeln!(out, "{}", net.summarize())?;
    let every = steps.div_ceil(20);
    let progress = Progress::new(steps / every);
    let plan = Plan { steps, batch: 16, every, learning_rate, seed };
    learn(&mut net, &book, plan, |net, loss| {
        let accuracy = measure(net, &held_out)?.get("accuracy").unwrap_or(0.0);
        Ok(progress.epoch(loss, f64::from(accuracy))?)
    })?;

    let mut sampler = Sampler::new(CHARACTERS).temperature(options.temperature).seed(seed);
    let sample = write_on(&net, "A network ", options.characters, &mut sampler)?;
    writeln!(out, "\n{sample}\n")?;
    let measures = measure(&net, &held_out)?;
    let guess = (CHARACTERS as f64).ln();
    writeln!(out, "on pages it has not read: {measures} (a blind guess: loss {guess:.4})")?;
    Ok(())
}
