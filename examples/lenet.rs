//! Reads handwritten digits by a convolutional network:
//! `cargo run --release --example lenet -- --help`.

#[path = "networks"]
mod networks {
    pub mod lenet;
}

use clap::Parser;
use monograd::data::{Dataset, array};
use monograd::prelude::*;
use monograd::schedule::{Cosine, Schedule as _};
use monograd::train::Event;
use monograd_examples::Outcome;
use monograd_examples::data::digits;
use monograd_examples::terminal::Progress;
use networks::lenet::LeNet;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::{process::ExitCode, time::Instant};

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
            let (train, test) = (images(train), images(test));
            run::<8, 3>(&train, &test, options.epochs.unwrap_or(30), options.seed)
        }
        Some(folder) => (|| {
            let (train, test) = (read(folder, "train")?, read(folder, "t10k")?);
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

/// Images and their classes.
type Images = Dataset<Tensor, Tensor<u32>>;

/// Returns the digits as images.
fn images(data: digits::Dataset) -> Images {
    let pixels = Tensor::from_slice([data.len(), 1, 8, 8], data.images.as_flattened());
    let images = pixels.expect("64 pixels each");
    Dataset::new(images, Tensor::from(data.labels)).expect("a label for each image")
}

/// Reads `train-images-idx3-ubyte` and `train-labels-idx1-ubyte` in a folder, or those that begin with `t10k`.
fn read(folder: &Path, part: &str) -> Outcome<Images> {
    let mut images: Tensor = array::read(folder.join(format!("{part}-images-idx3-ubyte")))?;
    // from -1 (paper) to 1 (ink)
    images.as_mut_slice().iter_mut().for_each(|pixel| *pixel = *pixel / 127.5 - 1.0);
    let shape = images.shape();
    let &[count, 28, 28] = shape else {
        return Err(format!("images of {shape:?}, where [.., 28, 28] are expected").into());
    };
    let labels: Tensor<u32> = array::read(folder.join(format!("{part}-labels-idx1-ubyte")))?;
    Ok(Dataset::new(images.reshape([count, 1, 28, 28])?, labels)?)
}

/// Returns the share of images that the network reads right.
fn accuracy<const S: usize, const K: usize>(net: &LeNet<S, K>, data: &Images) -> Outcome<f64> {
    let measures = net.measure(data.inputs(), data.targets())?;
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
    const LEARNING_RATE: f64 = 5e-3;
    let mut net = LeNet::init(seed);
    let mut optimizer = AdamW::new(LEARNING_RATE);
    let schedule = Cosine::new(LEARNING_RATE, 0.0, epochs);
    let batches = data.batches(32).shuffle(seed);
    let count = batches.count() as u64;
    Trainer::new(&mut net, &mut optimizer)
        .epochs(epochs)
        .schedule(|step| schedule.rate(step / count)) // by epoch
        .on(Event::EpochEnd, |at| after_epoch(at.net(), at.loss()))
        .fit(batches)?;
    Ok(net)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_learns_to_read() {
        let (train, test) = digits::split();
        let (train, test) = (images(train), images(test));
        let net = learn::<8, 3>(&train, 15, 1, |_, _| Ok(())).unwrap();
        let accuracy = accuracy(&net, &test).unwrap();
        assert!(accuracy > 0.93, "{accuracy}");
    }
}
