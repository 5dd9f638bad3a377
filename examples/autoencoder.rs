//! Squeezes images of digits through a few numbers with a convolutional autoencoder:
//! `cargo run --release --example autoencoder`.

use clap::Parser;
use monograd::data::fallible;
use monograd::prelude::*;
use monograd::schedule::{Cosine, Schedule as _};
use monograd::train::Event;
use monograd_examples::Outcome;
use monograd_examples::data::digits::{self, Dataset};
use monograd_examples::options::Learning;
use monograd_examples::terminal::{Picture, Pictures, Progress, finish};
use std::io::{Write, stdout};
use std::{process::ExitCode, time::Instant};

// ANCHOR: network
network! {
    /// Describes an image by `Z` numbers, and paints it again from these.
    pub Autoencoder<const Z: usize>(image: [1, 8, 8]) -> ([1, 8, 8], [Z]) {
        let h = image >> Conv2d(16, 3, stride = 2, padding = 1) >> Relu;
        let h = h >> Conv2d(32, 3, stride = 2, padding = 1) >> Relu;
        let code = h >> Flatten() >> Linear(Z);

        let h = reshape(code >> Linear(128) >> Relu, [32, 2, 2]);
        let h = h >> ConvTranspose2d(16, 4, stride = 2, padding = 1) >> Relu;
        let logits = h >> ConvTranspose2d(1, 4, stride = 2, padding = 1);
        (sigmoid(logits), code)
    }
    // a pixel is ink with a probability; the image is its own target
    loss |painted, code, logits, image| bce_with_logits(logits, image)
}
// ANCHOR_END: network

const Z: usize = 8;
type Net = Autoencoder<Z>;

/// Learns to paint digits again that it has seen through 8 numbers.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    learning: Learning<40>,
}

fn main() -> ExitCode {
    finish(run(Options::parse().learning))
}

fn run(Learning { epochs, seed }: Learning<40>) -> Outcome {
    let mut out = stdout();
    let (train, test) = digits::split();
    writeln!(out, "{}", Net::summary())?;
    let (start, progress) = (Instant::now(), Progress::new(epochs));
    let net = learn(&train, epochs, seed, |net, loss| {
        let held_out = f64::from(net.loss(&images(&test.images)?, ())?);
        Ok(progress.note(format!("loss {loss:.4}  held-out {held_out:.4}"))?)
    })?;
    writeln!(out, "trained in {:.2} s", start.elapsed().as_secs_f64())?;

    let some = images(&test.images[..4])?;
    let (painted, _) = net.forward(&some)?;
    let caption = |i: usize| format!("is {}", test.labels[i]);
    writeln!(out, "\nHeld-out digits:\n{}", pictures(&shades(&some), caption))?;
    writeln!(out, "Painted from {Z} numbers:\n{}", pictures(&shades(&painted), caption))?;
    let error = error(&net, &test)?;
    let blind = spread(&train, &test);
    writeln!(
        out,
        "mean squared error of held-out pixels: {error:.4}; of the mean image: {blind:.4}"
    )?;
    Ok(())
}

/// Returns images with pixels from 0 (paper) to 1 (ink).
fn images(pixels: &[[f32; 64]]) -> Result<Tensor<f32>, Error> {
    let shades = pixels.as_flattened().iter().map(|pixel| f32::midpoint(1.0, *pixel));
    Tensor::from_vec([pixels.len(), 1, 8, 8], shades.collect())
}

/// Trains a new network. Calls `after_epoch` with it and its mean loss.
fn learn(
    data: &Dataset,
    epochs: u64,
    seed: u64,
    mut after_epoch: impl FnMut(&Net, f64) -> Outcome,
) -> Outcome<Net> {
    const BATCH: usize = 32;
    const LEARNING_RATE: f64 = 3e-3;
    let mut net = Net::init(seed);
    let mut optimizer = AdamW::new(LEARNING_RATE);
    let schedule = Cosine::new(LEARNING_RATE, 0.0, epochs);
    let batches = data.len().div_ceil(BATCH) as u64;
    Trainer::new(&mut net, &mut optimizer)
        .epochs(epochs)
        .schedule(|step| schedule.rate(step / batches)) // by epoch
        .on(Event::EpochEnd, |at| after_epoch(at.net(), at.loss()))
        .fit(fallible(|epoch| {
            // the loss needs no target
            data.batches(BATCH, seed, epoch)
                .map(|(pixels, _)| Ok::<_, Error>((images(&pixels)?, ())))
        }))?;
    Ok(net)
}

/// Returns the mean squared error of the painted pixels.
fn error(net: &Net, data: &Dataset) -> Outcome<f64> {
    let images = images(&data.images)?;
    let (painted, _) = net.forward(&images)?;
    let squares = painted.iter().zip(images.iter()).map(|(a, b)| f64::from(a - b).powi(2));
    Ok(squares.sum::<f64>() / images.as_slice().len() as f64)
}

/// Returns the mean squared error of the mean of the images of `train`.
fn spread(train: &Dataset, test: &Dataset) -> f64 {
    let ink = |image: &[f32; 64], i: usize| f64::from(f32::midpoint(1.0, image[i]));
    let of_pixel = |i: usize| {
        let sum: f64 = train.images.iter().map(|image| ink(image, i)).sum();
        let mean = sum / train.len() as f64;
        test.images.iter().map(|image| (ink(image, i) - mean).powi(2)).sum::<f64>()
    };
    (0..64).map(of_pixel).sum::<f64>() / (64 * test.len()) as f64
}

/// Returns pixels from -1 (paper) to 1 (ink).
fn shades(images: &Tensor<f32>) -> Vec<f32> {
    images.iter().map(|pixel| 2.0 * pixel - 1.0).collect()
}

fn pictures(pixels: &[f32], caption: impl Fn(usize) -> String) -> Pictures<'_> {
    let picture = |(i, pixels)| Picture { pixels, caption: caption(i) };
    Pictures { width: 8, pictures: pixels.chunks(64).enumerate().map(picture).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paints_digits_again() {
        let (train, test) = digits::split();
        let net = learn(&train, 6, 1, |_, _| Ok(())).unwrap();
        let (error, blind) = (error(&net, &test).unwrap(), spread(&train, &test));
        assert!(error < 0.7 * blind, "{error}, the mean image {blind}");
        let (painted, codes) = net.forward(&images(&test.images).unwrap()).unwrap();
        assert!(painted.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
        assert_eq!(codes.shape(), [test.len(), Z]);
    }
}
