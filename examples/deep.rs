//! A hundred layers, with and without residual connections: `cargo run --release --example deep`.

#[path = "networks"]
mod networks {
    pub mod deep;
}

use clap::Parser;
use monograd_examples::Outcome;
use monograd_examples::data::digits::{self, Dataset};
use monograd_examples::options::Learning;
use monograd_examples::reading::{Plan, Reader, accuracy, learn};
use monograd_examples::terminal::{Progress, finish};
use networks::deep::{Residual, Stacked};
use std::io::{Write, stdout};
use std::process::ExitCode;

const LAYERS: usize = 100;

/// Learns to read digits with a hundred layers, with and without residual connections.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    learning: Learning<20>,
}

fn main() -> ExitCode {
    finish(run(Options::parse().learning))
}

fn run(options: Learning<20>) -> Outcome {
    let mut out = stdout();
    let (train, test) = digits::split();
    writeln!(out, "{LAYERS} layers, residual:")?;
    let residual = reads(Residual::<LAYERS, 32>::init(options.seed), options, (&train, &test))?;
    writeln!(out, "{LAYERS} layers, one upon the other:")?;
    let stacked = reads(Stacked::<LAYERS, 32>::init(options.seed), options, (&train, &test))?;
    let [residual, stacked] = [residual, stacked].map(|accuracy| 100.0 * accuracy);
    writeln!(out, "test accuracy: {residual:.1} % residual, {stacked:.1} % without")?;
    Ok(())
}

/// Trains a network on the first of two data sets, and returns its accuracy on the second.
fn reads<N: Reader>(mut net: N, options: Learning<20>, data: (&Dataset, &Dataset)) -> Outcome<f64> {
    let (train, test) = data;
    let progress = Progress::new(options.epochs);
    let plan = Plan { epochs: options.epochs, learning_rate: 2e-3, seed: options.seed };
    learn(&mut net, train, plan, |net, loss| Ok(progress.epoch(loss, accuracy(net, test)?)?))?;
    Ok(accuracy(&net, test)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_needs_residuals() {
        let (train, test) = digits::split();
        let options = Learning { epochs: 3, seed: 42 };
        let residual = Residual::<LAYERS, 16>::init(1);
        let stacked = Stacked::<LAYERS, 16>::init(1);
        let residual = reads(residual, options, (&train, &test)).unwrap();
        let stacked = reads(stacked, options, (&train, &test)).unwrap();
        assert!(residual > 0.8 && stacked < 0.2, "{residual} and {stacked}");
    }
}
