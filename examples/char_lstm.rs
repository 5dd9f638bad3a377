//! Learns a text character by character with an LSTM, and writes on:
//! `cargo run --release --example char-lstm -- --text FILE`.

use clap::Parser;
use monograd::data::text::RandomPassages;
use monograd::schedule::Cosine;
use monograd::train::Event;
use monograd::{Sampler, prelude::*};
use monograd_examples::Outcome;
use monograd_examples::data::text::{self, CHARACTERS, parts};
use monograd_examples::terminal::{Progress, finish};
use monograd_examples::writing::{PASSAGE, measure};
use std::io::{Write, stdout};
use std::{path::PathBuf, process::ExitCode, time::Instant};

// ANCHOR: network
network! {
    /// Predicts, at every character of a text, which of `V` characters comes next.
    #[streaming]
    pub Writer<const V: usize, const D: usize, const H: usize>(text: u32[dyn T]) -> [T, V] {
        let embedding = Embedding(V, D);
        let lstm = Lstm(H);
        let head = Linear(V);
        text >> embedding >> lstm >> head
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: network

type Net = Writer<CHARACTERS, 32, 128>;

/// Reads most of a text, and writes on by itself.
#[derive(Parser)]
struct Options {
    /// A text file; without it, most of this project's book is read, which is part of this program.
    /// Characters that are not printable ASCII are left out
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// Number of batches of 16 passages to read
    #[arg(long, default_value_t = 800, value_parser = clap::value_parser!(u64).range(1..))]
    steps: u64,
    /// The beginning of the text that it writes
    #[arg(long, default_value = "A network ")]
    begin: String,
    /// Number of characters to write
    #[arg(long, default_value_t = 400)]
    characters: usize,
    /// Temperature: below 1 it writes what is likely, above 1 what is not
    #[arg(long, default_value_t = 0.7)]
    temperature: f32,
    /// Seed of the initial weights, of the passages read and of the text written
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

fn main() -> ExitCode {
    finish(run(&Options::parse()))
}

fn run(options: &Options) -> Outcome {
    let mut out = stdout();
    if !(options.temperature > 0.0 && options.temperature.is_finite()) {
        return Err("the temperature is a number above 0".into());
    }
    let (read, held_out) = match &options.text {
        None => text::split(),
        Some(path) => parts(&std::fs::read_to_string(path)?)?,
    };
    writeln!(out, "{}", Net::summary())?;
    let epochs = options.steps / batches_of_epoch(options.steps);
    let (start, progress) = (Instant::now(), Progress::new(epochs));
    let mut net = Net::init(options.seed);
    learn(&mut net, &read, options.steps, options.seed, |net, loss| {
        let accuracy = measure(net, &held_out)?.get("accuracy").unwrap_or(0.0);
        Ok(progress.epoch(loss, accuracy.into())?)
    })?;
    writeln!(out, "trained in {:.2} s", start.elapsed().as_secs_f64())?;

    let mut sampler = Sampler::new(CHARACTERS).temperature(options.temperature).seed(options.seed);
    let begin = if options.begin.is_empty() { "\n" } else { &options.begin };
    let written = write_on(&net, begin, options.characters, &mut sampler)?;
    writeln!(out, "\n{written}\n")?;
    let measures = measure(&net, &held_out)?;
    let guess = (CHARACTERS as f64).ln();
    writeln!(out, "a blind guess: loss {guess:.2}; held out: {measures}")?;
    writeln!(out, "validation loss: {:.2}", measures.loss)?;
    Ok(())
}

/// Returns the number of batches of each of up to twenty epochs.
fn batches_of_epoch(steps: u64) -> u64 {
    steps.div_ceil(20)
}

/// Trains on random passages of a text. Calls `after_epoch` with the network and its mean loss.
fn learn<const D: usize, const H: usize>(
    net: &mut Writer<CHARACTERS, D, H>,
    text: &[u32],
    steps: u64,
    seed: u64,
    mut after_epoch: impl FnMut(&Writer<CHARACTERS, D, H>, f64) -> Outcome,
) -> Outcome {
    const BATCH: usize = 16;
    const LEARNING_RATE: f64 = 1e-2;
    Trainer::new(net, &mut AdamW::new(LEARNING_RATE))
        .steps(steps)
        .schedule(Cosine::new(LEARNING_RATE, 0.0, steps))
        .on(Event::EpochEnd, |at| after_epoch(at.net(), at.loss()))
        .fit(RandomPassages::new(text, PASSAGE, BATCH, batches_of_epoch(steps), seed)?)?;
    Ok(())
}

// ANCHOR: stream
/// Appends characters to `begin`, in a stream: the network reads one at a time, and its state is
/// all that it remembers.
fn write_on<const D: usize, const H: usize>(
    net: &Writer<CHARACTERS, D, H>,
    begin: &str,
    count: usize,
    sampler: &mut Sampler,
) -> Outcome<String> {
    let (mut written, mut stream) = (text::vocabulary().encode_known(begin), net.stream());
    let Some(mut next) = written.pop() else { return Err("there is nothing to go on with".into()) };
    for character in &written {
        stream.try_step(&[*character])?;
    }
    for _ in 0..count {
        written.push(next);
        next = sampler.sample(stream.try_step(&[next])?)?;
    }
    written.push(next);
    Ok(text::vocabulary().decode(&written))
}
// ANCHOR_END: stream

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_to_write() {
        let (book, held_out) = text::split();
        let mut net = Writer::<CHARACTERS, 16, 32>::init(42);
        let before = measure(&net, &held_out).unwrap();
        let mut losses = Vec::new();
        learn(&mut net, &book, 100, 1, |_, loss| {
            losses.push(loss);
            Ok(())
        })
        .unwrap();
        let after = measure(&net, &held_out).unwrap();
        assert!(losses.len() == 20 && losses[19] < losses[9], "{losses:?}");
        // the frequencies of characters alone give a loss of 3.3 nats
        assert!(after.loss < 3.1 && before.loss > 4.0, "{before} then {after}");
        let mut sampler = Sampler::new(CHARACTERS).temperature(0.5).seed(1);
        let sample = write_on(&net, "The ", 100, &mut sampler).unwrap();
        assert!(sample.starts_with("The ") && sample.len() == 104, "{sample}");
        assert!(write_on(&net, "ä", 1, &mut sampler).is_err());
    }

    #[test]
    fn a_short_text_is_an_error() {
        assert!(parts("too short").is_err());
        let (read, held_out) = parts(&"characters ".repeat(100)).unwrap();
        assert_eq!((read.len(), held_out.len()), (990, 110));
    }
}
