//! Plays a recording of a guitar through a model of an amplifier, made by Neural Amp Modeler or by itself:
//! `cargo run --release --example amp -- MODEL.nam IN.wav OUT.wav`.

#[path = "networks"]
mod networks {
    pub mod amp;
}

use clap::{Parser, ValueEnum};
use monograd::{Philox, prelude::*};
use monograd_examples::Outcome;
use monograd_examples::data::nam::{Model, Shape};
use monograd_examples::data::wav::{self, Recording};
use monograd_examples::reading::fall;
use monograd_examples::terminal::{Progress, finish};
use networks::amp::{Lstms, WaveNet};
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Plays a recording through a model: MODEL.nam IN.wav OUT.wav. With --train, learns a model of what makes
/// TARGET.wav of IN.wav: IN.wav TARGET.wav OUT.nam.
#[derive(Parser)]
struct Options {
    /// Three files: a model, a recording and the result; with --train two recordings and the result
    #[arg(num_args = 3, required = true, value_names = ["MODEL.nam", "IN.wav", "OUT.wav"])]
    files: Vec<PathBuf>,
    /// Learn a model
    #[arg(long)]
    train: bool,
    /// The size of the model that is learned
    #[arg(long, value_enum, default_value_t = Preset::Standard)]
    preset: Preset,
    /// Number of batches to learn from
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..))]
    steps: u64,
    /// Seed of the initial weights and of the passages learned from
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

/// The published sizes of WaveNet.
#[derive(Clone, Copy, ValueEnum)]
enum Preset {
    Standard,
    Lite,
    Feather,
    Nano,
}

/// Number of samples that are computed together, as a plug-in is called.
const BLOCK: usize = 64;

fn main() -> ExitCode {
    finish(run(&Options::parse()))
}

fn run(options: &Options) -> Outcome {
    let [first, second, third] = &options.files[..] else {
        return Err("three files are needed".into());
    };
    let mut out = stdout();
    if options.train {
        let (input, target) = (wav::read(first)?, wav::read(second)?);
        if input.rate != target.rate || input.samples.len() != target.samples.len() {
            return Err("the recordings differ in their length or rate".into());
        }
        let model = match options.preset {
            Preset::Standard => learn::<16, 10, 8, 10>(&input, &target, options)?,
            Preset::Lite => learn::<12, 7, 6, 13>(&input, &target, options)?,
            Preset::Feather => learn::<8, 7, 4, 13>(&input, &target, options)?,
            Preset::Nano => learn::<4, 7, 2, 13>(&input, &target, options)?,
        };
        std::fs::write(third, model.to_text())?;
        writeln!(out, "saved {}", third.display())?;
        return Ok(());
    }
    let (model, input) = (Model::read(first)?, wav::read(second)?);
    if input.rate != model.rate {
        let message = "samples a second, but the model is for";
        return Err(format!("{}: {} {message} {}", second.display(), input.rate, model.rate).into());
    }
    let start = Instant::now();
    let samples = play(&model, &input.samples)?;
    let (took, lasts) =
        (start.elapsed().as_secs_f64(), samples.len() as f64 / f64::from(input.rate));
    writeln!(out, "{}: {lasts:.2} s in {took:.3} s", model.shape)?;
    writeln!(
        out,
        "real-time factor {:.4} ({:.0} times faster than it plays)",
        took / lasts,
        lasts / took
    )?;
    wav::write(third, &Recording { rate: input.rate, samples })
}

/// Declares `play`, which takes the compiled network of a model's shape, and the list of the shapes.
macro_rules! compiled {
    ($($shape:expr => $Net:ty,)*) => {
        const SUPPORTED: &[Shape] = &[$($shape),*];

        /// Returns what a model makes of samples.
        fn play(model: &Model, samples: &[f32]) -> Outcome<Vec<f32>> {
            $(if model.shape == $shape {
                let mut net = <$Net>::init(0);
                model.put(&mut net.parameters_mut())?;
                return Ok(stream(&net, samples)?);
            })*
            let supported: Vec<String> = SUPPORTED.iter().map(Shape::to_string).collect();
            Err(format!("{} is not supported, but {}", model.shape, supported.join(", ")).into())
        }
    };
}
// ANCHOR: sizes
compiled! {
    // standard, lite, feather, nano
    Shape::wavenet(16, [10, 10]) => WaveNet<Tanh, 16, 10, 8, 10>,
    Shape::wavenet(12, [7, 13]) => WaveNet<Tanh, 12, 7, 6, 13>,
    Shape::wavenet(8, [7, 13]) => WaveNet<Tanh, 8, 7, 4, 13>,
    Shape::wavenet(4, [7, 13]) => WaveNet<Tanh, 4, 7, 2, 13>,
    // standard, lite, feather, nano, and that of the format's own examples
    Shape::Lstm { hidden: 24, layers: 1 } => Lstms<24, 0>,
    Shape::Lstm { hidden: 8, layers: 2 } => Lstms<8, 1>,
    Shape::Lstm { hidden: 16, layers: 1 } => Lstms<16, 0>,
    Shape::Lstm { hidden: 12, layers: 1 } => Lstms<12, 0>,
    Shape::Lstm { hidden: 8, layers: 1 } => Lstms<8, 0>,
}
// ANCHOR_END: sizes

/// A network with one sample in and one out.
trait Amp:
    Streaming + for<'a> Network<Scalar = f32, Inputs<'a> = (&'a [f32],), Output = Tensor<f32>>
{
}

impl<N> Amp for N where
    N: Streaming + for<'a> Network<Scalar = f32, Inputs<'a> = (&'a [f32],), Output = Tensor<f32>>
{
}

// ANCHOR: stream
/// Plays samples in blocks, as they come from a sound card.
fn stream<N: Amp>(net: &N, samples: &[f32]) -> Result<Vec<f32>, Error> {
    let mut stream = net.stream();
    let mut played = Vec::with_capacity(samples.len());
    for block in samples.chunks(BLOCK) {
        played.extend_from_slice(stream.extend(block)?.as_slice());
    }
    Ok(played)
}
// ANCHOR_END: stream

/// Learns a WaveNet from passages of a recording and of what an amplifier made of it.
///
/// The loss is the mean square error plus that of the error's differences. The outputs that see the silence
/// before a passage do not count.
fn learn<const C: usize, const L: usize, const D: usize, const M: usize>(
    input: &Recording,
    target: &Recording,
    options: &Options,
) -> Outcome<Model> {
    const BATCH: usize = 8;
    const COUNTED: usize = 4096;
    const LEARNING_RATE: f64 = 4e-3;
    // every layer looks back by twice its dilation
    let past: usize = (0..L + M).map(|layer| 2 << (layer % 10)).sum();
    let whole = input.samples.len();
    let passage = whole.min(past + COUNTED);
    let counts: Vec<f32> =
        (0..passage).map(|i| f32::from(u8::from(i >= past || whole == passage))).collect();
    let counts = counts.repeat(BATCH);
    let mut out = stdout();
    writeln!(out, "{}", WaveNet::<Tanh, C, L, D, M>::summary())?;
    let mut net = WaveNet::<Tanh, C, L, D, M>::init(options.seed);
    let mut optimizer = Adam::new(LEARNING_RATE).clip_norm(1.0);
    let mut random = Philox::new(options.seed).stream(1);
    let every = options.steps.div_ceil(20);
    let progress = Progress::new(options.steps.div_ceil(every));
    let mut sum = 0.0;
    for step in 0..options.steps {
        optimizer.set_learning_rate(LEARNING_RATE * fall(step, options.steps));
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for _ in 0..BATCH {
            let from = random.below(whole - passage + 1);
            x.extend_from_slice(&input.samples[from..][..passage]);
            y.extend_from_slice(&target.samples[from..][..passage]);
        }
        let shape = [BATCH, passage];
        let (x, y) = (Tensor::from_slice(shape, &x)?, Tensor::from_slice(shape, &y)?);
        let counts = Tensor::from_slice(shape, &counts)?;
        sum += f64::from(net.train_step(&x, (&y, &counts), &mut optimizer)?);
        if (step + 1).is_multiple_of(every) || step + 1 == options.steps {
            progress.note(format!("loss {:.6}", std::mem::take(&mut sum) / every as f64))?;
        }
    }
    let played = stream(&net, &input.samples)?;
    writeln!(out, "error to signal: {:.4}", error_to_signal(&played, &target.samples))?;
    Model::of_wavenet([C, D], [L, M], &net.parameters(), input.rate)
}

/// Returns the energy of the error over that of the target, as Neural Amp Modeler reports it (ESR).
fn error_to_signal(played: &[f32], target: &[f32]) -> f64 {
    let energy = |sample: f32| f64::from(sample).powi(2);
    let errors: f64 = played.iter().zip(target).map(|(a, b)| energy(a - b)).sum();
    errors / target.iter().copied().map(energy).sum::<f64>()
}
