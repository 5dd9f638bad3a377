//! Recordings in WAV files (needs feature `wav`).

use super::{DataError, DataProblem};
use crate::file;
use crate::tensor::Tensor;
use hound::{SampleFormat, WavReader, WavSpec, WavWriter};
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

const NAME: &str = "WAV";
/// Largest number of samples of 4 bytes, whose number of bytes, and that of the header, the format has 32 bits for.
const MOST_SAMPLES: usize = (u32::MAX as usize - 128) / 4;

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
/// If it is not a regular file, is no WAV file, is damaged, has no samples, or is larger than memory.
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
/// If the file cannot be written, the path is not that of a regular file, there are more channels or samples than the
/// format can tell, or there are 0 samples a second.
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
        if recording.rate == 0 {
            return Err(DataError::option("a recording of 0 samples a second cannot be written"));
        }
        if recording.samples.len() > MOST_SAMPLES {
            let len = recording.samples.len();
            let reason = format!("{len} samples: {MOST_SAMPLES} can be written");
            return Err(DataError::option(reason));
        }
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

/// A reader for which the end of the file is an error, which tells a file that is cut from a device that fails.
struct Ending<R>(R);

impl<R: Read> Read for Ending<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        match self.0.read(to)? {
            0 if !to.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            len => Ok(len),
        }
    }
}

fn decode(bytes: impl Read, len: u64) -> Result<Recording, DataError> {
    let mut reader = WavReader::new(Ending(bytes)).map_err(problem)?;
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
    if rate == 0 {
        return Err(DataError::format(NAME, "0 samples a second"));
    }
    if count == 0 {
        return Err(DataProblem::Empty("").into());
    }
    let channels = usize::from(channels);
    let steps = reader.duration() as usize;
    let room = Tensor::try_zeros([channels, steps]);
    let mut samples: Tensor = room.map_err(|_| DataProblem::TooLarge {
        what: format!("a recording of {count} samples"),
        bytes: count.saturating_mul(size_of::<f32>() as u64),
    })?;
    let mut put = |at: usize, sample: f32| {
        let (step, channel) = (at / channels, at % channels);
        if !sample.is_finite() {
            let (index, value) = (vec![step, channel], f64::from(sample));
            return Err(DataProblem::Element { value, index, element: "finite f32" });
        }
        samples.as_mut_slice()[channel * steps + step] = sample;
        Ok(())
    };
    match sample_format {
        SampleFormat::Float => {
            for (at, sample) in reader.samples().enumerate() {
                put(at, sample.map_err(problem)?)?;
            }
        }
        SampleFormat::Int => {
            let scale = 1.0 / (1_u64 << (bits_per_sample - 1)) as f64;
            for (at, sample) in reader.samples::<i32>().enumerate() {
                put(at, (f64::from(sample.map_err(problem)?) * scale) as f32)?;
            }
        }
    }
    Ok(Recording { rate, samples })
}

fn problem(error: hound::Error) -> DataError {
    match error {
        hound::Error::IoError(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
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
        let whole = file(spec, &[0.0, 0.25, 0.5, 0.75, -0.25, -0.5, -0.75, -1.0]);
        let header = whole.len() - 2 * 8;
        let right = parse(&whole).unwrap();
        for len in 0..whole.len() {
            let error = parse(&whole[..len]).unwrap_err();
            assert!(matches!(error.problem(), DataProblem::Format { .. }), "{len} bytes: {error}");
            assert!(!error.to_string().contains(char::is_control), "{error:?}");
        }
        for place in 0..whole.len() {
            for byte in 0..=255 {
                let mut file = whole.clone();
                file[place] = byte;
                match parse(&file) {
                    // the length of the whole, or of the samples: what follows them is other data then
                    Ok(read) if place < header => {
                        assert_eq!((read.rate, read.channels()), (8000, 2));
                        for (read, right) in read.samples.rows().zip(right.samples.rows()) {
                            assert!(right.starts_with(read), "{byte} at {place}: {read:?}");
                        }
                    }
                    Ok(read) => assert_eq!((read.rate, read.samples.len()), (8000, 8)),
                    Err(error) => {
                        let text = error.to_string();
                        assert!(!text.contains(char::is_control), "{text:?}");
                        assert!(!matches!(error.problem(), DataProblem::Io(_)), "{text}");
                    }
                }
            }
        }
        // fields of two and four bytes: 0, 1, and numbers that are large or negative
        for place in 0..header - 4 {
            for number in [0, 1, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, u32::MAX] {
                for len in [2, 4] {
                    let mut file = whole.clone();
                    file[place..place + len].copy_from_slice(&number.to_le_bytes()[..len]);
                    if let Ok(read) = parse(&file) {
                        assert_eq!(read.samples.len(), 8, "{number} at {place}");
                    }
                }
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
        let mut still = file(spec, &[0.5; 8]);
        still[24..32].fill(0); // samples and bytes a second
        assert!(parse(&still).unwrap_err().to_string().ends_with("file: 0 samples a second"));
        let never =
            write(std::env::temp_dir().join("monograd-never.wav"), &Recording::mono(0, [0.5]));
        assert!(never.unwrap_err().to_string().contains("0 samples a second"));
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
