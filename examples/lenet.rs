//! Reads handwritten digits by a convolutional network:
//! `cargo run --release --example lenet -- --help`.

#[path = "networks"]
mod networks {
    pub mod lenet;
}

use clap::Parser;
use monograd::data::fallible;
use monograd::schedule::{Cosine, Schedule as _};
use monograd::train::Event;
use monograd::{Philox, prelude::*};
use monograd_examples::Outcome;
use monograd_examples::data::digits;
use monograd_examples::data::idx::{self, Images};
use monograd_examples::terminal::Progress;
use networks::lenet::LeNet;
use std::io::{Write, stdout};
use std::{path::PathBuf, process::ExitCode, time::Instant};

/// Learns to read digits, and saves what it learned in lenet.safetensors.
#[derive(Parser)]
struct Options {
    /// A folder with MNIST or Fashion-MNIST, unpacked: `train-images-idx3-ubyte` and the three others;
    /// without it, 1,797 digits of 8x8 pixels are read, which are part of this program
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Number of passes over the images (30 for the digits of this program, 3 for a folder)
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    epochs: Option<u64>,
    /// Seed of the initial weights and of the order of the images; the same seed gives the same bits
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match &options.data {
        None => {
            let (train, test) = digits::split();
            let (train, test) = (images(&train), images(&test));
            run::<8, 3>(&train, &test, options.epochs.unwrap_or(30), options.seed)
        }
        Some(folder) => (|| {
            let (train, test) = (idx::read(folder, "train")?, idx::read(folder, "t10k")?);
            if train.size != 28 || test.size != 28 {
                return Err(format!("images of {0} by {0} pixels, not 28", train.size).into());
            }
            run::<28, 5>(&train, &test, options.epochs.unwrap_or(3), options.seed)
        })(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the digits as images.
fn images(data: &digits::Dataset) -> Images {
    Images { size: 8, pixels: data.images.as_flattened().to_vec(), labels: data.labels.clone() }
}

/// Returns images as the input of the network.
fn input(data: &Images) -> Result<Tensor<f32>, Error> {
    Tensor::from_slice([data.len(), 1, data.size, data.size], &data.pixels)
}

/// Returns the share of images that the network reads right.
fn accuracy<const S: usize, const K: usize>(net: &LeNet<S, K>, data: &Images) -> Outcome<f64> {
    let measures = net.measure(&input(data)?, &data.labels)?;
    Ok(measures.get("accuracy").unwrap_or(0.0).into())
}

/// Trains a network, prints its accuracy and saves it.
fn run<const S: usize, const K: usize>(
    train: &Images,
    test: &Images,
    epochs: u64,
    seed: u64,
) -> Outcome {
    let mut out = stdout();
    writeln!(out, "{}", LeNet::<S, K>::summary())?;
    let (start, progress) = (Instant::now(), Progress::new(epochs));
    let net = learn::<S, K>(train, epochs, seed, |net, loss| {
        Ok(progress.epoch(loss, accuracy(net, test)?)?)
    })?;
    writeln!(out, "trained in {:.2} s", start.elapsed().as_secs_f64())?;
    writeln!(out, "test accuracy: {:.1} %", 100.0 * accuracy(&net, test)?)?;
    net.save("lenet.safetensors")?;
    writeln!(out, "saved lenet.safetensors")?;
    Ok(())
}

/// Trains a new network. Calls `after_epoch` with it and its mean loss.
fn learn<const S: usize, const K: usize>(
    data: &Images,
    epochs: u64,
    seed: u64,
    mut after_epoch: impl FnMut(&LeNet<S, K>, f64) -> Outcome,
) -> Outcome<LeNet<S, K>> {
    const BATCH: usize = 32;
    const LEARNING_RATE: f64 = 5e-3;
    let mut net = LeNet::init(seed);
    let mut optimizer = AdamW::new(LEARNING_RATE);
    let schedule = Cosine::new(LEARNING_RATE, 0.0, epochs);
    let batches = data.len().div_ceil(BATCH) as u64;
    Trainer::new(&mut net, &mut optimizer)
        .epochs(epochs)
        .schedule(|step| schedule.rate(step / batches)) // by epoch
        .on(Event::EpochEnd, |at| after_epoch(at.net(), at.loss()))
        .fit(fallible(|epoch| {
            let order = Philox::new(seed).stream(1 + epoch).permutation(data.len());
            (0..batches as usize).map(move |batch| {
                let end = order.len().min((batch + 1) * BATCH);
                let batch = data.select(&order[batch * BATCH..end]);
                Ok::<_, Error>((input(&batch)?, batch.labels))
            })
        }))?;
    Ok(net)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_learns_to_read() {
        let (train, test) = digits::split();
        let (train, test) = (images(&train), images(&test));
        let net = learn::<8, 3>(&train, 15, 1, |_, _| Ok(())).unwrap();
        let accuracy = accuracy(&net, &test).unwrap();
        assert!(accuracy > 0.93, "{accuracy}");
    }
}
