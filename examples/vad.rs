//! Tells where there is speech in a recording, by the network and the weights of Silero VAD:
//! `cargo run --release --example vad -- silero_vad_16k.safetensors SPEECH.wav`.

#[path = "networks"]
mod networks {
    pub mod vad;
}

use clap::Parser;
use monograd::data::wav;
use monograd::prelude::*;
use monograd_examples::Outcome;
use monograd_examples::terminal::finish;
use networks::vad::Vad;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Samples a second, and a step.
const RATE: u32 = 16_000;
const STEP: usize = 512;

/// Tells where there is speech in a recording.
#[derive(Parser)]
struct Options {
    /// The weights: `silero_vad/data/silero_vad_16k.safetensors` of the Python package `silero-vad`
    weights: PathBuf,
    /// A WAV file of one channel with 16,000 samples a second
    recording: PathBuf,
    /// Print the probability of speech in each step of 512 samples, as a list
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    finish(run(&options))
}

fn run(options: &Options) -> Outcome {
    let net: Vad = Vad::load(&options.weights)?;
    let speech = probabilities(&net, &samples(&options.recording)?);
    let mut out = stdout();
    if options.json {
        writeln!(out, "{speech:?}")?;
        return Ok(());
    }
    for [start, end] in segments(&speech) {
        let seconds = |step: usize| (step * STEP) as f64 / f64::from(RATE);
        writeln!(out, "{:8.2} {:8.2}", seconds(start), seconds(end))?;
    }
    Ok(())
}

/// Reads a recording.
fn samples(path: &Path) -> Outcome<Vec<f32>> {
    let recording = wav::read(path)?;
    if recording.rate != RATE {
        let (path, rate) = (path.display(), recording.rate);
        return Err(format!("{path}: {rate} samples a second, where {RATE} are expected").into());
    }
    let samples = recording.into_mono();
    Ok(samples.map_err(|error| format!("{}: {error}", path.display()))?)
}

// ANCHOR: stream
/// Returns the probability of speech in each step; the last one is filled up with zeros.
fn probabilities<const N: usize, const D: usize>(net: &Vad<N, D>, samples: &[f32]) -> Vec<f32> {
    let mut stream = net.stream();
    let mut last = vec![0.0; 8 * N];
    let steps = samples.chunks(8 * N).map(|step| {
        if step.len() == 8 * N {
            return stream.step(step)[0];
        }
        last[..step.len()].copy_from_slice(step);
        stream.step(&last)[0]
    });
    steps.collect()
}
// ANCHOR_END: stream

/// Returns where there is speech: the first step of each part, and the one behind its last.
///
/// A part begins where the probability is 0.5 and ends where it stays below 0.35 for 4 steps (0.13 s). Parts of
/// less than 8 steps (0.26 s) are left out. To each belongs one more step on both sides.
fn segments(speech: &[f32]) -> Vec<[usize; 2]> {
    const BEGIN: f32 = 0.5;
    const END: f32 = 0.35;
    const PAUSE: usize = 4;
    const SHORTEST: usize = 8;
    let mut segments = Vec::new();
    let mut open: Option<[usize; 2]> = None;
    for (step, probability) in speech.iter().chain(&[0.0; PAUSE]).enumerate() {
        let Some([start, end]) = &mut open else {
            open = (*probability >= BEGIN).then_some([step, step + 1]);
            continue;
        };
        if *probability >= END {
            *end = step + 1;
        } else if step + 1 - *end >= PAUSE {
            if *end - *start >= SHORTEST {
                segments.push([start.saturating_sub(1), speech.len().min(*end + 1)]);
            }
            open = None;
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vectors(file: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(file)
    }

    /// A small random network by PyTorch, written by `tests/vectors/vad.py`.
    #[test]
    fn probabilities_are_those_of_pytorch() {
        let text = std::fs::read_to_string(vectors("vad.json")).unwrap();
        let [signal, expected]: [Vec<f32>; 2] = serde_json::from_str(&text).unwrap();
        let net = Vad::<4, 3>::load(vectors("vad.safetensors")).unwrap();
        let speech = probabilities(&net, &signal);
        assert_eq!(speech.len(), expected.len());
        let spread = |f: fn(f32, f32) -> f32| expected.iter().copied().reduce(f).unwrap();
        assert!(spread(f32::max) - spread(f32::min) > 0.1, "{expected:?}");
        for (step, (actual, expected)) in speech.iter().zip(&expected).enumerate() {
            assert!((actual - expected).abs() < 1e-5, "step {step}: {actual}, not {expected}");
        }
        // the whole recording at once
        let whole =
            Tensor::from_slice([expected.len() - 1, 32], &signal[..32 * (expected.len() - 1)]);
        let whole = net.forward(&whole.unwrap()).unwrap();
        for (actual, expected) in whole.as_slice().iter().zip(&expected) {
            assert!((actual - expected).abs() < 1e-5, "{actual}, not {expected}");
        }
    }

    #[test]
    fn short_pauses_are_speech_and_short_sounds_are_not() {
        let speech = |parts: &[(usize, f32)]| -> Vec<[usize; 2]> {
            let steps = parts.iter().flat_map(|(steps, p)| std::iter::repeat_n(*p, *steps));
            segments(&steps.collect::<Vec<f32>>())
        };
        assert_eq!(speech(&[(10, 0.1)]), [[0; 2]; 0]);
        assert_eq!(speech(&[(5, 0.1), (10, 0.9), (5, 0.1)]), [[4, 16]]);
        assert_eq!(speech(&[(5, 0.1), (7, 0.9), (5, 0.1)]), [[0; 2]; 0]);
        assert_eq!(speech(&[(9, 0.9), (3, 0.1), (2, 0.9), (3, 0.4), (9, 0.1)]), [[0, 18]]);
        assert_eq!(speech(&[(9, 0.9), (4, 0.1), (8, 0.9)]), [[0, 10], [12, 21]]);
        assert_eq!(speech(&[(9, 0.4)]), [[0; 2]; 0]);
    }

    #[test]
    fn recordings_of_another_kind_are_errors() {
        let folder = std::env::temp_dir().join(format!("monograd-vad-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("recording.wav");
        let message = |path: &Path| samples(path).unwrap_err().to_string();
        let fails = |rate: u32, samples: &[f32], reason: &str| {
            wav::write(&path, &wav::Recording::mono(rate, samples)).unwrap();
            assert!(message(&path).ends_with(reason), "{}", message(&path));
        };
        fails(8_000, &[0.0; 600], ": 8000 samples a second, where 16000 are expected");
        fails(RATE, &[], ": there are no samples");
        fails(RATE, &[0.0, f32::NAN], ": NaN at [1, 0] is not a finite f32");
        let stereo = wav::Recording { rate: RATE, samples: Tensor::zeros([2, 300]) };
        wav::write(&path, &stereo).unwrap();
        assert!(
            message(&path).contains("a recording of 2 channels cannot be read: one is expected")
        );
        // damaged: cut off at each byte
        let whole = std::fs::read(&path).unwrap();
        for end in 0..whole.len() {
            std::fs::write(&path, &whole[..end]).unwrap();
            assert!(message(&path).contains("recording.wav`: "), "{}", message(&path));
        }
        assert!(message(&folder.join("nothing.wav")).contains("nothing.wav`: "));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
