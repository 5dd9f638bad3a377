//! Reads handwritten digits by a residual network: `cargo run --release --example resnet`.

#[path = "networks"]
mod networks {
    pub mod resnet;
}

use clap::Parser;
use monograd::prelude::*;
use monograd_examples::Outcome;
use monograd_examples::data::digits;
use monograd_examples::options::Learning;
use monograd_examples::reading::{Plan, accuracy, learn};
use monograd_examples::terminal::{Progress, finish};
use networks::resnet::ResNet;
use std::io::{Write, stdout};
use std::{process::ExitCode, time::Instant};

type Net = ResNet<16, 1>;

/// Learns to read 8x8 handwritten digits, and saves what it learned in resnet.safetensors.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    learning: Learning<15>,
}

fn main() -> ExitCode {
    finish(run(Options::parse().learning))
}

fn run(Learning { epochs, seed }: Learning<15>) -> Outcome {
    let mut out = stdout();
    let (train, test) = digits::split();
    writeln!(out, "{}", Net::summary())?;
    let (start, progress) = (Instant::now(), Progress::new(epochs));
    let mut net = Net::init(seed);
    let plan = Plan { epochs, learning_rate: 1e-2, seed };
    learn(&mut net, &train, plan, |net, loss| Ok(progress.epoch(loss, accuracy(net, &test)?)?))?;
    writeln!(out, "trained in {:.1} s", start.elapsed().as_secs_f64())?;
    writeln!(out, "test accuracy: {:.1} %", 100.0 * accuracy(&net, &test)?)?;
    // with the running statistics, as a state dict has them
    net.save("resnet.safetensors")?;
    writeln!(out, "saved resnet.safetensors")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_to_read() {
        let (train, test) = digits::split();
        let mut net = ResNet::<8, 1>::init(42);
        let plan = Plan { epochs: 4, learning_rate: 1e-2, seed: 1 };
        learn(&mut net, &train, plan, |_, _| Ok(())).unwrap();
        let accuracy = accuracy(&net, &test).unwrap();
        assert!(accuracy > 0.93, "{accuracy}");
    }
}
