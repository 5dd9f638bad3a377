//! Reads handwritten digits with an MLP-Mixer: `cargo run --release --example mixer`.

#[path = "networks"]
mod networks {
    pub mod mixer;
    pub mod norm;
}

use clap::Parser;
use monograd::metrics::Confusion;
use monograd::prelude::*;
use monograd_examples::Outcome;
use monograd_examples::data::digits;
use monograd_examples::options::Learning;
use monograd_examples::reading::{Plan, accuracy, learn};
use monograd_examples::terminal::{Progress, finish};
use networks::mixer::Mixer;
use std::io::{Write, stdout};
use std::process::ExitCode;

type Net = Mixer<32, 32, 3>;

/// Learns to read 8x8 handwritten digits, cut into 16 patches.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    learning: Learning<30>,
}

fn main() -> ExitCode {
    finish(run(Options::parse().learning))
}

fn run(Learning { epochs, seed }: Learning<30>) -> Outcome {
    let mut out = stdout();
    let (train, test) = digits::split();
    writeln!(out, "{}", Net::summary())?;
    let progress = Progress::new(epochs);
    let mut net = Net::init(seed);
    let plan = Plan { epochs, learning_rate: 3e-3, seed };
    learn(&mut net, &train, plan, |net, loss| Ok(progress.epoch(loss, accuracy(net, &test)?)?))?;

    let read = net.forward(&test.images)?.argmax();
    let mut confusion = Confusion::new(10);
    confusion.add(&test.labels, read.as_slice())?;
    writeln!(out, "\n{confusion}")?;
    let (percent, params) = (100.0 * accuracy(&net, &test)?, Net::PARAMS);
    writeln!(out, "test accuracy: {percent:.1} % with {params} parameters")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_to_read() {
        let (train, test) = digits::split();
        let mut net = Mixer::<16, 16, 1>::init(42);
        let plan = Plan { epochs: 6, learning_rate: 1e-2, seed: 1 };
        learn(&mut net, &train, plan, |_, _| Ok(())).unwrap();
        let accuracy = accuracy(&net, &test).unwrap();
        assert!(accuracy > 0.9, "{accuracy}");
    }
}
