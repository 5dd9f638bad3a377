//! Generates images of digits with a variational autoencoder:
//! `cargo run --release --example vae`.

#[path = "networks"]
mod networks {
    pub mod vae;
}

use clap::Parser;
use monograd::random::Generator;
use monograd::schedule::{Cosine, Schedule as _};
use monograd::{Philox, prelude::*};
use monograd_examples::Outcome;
use monograd_examples::data::digits::{self, Dataset};
use monograd_examples::options::Learning;
use monograd_examples::terminal::{Picture, Pictures, Progress, finish};
use networks::vae::{Decoder, Vae};
use std::io::{Write, stdout};
use std::process::ExitCode;

/// The number of latent variables of an image.
const Z: usize = 10;
const H: usize = 128;
type Net = Vae<H, Z>;

/// Learns what digits look like, and draws some of its own.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    learning: Learning<100>,
}

fn main() -> ExitCode {
    finish(run(Options::parse().learning))
}

fn run(Learning { epochs, seed }: Learning<100>) -> Outcome {
    let mut out = stdout();
    let (train, test) = digits::split();
    writeln!(out, "{}", Net::summary())?;
    let progress = Progress::new(epochs);
    let net = learn(&train, epochs, seed, |net, loss| {
        let held_out = bound(net, &test, seed)?;
        Ok(progress.note(format!("loss {loss:.2}  held-out {held_out:.2} nats an image"))?)
    })?;

    // without noise, the code is the most probable one
    let some = test.select(&[0, 1, 2, 3]);
    let (logits, _) = net.forward((&some.images, &vec![[0.0; Z]; some.len()]))?;
    let caption = |i: usize| format!("is {}", some.labels[i]);
    writeln!(out, "\nHeld-out digits:\n{}", pictures(some.images.as_flattened(), caption))?;
    writeln!(out, "The same, painted from {Z} numbers:\n{}", pictures(&paint(&logits), caption))?;
    let drawn = draw(&net, 8, seed)?;
    writeln!(out, "Drawn from noise:\n{}", pictures(&drawn, |_| String::new()))?;
    let (bound, blind) = (bound(&net, &test, seed)?, independent(&train, &test));
    writeln!(
        out,
        "held-out digits cost {bound:.2} nats each; pixel by pixel they would cost {blind:.2}"
    )?;
    Ok(())
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
    for epoch in 0..epochs {
        optimizer.set_learning_rate(schedule.rate(epoch));
        let mut random = Philox::new(seed).stream(1 + epoch);
        let mut sum = 0.0;
        for batch in random.permutation(data.len()).chunks(BATCH) {
            let images = data.select(batch).images;
            let noise = noise(images.len(), &mut random);
            let loss = net.train_step((&images, &noise), (), &mut optimizer)?;
            sum += f64::from(loss) * batch.len() as f64;
        }
        after_epoch(&net, sum / data.len() as f64)?;
    }
    Ok(net)
}

fn noise(count: usize, random: &mut Generator) -> Vec<[f32; Z]> {
    (0..count).map(|_| std::array::from_fn(|_| random.normal() as f32)).collect()
}

/// Returns the loss: an upper bound of the nats per image, averaged over noise.
fn bound(net: &Net, data: &Dataset, seed: u64) -> Result<f64, Error> {
    let noise = noise(data.len(), &mut Philox::new(seed).stream(0));
    Ok(f64::from(net.loss((&data.images, &noise), ())?))
}

/// Returns the nats per image of a model of independent pixels, whose probabilities of ink are the means
/// of `train`.
fn independent(train: &Dataset, test: &Dataset) -> f64 {
    let ink = |pixel: f32| f64::from(f32::midpoint(1.0, pixel));
    let nats = |i: usize| {
        let sum: f64 = train.images.iter().map(|image| ink(image[i])).sum();
        let p = ((sum + 0.5) / (train.len() + 1) as f64).clamp(1e-6, 1.0 - 1e-6);
        let cost = |x: f64| -(x * p.ln() + (1.0 - x) * (1.0 - p).ln());
        test.images.iter().map(|image| cost(ink(image[i]))).sum::<f64>() / test.len() as f64
    };
    (0..64).map(nats).sum()
}

/// Generates digits by decoding noise.
fn draw(net: &Net, count: usize, seed: u64) -> Outcome<Vec<f32>> {
    let codes = noise(count, &mut Philox::new(seed).stream(u64::MAX));
    Ok(paint(&decoder(net)?.forward(&codes)?))
}

// ANCHOR: part
/// Returns the decoder as a separate network, with its parameters in the trained network.
fn decoder(net: &Net) -> Result<Decoder<H, Z>, Error> {
    let mut decoder = Decoder::init(0);
    for mut parameter in decoder.parameters_mut().iter_mut() {
        let name = format!("decoder.{}", parameter.as_view().name());
        parameter.copy_from_tensor(&net.parameters().get(&name)?.to_tensor())?;
    }
    Ok(decoder)
}
// ANCHOR_END: part

/// Returns pixels from -1 to 1, for these logits of ink.
fn paint(logits: &Tensor<f32>) -> Vec<f32> {
    logits.iter().map(|logit| (0.5 * logit).tanh()).collect()
}

fn pictures(pixels: &[f32], caption: impl Fn(usize) -> String) -> Pictures<'_> {
    let picture = |(i, pixels)| Picture { pixels, caption: caption(i) };
    Pictures { width: 8, pictures: pixels.chunks(64).enumerate().map(picture).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_what_digits_look_like() {
        let (train, test) = digits::split();
        let net = learn(&train, 8, 42, |_, _| Ok(())).unwrap();
        let (bound, blind) = (bound(&net, &test, 1).unwrap(), independent(&train, &test));
        assert!(bound < 0.95 * blind, "{bound}, pixel by pixel {blind}");
        // the decoder alone computes the same as within the network
        let noise = noise(test.len(), &mut Philox::new(3).stream(0));
        let (logits, codes) = net.forward((&test.images, &noise)).unwrap();
        assert_eq!(decoder(&net).unwrap().forward(&codes).unwrap(), logits);
        // all generated images are different
        let drawn = draw(&net, 4, 1).unwrap();
        let drawn: Vec<&[f32]> = drawn.chunks(64).collect();
        assert!((1..4).all(|i| drawn[..i].iter().all(|other| *other != drawn[i])));
    }
}
