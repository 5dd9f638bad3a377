//! Learns to write like this project's book, with a Transformer:
//! `cargo run --release --example transformer`.

use clap::Parser;
use monograd::Philox;
use monograd_examples::Outcome;
use monograd_examples::data::text::{self, CHARACTERS};
use monograd_examples::networks::transformer::Transformer;
use monograd_examples::terminal::{Progress, finish};
use monograd_examples::writing::{PASSAGE, Plan, learn, measure, write_on};
use std::io::{Write, stdout};
use std::process::ExitCode;

type Net = Transformer<CHARACTERS, 64, 4, 2, PASSAGE>;

/// Reads most of this project's book and writes on by itself.
#[derive(Parser)]
struct Options {
    /// How many batches of 16 passages to read
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    steps: u64,
    /// How many characters to write
    #[arg(long, default_value_t = 400)]
    characters: usize,
    /// Below 1 it writes what is likely, above 1 what is not
    #[arg(long, default_value_t = 0.7)]
    temperature: f32,
    /// Decides initial weights, what is read and what is written
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

fn main() -> ExitCode {
    finish(run(&Options::parse()))
}

fn run(options: &Options) -> Outcome {
    let mut out = stdout();
    let (book, held_out) = text::split();
    writeln!(out, "{}", Net::summary())?;
    let every = options.steps.div_ceil(20);
    let progress = Progress::new(options.steps / every);
    let mut net = Net::init(options.seed);
    let plan =
        Plan { steps: options.steps, batch: 16, every, learning_rate: 4e-3, seed: options.seed };
    learn(&mut net, &book, plan, |net, loss| {
        let measures = measure(net, &held_out)?;
        let accuracy = measures.get("accuracy").unwrap_or(0.0);
        Ok(progress.epoch(loss, f64::from(accuracy))?)
    })?;

    let mut random = Philox::new(options.seed).stream(2);
    let sample =
        write_on(&net, "A network ", options.characters, options.temperature, &mut random)?;
    writeln!(out, "\n{sample}\n")?;
    let measures = measure(&net, &held_out)?;
    let guess = (CHARACTERS as f64).ln();
    writeln!(out, "on pages it has not read: {measures} (a blind guess: loss {guess:.4})")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use monograd_examples::writing::Author;

    #[test]
    fn learns_to_write() {
        let (book, held_out) = text::split();
        let mut net = Transformer::<CHARACTERS, 32, 2, 1, PASSAGE>::init(42);
        let before = measure(&net, &held_out).unwrap();
        let plan = Plan { steps: 100, batch: 4, every: 50, learning_rate: 1e-2, seed: 1 };
        let mut losses = Vec::new();
        learn(&mut net, &book, plan, |_, loss| {
            losses.push(loss);
            Ok(())
        })
        .unwrap();
        let after = measure(&net, &held_out).unwrap();
        assert!(losses.len() == 2 && losses[1] < losses[0], "{losses:?}");
        // how often each character occurs, by itself, leaves 3.3 nats
        assert!(after.loss < 3.0 && before.loss > 4.0, "{before} then {after}");
        writes(&net);
    }

    fn writes(net: &impl Author) {
        let mut random = Philox::new(1).stream(0);
        let sample = write_on(net, "The ", 100, 0.5, &mut random).unwrap();
        assert!(sample.starts_with("The ") && sample.len() == 104, "{sample}");
    }
}
