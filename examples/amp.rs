//! Plays a recording of a guitar through a model of an amplifier, made by Neural Amp Modeler or by itself:
//! `cargo run --release --example amp -- MODEL.nam IN.wav OUT.wav`.

#[path = "networks"]
mod networks {
    pub mod amp;
}

use clap::{Parser, ValueEnum};
use monograd::data::wav::{self, Recording};
use monograd::schedule::{Cosine, Schedule as _};
use monograd::{Philox, prelude::*};
use monograd_examples::Outcome;
use monograd_examples::data::nam::{Model, Shape};
use monograd_examples::terminal::{Progress, finish};
use networks::amp::{GatedWaveNet, OneLstm, TwoLstms, WaveNet};
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
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
    /// Number of samples of a passage that count
    #[arg(long, default_value_t = 4096)]
    passage: usize,
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
        let ((rate, input), (other, target)) = (read(first)?, read(second)?);
        if rate != other || input.len() != target.len() {
            return Err("the recordings differ in their length or rate".into());
        }
        let pair = [&input[..], &target[..]];
        let model = match options.preset {
            Preset::Standard => learn::<16, 10, 8, 10>(pair, rate, options)?,
            Preset::Lite => learn::<12, 7, 6, 13>(pair, rate, options)?,
            Preset::Feather => learn::<8, 7, 4, 13>(pair, rate, options)?,
            Preset::Nano => learn::<4, 7, 2, 13>(pair, rate, options)?,
        };
        std::fs::write(third, model.to_text())?;
        writeln!(out, "saved {}", third.display())?;
        return Ok(());
    }
    let (model, (rate, input)) = (Model::read(first)?, read(second)?);
    if rate != model.rate {
        let message = "samples a second, but the model is for";
        return Err(format!("{}: {} {message} {}", second.display(), rate, model.rate).into());
    }
    let start = Instant::now();
    let samples = play(&model, &input)?;
    let (took, lasts) = (start.elapsed().as_secs_f64(), samples.len() as f64 / f64::from(rate));
    writeln!(out, "{}: {lasts:.2} s in {took:.3} s", model.shape)?;
    writeln!(
        out,
        "real-time factor {:.4} ({:.0} times faster than it plays)",
        took / lasts,
        lasts / took
    )?;
    wav::write(third, &Recording::mono(rate, samples))?;
    Ok(())
}

/// Reads a recording of one channel: the number of samples a second, and the samples.
fn read(path: &Path) -> Outcome<(u32, Vec<f32>)> {
    let recording = wav::read(path)?;
    let rate = recording.rate;
    let samples = recording.into_mono();
    Ok((rate, samples.map_err(|error| format!("{}: {error}", path.display()))?))
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
    Shape::WaveNet { channels: [16, 8], layers: [10, 10], gated: true } => GatedWaveNet<Tanh, 16, 10, 8, 10>,
    // standard, lite, feather, nano, and that of the format's own examples
    Shape::Lstm { hidden: 24, layers: 1 } => OneLstm<24>,
    Shape::Lstm { hidden: 8, layers: 2 } => TwoLstms<8>,
    Shape::Lstm { hidden: 16, layers: 1 } => OneLstm<16>,
    Shape::Lstm { hidden: 12, layers: 1 } => OneLstm<12>,
    Shape::Lstm { hidden: 8, layers: 1 } => OneLstm<8>,
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
/// Plays samples in blocks, as they come from a sound card. After the first block, nothing is allocated.
fn stream<N: Amp>(net: &N, samples: &[f32]) -> Result<Vec<f32>, Error> {
    let mut stream = net.stream();
    let mut played = Vec::with_capacity(samples.len());
    let mut block = [0.0; BLOCK];
    for samples in samples.chunks(BLOCK) {
        let block = &mut block[..samples.len()];
        for (to, sample) in block.iter_mut().zip(samples) {
            // 400 dB below full scale: a sound that dies away must not become subnormal numbers, with
            // which some processors are slow
            *to = if sample.abs() < 1e-20 { 0.0 } else { *sample };
        }
        played.extend_from_slice(stream.try_extend(&*block)?);
    }
    Ok(played)
}
// ANCHOR_END: stream

/// Learns a WaveNet from passages of a recording and of what an amplifier made of it.
///
/// The loss is the mean square error plus that of the error's differences. The outputs that see the silence
/// before a passage do not count.
fn learn<const C: usize, const L: usize, const D: usize, const M: usize>(
    [input, target]: [&[f32]; 2],
    rate: u32,
    options: &Options,
) -> Outcome<Model> {
    const BATCH: usize = 8;
    const LEARNING_RATE: f64 = 4e-3;
    // every layer looks back by twice its dilation
    let past: usize = (0..L + M).map(|layer| 2 << (layer % 10)).sum();
    let whole = input.len();
    let passage = whole.min(past + options.passage);
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
    let schedule = Cosine::new(LEARNING_RATE, 0.0, options.steps);
    for step in 0..options.steps {
        optimizer.set_learning_rate(schedule.rate(step));
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for _ in 0..BATCH {
            let from = random.below(whole - passage + 1);
            x.extend_from_slice(&input[from..][..passage]);
            y.extend_from_slice(&target[from..][..passage]);
        }
        let shape = [BATCH, passage];
        let (x, y) = (Tensor::from_slice(shape, &x)?, Tensor::from_slice(shape, &y)?);
        let counts = Tensor::from_slice(shape, &counts)?;
        sum += f64::from(net.train_step(&x, (&y, &counts), &mut optimizer)?);
        if (step + 1).is_multiple_of(every) || step + 1 == options.steps {
            progress.note(format!("loss {:.6}", std::mem::take(&mut sum) / every as f64))?;
        }
    }
    let played = stream(&net, input)?;
    writeln!(out, "error to signal: {:.4}", error_to_signal(&played, target))?;
    Model::of_wavenet([C, D], [L, M], &net.parameters(), rate)
}

/// Returns the energy of the error over that of the target, as Neural Amp Modeler reports it (ESR).
fn error_to_signal(played: &[f32], target: &[f32]) -> f64 {
    let energy = |sample: f32| f64::from(sample).powi(2);
    let errors: f64 = played.iter().zip(target).map(|(a, b)| energy(a - b)).sum();
    errors / target.iter().copied().map(energy).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::TAU;

    /// Small random models by PyTorch, written by `tests/vectors/amp.py`.
    #[test]
    fn models_play_as_in_pytorch() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/amp.json");
        let text = std::fs::read_to_string(path).unwrap();
        let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
        let numbers = |value: &serde_json::Value| -> Vec<f32> {
            value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap() as f32).collect()
        };
        let input = numbers(&vectors["input"]);
        let mut wavenet = WaveNet::<Tanh, 3, 3, 2, 9>::init(0);
        let mut gated = GatedWaveNet::<Tanh, 3, 3, 2, 9>::init(0);
        let (mut one, mut two) = (OneLstm::<3>::init(0), TwoLstms::<3>::init(0));
        for (i, expected) in vectors["models"].as_array().unwrap().iter().enumerate() {
            let model = Model::parse(&expected["model"].to_string()).unwrap();
            assert_eq!(Model::parse(&model.to_text()).unwrap(), model);
            let mut parameters = match i {
                0 => wavenet.parameters_mut(),
                1 => gated.parameters_mut(),
                2 => one.parameters_mut(),
                _ => two.parameters_mut(),
            };
            model.put(&mut parameters).unwrap();
            let played = match i {
                0 => stream(&wavenet, &input),
                1 => stream(&gated, &input),
                2 => stream(&one, &input),
                _ => stream(&two, &input),
            };
            let (played, expected) = (played.unwrap(), numbers(&expected["output"]));
            assert_eq!(played.len(), expected.len());
            for (at, (actual, expected)) in played.iter().zip(&expected).enumerate() {
                assert!(
                    (actual - expected).abs() < 1e-5,
                    "{i}, sample {at}: {actual}, not {expected}"
                );
            }
        }
    }

    #[test]
    fn what_is_not_supported_is_told() {
        let text = |shape: Shape| {
            let parameters = Model { shape, weights: vec![0.5], rate: 48_000 };
            parameters.to_text()
        };
        let fails = |text: &str, reason: &str| {
            let played = Model::parse(text).and_then(|model| play(&model, &[0.0; 3]));
            let message = played.unwrap_err().to_string();
            assert!(message.starts_with(reason), "{message}");
        };
        let standard = text(Shape::wavenet(16, [10, 10]));
        fails("{", "EOF while parsing");
        fails("[]", "there is no `architecture`");
        fails(
            &standard.replace("WaveNet", "ConvNet"),
            "a `ConvNet` of another kind: WaveNets of two stacks",
        );
        fails(
            &standard,
            "1 weights, where WaveNet of 16 and 8 channels in 10 and 10 layers has 13802",
        );
        fails(&standard.replace("[0.5", "[\"a\""), "a weight is not a number");
        fails(&standard.replace("[0.5", "[1e60"), "a weight is not a number");
        let kernel = standard.replacen("\"kernel_size\":3", "\"kernel_size\":5", 1);
        fails(&kernel, "`config.layers[0].kernel_size` is 5, where 3 is supported");
        let relu = standard.replacen("\"Tanh\"", "\"ReLU\"", 1);
        fails(&relu, "`config.layers[0].activation` is \"ReLU\", where \"Tanh\" is supported");
        let dilation = standard.replacen("512", "500", 1);
        fails(&dilation, "`config.layers[0].dilations[9]` is 500, where 512 is supported");
        let more = standard.replacen("\"gated\"", "\"groups\":2,\"gated\"", 1);
        fails(&more, "`config.layers[0].groups` is 2, which is not supported");
        let other = text(Shape::wavenet(10, [10, 10]));
        fails(
            &other,
            "WaveNet of 10 and 5 channels in 10 and 10 layers is not supported, but WaveNet of 16",
        );
        let deep = text(Shape::Lstm { hidden: 24, layers: 3 });
        fails(&deep, "LSTM of 24 in 3 layers is not supported, but WaveNet of 16");
    }

    /// A chord that dies away, and what a clipping amplifier makes of it.
    fn distortion() -> [Vec<f32>; 2] {
        let chord = |i: usize| {
            let time = i as f32 / 48_000.0;
            let strings = (TAU * 110.0 * time).sin() + (TAU * 166.0 * time).sin();
            0.4 * strings * (-4.0 * time).exp()
        };
        let samples: Vec<f32> = (0..4_800).map(chord).collect();
        let mut last = 0.0;
        let clipped = samples.iter().map(|sample| {
            last = 0.6 * last + 0.4 * (4.0 * sample + 0.3).tanh();
            0.5 * last
        });
        let clipped: Vec<f32> = clipped.collect();
        [samples, clipped]
    }

    #[test]
    fn a_distortion_is_learned_and_its_file_plays_it() {
        let [input, target] = distortion();
        let options = Options {
            files: Vec::new(),
            train: true,
            preset: Preset::Nano,
            steps: 240,
            passage: 200,
            seed: 1,
        };
        let model = learn::<4, 3, 2, 2>([&input, &target], 48_000, &options).unwrap();
        let model = Model::parse(&model.to_text()).unwrap();
        let mut net = WaveNet::<Tanh, 4, 3, 2, 2>::init(0);
        model.put(&mut net.parameters_mut()).unwrap();
        let played = stream(&net, &input).unwrap();
        let error = error_to_signal(&played, &target);
        assert!(error < 0.02, "{error}");
    }

    /// The sound of silence, bit by bit, once the input is too quiet to be heard.
    #[test]
    fn a_signal_that_dies_away_becomes_silence() {
        let net = WaveNet::<Tanh, 3, 3, 2, 9>::init(1);
        let dying: Vec<f32> = (0..6_000).map(|i| (-0.02 * i as f32).exp()).collect();
        assert!(dying.iter().any(|sample| sample.is_subnormal()));
        let (dying, silent) = (stream(&net, &dying).unwrap(), stream(&net, &[0.0; 6_000]).unwrap());
        assert_ne!(dying[..2_000], silent[..2_000]);
        assert_eq!(dying[5_800..], silent[5_800..]);
    }
}
