//! Recordings in WAV files, of one channel.

use crate::Outcome;
use hound::{SampleFormat, WavReader, WavSpec, WavWriter};
use std::path::Path;

/// A recording of one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Number of samples a second.
    pub rate: u32,
    /// The samples, within ±1 in a file of whole numbers.
    pub samples: Vec<f32>,
}

/// Reads a recording. A sample of whole numbers is divided by the largest power of two of its type, so that
/// one of 16 bits is its number over 32,768.
///
/// # Errors
/// If it is no WAV file, has several channels, or no samples.
pub fn read(path: &Path) -> Outcome<Recording> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut reader = WavReader::open(path).map_err(|error| named(&error))?;
    let WavSpec { channels, sample_rate: rate, bits_per_sample, sample_format } = reader.spec();
    if channels != 1 {
        return Err(named(&format!("{channels} channels, where one is expected")).into());
    }
    let samples: Result<Vec<f32>, _> = match sample_format {
        SampleFormat::Float => reader.samples().collect(),
        SampleFormat::Int => {
            let scale = 1.0 / (1_u64 << (bits_per_sample - 1)) as f64;
            let real = |sample: i32| (f64::from(sample) * scale) as f32;
            reader.samples().map(|sample| sample.map(real)).collect()
        }
    };
    let samples = samples.map_err(|error| named(&error))?;
    if samples.is_empty() {
        return Err(named(&"there are no samples").into());
    }
    if !samples.iter().all(|sample| sample.is_finite()) {
        return Err(named(&"a sample is not a number").into());
    }
    Ok(Recording { rate, samples })
}

/// Writes a recording as 32-bit floating-point numbers.
///
/// # Errors
/// If the file cannot be written.
pub fn write(path: &Path, recording: &Recording) -> Outcome {
    let named = |error: hound::Error| format!("{}: {error}", path.display());
    let spec = WavSpec {
        channels: 1,
        sample_rate: recording.rate,
        bits_per_sample: 32,
        sample_format: SampleFormat::Float,
    };
    let mut writer = WavWriter::create(path, spec).map_err(named)?;
    for sample in &recording.samples {
        writer.write_sample(*sample).map_err(named)?;
    }
    writer.finalize().map_err(named)?;
    Ok(())
}
