//! Recordings in WAV files (needs feature `wav`).

use super::{DataError, DataProblem};
use crate::file;
use crate::tensor::Tensor;
use hound::{SampleFormat, WavReader, WavSpec, WavWriter};
use std::io::{BufReader, Cursor, Read};
use std::path::Path;

const NAME: &str = "WAV";

/// A recording.
///
/// ```
/// use monograd::data::wav::Recording;
///
/// let recording = Recording::mono(16_000, vec![0.0, 0.5, -0.5]);
/// assert_eq!((recording.channels(), recording.mixed().len()), (1, 3));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Number of samples a second.
    pub rate: u32,
    /// The samples, a row for each channel; within ±1 in a file of whole numbers.
    pub samples: Tensor<f32>,
}

impl Recording {
    /// Returns a recording of one channel.
    #[must_use]
    pub fn mono(rate: u32, samples: impl Into<Tensor<f32>>) -> Self {
        let samples = samples.into();
        let shape = [1, samples.len()];
        let samples = samples.reshape(shape).unwrap_or_else(|_| Tensor::zeros(shape));
        Self { rate, samples }
    }

    /// Returns the number of channels.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.samples.shape().first().copied().unwrap_or(1)
    }

    /// Returns the samples of a recording of one channel.
    ///
    /// # Errors
    /// If it has several.
    pub fn into_mono(self) -> Result<Vec<f32>, DataError> {
        match self.channels() {
            1 => Ok(self.samples.into_vec()),
            channels => Err(DataProblem::Unsupported {
                what: format!("a recording of {channels} channels"),
                supported: "one is expected; take the mean of them, `mixed`",
            }
            .into()),
        }
    }

    /// Returns the mean of the channels.
    #[must_use]
    pub fn mixed(&self) -> Vec<f32> {
        let mut mixed = vec![0.0; self.samples.len() / self.channels().max(1)];
        let share = 1.0 / self.channels() as f32;
        for channel in self.samples.rows() {
            mixed.iter_mut().zip(channel).for_each(|(sum, sample)| *sum += share * sample);
        }
        mixed
    }
}

/// Reads a recording. A sample of whole numbers is divided by the largest power of two of its type, so that one of
/// 16 bits is its number over 32,768.
///
/// # Errors
/// If it is not a regular file, is no WAV file, is damaged, or has no samples.
pub fn read(path: impl AsRef<Path>) -> Result<Recording, DataError> {
    let path = path.as_ref();
    let opened = || {
        let (file, len) = file::open(path)?;
        decode(BufReader::new(file), len)
    };
    opened().map_err(|error: DataError| error.at(Some(path)))
}

/// Reads a recording from the bytes of a file.
///
/// # Errors
/// Those of [`read`].
pub fn parse(bytes: &[u8]) -> Result<Recording, DataError> {
    decode(Cursor::new(bytes), bytes.len() as u64)
}

/// Writes a recording as 32-bit floating-point numbers.
///
/// # Errors
/// If the file cannot be written, the path is not that of a regular file, or there are more channels than the format can tell.
pub fn write(path: impl AsRef<Path>, recording: &Recording) -> Result<(), DataError> {
    let path = path.as_ref();
    let written = || -> Result<(), DataError> {
        file::regular(path)?;
        let channels = u16::try_from(recording.channels()).ok().filter(|channels| *channels > 0);
        let spec = WavSpec {
            channels: channels.ok_or_else(|| {
                DataError::option(format!(
                    "{} channels: 1 to 65,535 can be written",
                    recording.channels()
                ))
            })?,
            sample_rate: recording.rate,
            bits_per_sample: 32,
            sample_format: SampleFormat::Float,
        };
        let mut writer = WavWriter::create(path, spec).map_err(problem)?;
        for at in 0..recording.samples.len() / recording.channels() {
            for channel in recording.samples.rows() {
                writer.write_sample(channel[at]).map_err(problem)?;
            }
        }
        writer.finalize().map_err(problem)
    };
    written().map_err(|error| error.at(Some(path)))
}

fn decode(bytes: impl Read, len: u64) -> Result<Recording, DataError> {
    let mut reader = WavReader::new(bytes).map_err(problem)?;
    let WavSpec { channels, sample_rate: rate, bits_per_sample, sample_format } = reader.spec();
    let bytes = u64::from(bits_per_sample.div_ceil(8));
    if channels == 0 || bytes == 0 || bits_per_sample > 32 {
        let reason = format!("{channels} channels of {bits_per_sample} bits");
        return Err(DataError::format(NAME, reason));
    }
    // compared before anything is allocated: a header may tell of more than there is
    let count = u64::from(reader.len());
    if count.saturating_mul(bytes) > len {
        let reason = format!("it has {len} bytes, but its header tells of {count} samples");
        return Err(DataError::format(NAME, reason));
    }
    let samples: Result<Vec<f32>, _> = match sample_format {
        SampleFormat::Float => reader.samples().collect(),
        SampleFormat::Int => {
            let scale = 1.0 / (1_u64 << (bits_per_sample - 1)) as f64;
            let real = |sample: i32| (f64::from(sample) * scale) as f32;
            reader.samples().map(|sample| sample.map(real)).collect()
        }
    };
    let samples = samples.map_err(problem)?;
    let channels = usize::from(channels);
    if samples.is_empty() {
        return Err(DataProblem::Empty("").into());
    }
    if let Some(at) = samples.iter().position(|sample| !sample.is_finite()) {
        let (index, value) = (vec![at / channels, at % channels], f64::from(samples[at]));
        return Err(DataProblem::Element { value, index, element: "finite f32" }.into());
    }
    let steps = samples.len() / channels;
    let turned = |at: usize| samples[at % steps * channels + at / steps];
    Ok(Recording { rate, samples: Tensor::from_fn([channels, steps], turned) })
}

fn problem(error: hound::Error) -> DataError {
    match error {
        hound::Error::IoError(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            error.into()
        }
        hound::Error::IoError(_) => DataError::format(NAME, "it ends too early"),
        hound::Error::Unsupported => DataProblem::Unsupported {
            what: "a WAV file of this kind".into(),
            supported: "whole numbers of 8 to 32 bits and floating-point numbers of 32 are",
        }
        .into(),
        error => DataError::format(NAME, error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a WAV file.
    fn file(spec: WavSpec, samples: &[f32]) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = WavWriter::new(&mut bytes, spec).unwrap();
        for sample in samples {
            match spec.sample_format {
                SampleFormat::Float => writer.write_sample(*sample).unwrap(),
                SampleFormat::Int => {
                    let scale = f64::from(1_u32 << (spec.bits_per_sample - 1));
                    writer.write_sample((f64::from(*sample) * scale) as i32).unwrap();
                }
            }
        }
        writer.finalize().unwrap();
        bytes.into_inner()
    }

    #[test]
    fn recordings_of_all_kinds_are_read() {
        for channels in [1, 2, 3] {
            for (bits_per_sample, sample_format) in [
                (8, SampleFormat::Int),
                (16, SampleFormat::Int),
                (24, SampleFormat::Int),
                (32, SampleFormat::Int),
                (32, SampleFormat::Float),
            ] {
                let spec = WavSpec { channels, sample_rate: 8000, bits_per_sample, sample_format };
                let samples: Vec<f32> = (0..12).map(|i| i as f32 / 8.0 - 1.0).collect();
                let recording = parse(&file(spec, &samples)).unwrap();
                assert_eq!((recording.rate, recording.channels()), (8000, channels.into()));
                let channels = usize::from(channels);
                for (i, sample) in samples.iter().enumerate() {
                    assert_eq!(recording.samples[[i % channels, i / channels]], *sample);
                }
                let mean = samples[..channels].iter().sum::<f32>() / channels as f32;
                assert!((recording.mixed()[0] - mean).abs() < 1e-7);
                assert_eq!(recording.into_mono().is_ok(), channels == 1);
            }
        }
    }

    #[test]
    fn damaged_files_are_refused() {
        let spec = WavSpec {
            channels: 2,
            sample_rate: 8000,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let whole = file(spec, &[0.5; 8]);
        assert!(parse(&whole).is_ok());
        for len in 0..whole.len() {
            assert!(parse(&whole[..len]).is_err(), "{len} bytes");
        }
        for place in 0..whole.len() {
            for byte in 0..=255 {
                let mut file = whole.clone();
                file[place] = byte;
                let _ = parse(&file);
            }
        }
        // a header that tells of 4 GB
        let mut far = whole;
        let data = far.len() - 16 - 4;
        far[data..data + 4].copy_from_slice(&0xffff_fff0_u32.to_le_bytes());
        assert!(parse(&far).is_err());
        let nan = file(
            WavSpec { bits_per_sample: 32, sample_format: SampleFormat::Float, ..spec },
            &[f32::NAN; 2],
        );
        assert_eq!(parse(&nan).unwrap_err().to_string(), "NaN at [0, 0] is not a finite f32");
    }

    #[test]
    fn what_is_written_is_read() {
        let path = std::env::temp_dir().join(format!("monograd-wav-{}.wav", std::process::id()));
        let samples = Tensor::from([[0.25, -1.5, 0.0], [1.0, 2.0, 3.0]]);
        let recording = Recording { rate: 44_100, samples };
        write(&path, &recording).unwrap();
        assert_eq!(read(&path).unwrap(), recording);
        let mono = Recording::mono(8000, vec![0.5, 0.25]);
        write(&path, &mono).unwrap();
        assert_eq!(read(&path).unwrap().into_mono().unwrap(), [0.5, 0.25]);
        std::fs::remove_file(&path).unwrap();
    }
}
