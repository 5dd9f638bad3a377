//! Learns to write like this project's book, with a Transformer:
//! `cargo run --release --example transformer`.

#[path = "networks"]
mod networks {
    pub mod norm;
    pub mod transformer;
}

use clap::Parser as _;
use monograd_examples::data::text::CHARACTERS;
use monograd_examples::terminal::finish;
use monograd_examples::writing::PASSAGE;
use monograd_examples::writing::program::{Options, run};
use networks::transformer::Transformer;
use std::process::ExitCode;

type Net = Transformer<CHARACTERS, 64, 4, 2, PASSAGE>;

fn main() -> ExitCode {
    finish(run(Net::init, 1000, 4e-3, &Options::parse()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use monograd::Sampler;
    use monograd_examples::data::text;
    use monograd_examples::writing::{Author, Plan, learn, measure, write_on};

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
        // the frequencies of characters alone give a loss of 3.3 nats
        assert!(after.loss < 3.0 && before.loss > 4.0, "{before} then {after}");
        writes(&net);
    }

    fn writes(net: &impl Author) {
        let mut sampler = Sampler::new(CHARACTERS).temperature(0.5).seed(1);
        let sample = write_on(net, "The ", 100, &mut sampler).unwrap();
        assert!(sample.starts_with("The ") && sample.len() == 104, "{sample}");
    }
}
