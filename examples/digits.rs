//! Learns to read handwritten digits: `cargo run --release --example digits -- --help`.

use clap::{Parser, ValueEnum};
use monograd::metrics::Confusion;
use monograd::prelude::*;
use monograd::schedule::{Cosine, Schedule as _};
use monograd::train::Event;
use monograd_examples::data::digits::{self, Dataset};
use monograd_examples::terminal::{Picture, Pictures, Progress};
use std::io::{Write, stdout};
use std::{path::PathBuf, process::ExitCode, time::Instant};

// ANCHOR: network
network! {
    /// Reads an 8x8 handwritten digit.
    pub Digits<A: Activation = Gelu, const H: usize = 64>(x: [64]) -> [10] {
        let h = x >> Linear(H) >> A;
        let h = h + (h >> Linear(H) >> A);
        h >> Linear(10)
    }
    loss cross_entropy(label_smoothing = 0.05)
}
// ANCHOR_END: network

/// Learns to read 8x8 handwritten digits, and saves what it learned in digits.safetensors.
#[derive(Parser)]
struct Options {
    /// The activation of both hidden layers
    #[arg(long, value_enum, default_value = "gelu")]
    activation: Choice,
    /// Read a saved network instead (give the activation that it was trained with)
    #[arg(long, value_name = "FILE")]
    predict: Option<PathBuf>,
    /// Number of passes over the 1,438 digits
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    epochs: u64,
    /// Seed of the initial weights and of the order of the digits; the same seed gives the same bits
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Choice {
    Sigmoid,
    Tanh,
    Relu,
    Gelu,
    Silu,
}

fn main() -> ExitCode {
    let options = Options::parse();
    // each of these is a separate network, compiled for its activation
    let outcome = match options.activation {
        Choice::Sigmoid => run::<Sigmoid>(&options),
        Choice::Tanh => run::<Tanh>(&options),
        Choice::Relu => run::<Relu>(&options),
        Choice::Gelu => run::<Gelu>(&options),
        Choice::Silu => run::<Silu>(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The result of an operation, with an error of the network or of this program.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn run<A: Activation>(options: &Options) -> Outcome {
    let mut out = stdout();
    let (train, test) = digits::split();
    if let Some(path) = &options.predict {
        return report(&Digits::<A, 64>::load(path)?, &test);
    }
    writeln!(out, "{}", Digits::<A, 64>::summary())?;
    let (start, progress) = (Instant::now(), Progress::new(options.epochs));
    let net = learn::<A>(&train, options.epochs, options.seed, |net, loss| {
        Ok(progress.epoch(loss, accuracy(net, &test)?)?)
    })?;
    writeln!(out, "trained in {:.2} s", start.elapsed().as_secs_f64())?;
    report(&net, &test)?;

    let path = "digits.safetensors";
    net.save(path)?;
    if Digits::<A, 64>::load(path)?.forward(&test.images)? != net.forward(&test.images)? {
        return Err(
            format!("{path} does not give the predictions of the network saved in it").into()
        );
    }
    writeln!(out, "saved {path}; loaded again, it gives the same predictions")?;
    Ok(())
}

/// Trains a new network. Calls `after_epoch` with it and its mean loss.
fn learn<A: Activation>(
    data: &Dataset,
    epochs: u64,
    seed: u64,
    mut after_epoch: impl FnMut(&Digits<A>, f64) -> Outcome,
) -> Outcome<Digits<A>> {
    const BATCH: usize = 32;
    const LEARNING_RATE: f64 = 4e-3;
    let mut net = Digits::init(seed);
    let mut optimizer = AdamW::new(LEARNING_RATE);
    let batches = data.len().div_ceil(BATCH) as u64;
    let schedule = Cosine::new(LEARNING_RATE, 0.0, epochs);
    Trainer::new(&mut net, &mut optimizer)
        .epochs(epochs)
        .schedule(|step| schedule.rate(step / batches)) // by epoch
        .on(Event::EpochEnd, |at| after_epoch(at.net(), at.loss()))
        .fit(|epoch| data.batches(BATCH, seed, epoch))?;
    Ok(net)
}

fn accuracy<A: Activation>(net: &Digits<A>, data: &Dataset) -> Result<f64, Error> {
    let read = net.forward(&data.images)?.argmax();
    let right = read.iter().zip(&data.labels).filter(|(read, label)| read == label).count();
    Ok(right as f64 / data.len() as f64)
}

/// Prints the accuracy of the network on `data`, and some of the digits.
fn report<A: Activation>(net: &Digits<A>, data: &Dataset) -> Outcome {
    let mut out = stdout().lock();
    let logits = net.forward(&data.images)?;
    let read = logits.argmax();
    let mut confusion = Confusion::new(10);
    confusion.add(&data.labels, read.as_slice())?;
    writeln!(out, "test accuracy: {:.1} %\n\n{confusion}", 100.0 * confusion.accuracy())?;

    let (right, wrong): (Vec<_>, Vec<_>) =
        (0..data.len()).partition(|&i| read.as_slice()[i] == data.labels[i]);
    let picture = |&i: &usize| {
        let (class, label) = (read.as_slice()[i], data.labels[i]);
        let sure = 100.0 * probability(logits.row(i), class as usize);
        let truth = if class == label { String::new() } else { format!(", is {label}") };
        Picture { pixels: &data.images[i], caption: format!("{class} ({sure:.1} %){truth}") }
    };
    for (title, indices, most) in [("Read right", right, 4), ("Misread", wrong, 8)] {
        let pictures: Vec<_> = indices.iter().take(most).map(picture).collect();
        let (shown, all) = (pictures.len(), indices.len());
        writeln!(out, "{title}, {shown} of {all}:\n{}", Pictures { width: 8, pictures })?;
    }
    Ok(())
}

/// Returns the softmax probability of one class.
fn probability(logits: &[f32], class: usize) -> f32 {
    1.0 / logits.iter().map(|logit| (logit - logits[class]).exp()).sum::<f32>()
}

#[cfg(test)]
#[path = "digits/tests.rs"]
mod tests;
