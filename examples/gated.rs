//! Compares a gated feed-forward network (SwiGLU) with a plain one with as many parameters:
//! `cargo run --release --example gated`.

#[path = "networks"]
mod networks {
    pub mod gated;
}

use clap::Parser;
use monograd_examples::Outcome;
use monograd_examples::data::digits;
use monograd_examples::reading::{Plan, Reader, learn};
use monograd_examples::terminal::{Progress, finish};
use networks::gated::{GatedReader, PlainReader};
use std::io::{Write, stdout};
use std::process::ExitCode;

type Gated = GatedReader<32, 32>;
type Plain = PlainReader<32, 48>;
const _: () = assert!(Gated::PARAMS == Plain::PARAMS, "neither is larger");

/// Learns to read digits with both, from the same digits in the same order, several times.
#[derive(Parser)]
struct Options {
    /// Number of passes over the 1,438 digits
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..))]
    epochs: u64,
    /// Number of networks of each kind to train
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    runs: u64,
}

fn main() -> ExitCode {
    finish(run(&Options::parse()))
}

fn run(options: &Options) -> Outcome {
    let mut out = stdout();
    let gated = average("SwiGLU", options, Gated::init)?;
    let plain = average("plain", options, Plain::init)?;
    writeln!(
        out,
        "\n{} parameters each, means of {} runs on held-out digits:",
        Gated::PARAMS,
        options.runs
    )?;
    for (name, Means { trained, loss, accuracy }) in [("SwiGLU", gated), ("plain", plain)] {
        let percent = 100.0 * accuracy;
        writeln!(
            out,
            "{name:>8}: loss {loss:.4}, accuracy {percent:.1} % (last training loss {trained:.4})"
        )?;
    }
    Ok(())
}

/// Means over networks of one kind.
#[derive(Clone, Copy, Debug, Default)]
struct Means {
    /// The training loss in the last epoch.
    trained: f64,
    loss: f64,
    accuracy: f64,
}

fn average<N: Reader>(name: &str, options: &Options, init: impl Fn(u64) -> N) -> Outcome<Means> {
    let (train, test) = digits::split();
    let progress = Progress::new(options.runs);
    let mut means = Means::default();
    let share = 1.0 / options.runs as f64;
    for seed in 0..options.runs {
        let mut net = init(seed);
        let plan = Plan { epochs: options.epochs, learning_rate: 4e-3, seed };
        let mut trained = 0.0;
        learn(&mut net, &train, plan, |_, loss| {
            trained = loss;
            Ok(())
        })?;
        let measures = net.measure(&test.images, &test.labels)?;
        means.trained += share * trained;
        means.loss += share * f64::from(measures.loss);
        means.accuracy += share * f64::from(measures.get("accuracy").unwrap_or(0.0));
        progress.note(format!("{name}, run {}: {measures}", seed + 1))?;
    }
    Ok(means)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_learn() {
        let options = Options { epochs: 4, runs: 1 };
        for means in [
            average("SwiGLU", &options, Gated::init).unwrap(),
            average("plain", &options, Plain::init).unwrap(),
        ] {
            assert!(means.accuracy > 0.9 && means.loss < 0.4, "{means:?}");
        }
    }
}
