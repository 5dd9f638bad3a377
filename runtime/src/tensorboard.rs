//! TensorBoard event files: curves of numbers, and histograms of weights (needs feature `tensorboard`).
//!
//! ```
//! use monograd::prelude::*;
//! use monograd::tensorboard::EventWriter;
//!
//! network! {
//!     Line(x: [1]) -> [1] { x >> Linear(1) }
//!     loss mse
//! }
//!
//! # let folder = std::env::temp_dir().join(format!("monograd-events-{}", std::process::id()));
//! let mut events = EventWriter::create(folder.join("runs/first"))?;
//! let mut net = Line::init(1);
//! let mut optimizer = Sgd::new(0.1);
//! for step in 0..100 {
//!     let loss = net.train_step(&[0.0, 1.0], &[1.0, 3.0], &mut optimizer)?;
//!     events.scalar("loss/train", step, loss.into())?;
//! }
//! events.parameters(&net, 100)?;
//! events.flush()?;
//! // then: tensorboard --logdir runs
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok::<(), monograd::Error>(())
//! ```

mod callback;
mod checksum;
mod histogram;
mod message;

use crate::error::FileProblem;
use crate::network::Network;
use crate::scalar::Scalar;
use checksum::masked;
use histogram::Histogram;
use message::Message;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Writes an event file of one run, to a folder that TensorBoard shows by its name.
///
/// Events are written to the file at [`flush`](Self::flush), when the buffer is full, and when it is dropped.
///
/// ```
/// use monograd::tensorboard::EventWriter;
///
/// let mut bytes = Vec::new();
/// let mut events = EventWriter::new(&mut bytes, 0.0)?; // 0 seconds since 1970
/// events.scalar("loss/train", 1, 0.5)?;
/// events.histogram("weights", 1, &[0.1_f32, 0.2, -0.3])?;
/// events.flush()?;
/// drop(events);
/// assert!(bytes.windows(10).any(|part| part == b"loss/train"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct EventWriter<W: Write = BufWriter<File>> {
    to: W,
    path: Option<PathBuf>,
    /// The time of all events, if it is not that of the clock.
    time: Option<f64>,
}

impl EventWriter {
    /// Creates a file in `folder`, which is created as well. Its name is TensorBoard's, with the time and the number of
    /// the process, so that a run that is resumed adds a file.
    ///
    /// # Errors
    /// [`Error::File`](crate::Error::File) if it cannot be created.
    pub fn create(folder: impl AsRef<Path>) -> crate::Result<Self> {
        let folder = folder.as_ref();
        Self::create_in(folder).map_err(|error| FileProblem::from(error).at(Some(folder)))
    }

    fn create_in(folder: &Path) -> io::Result<Self> {
        /// Tells the files of one process and second apart.
        static COUNT: AtomicU32 = AtomicU32::new(0);
        fs::create_dir_all(folder)?;
        let (seconds, process) = (now() as u64, process::id());
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path =
            folder.join(format!("events.out.tfevents.{seconds:010}.monograd.{process}.{count}"));
        let mut events =
            Self { to: BufWriter::new(File::create_new(&path)?), path: Some(path), time: None };
        events.begin()?;
        Ok(events)
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(""))
    }
}

impl<W: Write> EventWriter<W> {
    /// Writes to something else than a file, with `time` for the time of all events, in seconds since 1970, so that the
    /// bytes are always the same.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn new(to: W, time: f64) -> io::Result<Self> {
        let mut events = Self { to, path: None, time: Some(time) };
        events.begin()?;
        Ok(events)
    }

    /// Writes the number of a curve at a step. Curves with the same first part of `tag`, before a `/`, are shown
    /// together.
    ///
    /// # Errors
    /// Those of the file.
    pub fn scalar(&mut self, tag: &str, step: u64, value: f64) -> io::Result<()> {
        let mut number = Message::default();
        number.text(1, tag).float(2, value as f32);
        self.summary(step, &number)
    }

    /// Writes how the values are distributed at a step. Values that are not finite are not counted.
    ///
    /// # Errors
    /// Those of the file.
    pub fn histogram<T: Scalar>(&mut self, tag: &str, step: u64, values: &[T]) -> io::Result<()> {
        let histogram = Histogram::of(values.iter().map(|value| value.to_f64()));
        let mut value = Message::default();
        value.text(1, tag).message(5, &histogram.message());
        self.summary(step, &value)
    }

    /// Writes a histogram of each parameter of a network, by its name.
    ///
    /// # Errors
    /// Those of the file.
    pub fn parameters<N: Network>(&mut self, net: &N, step: u64) -> io::Result<()> {
        for parameter in net.parameters().iter() {
            self.histogram(&parameter.name(), step, parameter.as_slice())?;
        }
        Ok(())
    }

    /// Writes what is in the buffer to the file, for a TensorBoard that is running.
    ///
    /// # Errors
    /// Those of the file.
    pub fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }

    /// Returns what it writes to.
    ///
    /// # Errors
    /// Those of the last [`flush`](Self::flush).
    pub fn into_inner(mut self) -> io::Result<W> {
        self.to.flush()?;
        Ok(self.to)
    }

    /// Writes the version, which is the first event.
    fn begin(&mut self) -> io::Result<()> {
        let mut event = self.event(0);
        event.text(3, "brain.Event:2");
        self.record(&event)
    }

    fn summary(&mut self, step: u64, value: &Message) -> io::Result<()> {
        let mut summary = Message::default();
        summary.message(1, value);
        let mut event = self.event(step);
        event.message(5, &summary);
        self.record(&event)
    }

    /// Begins an event.
    fn event(&self, step: u64) -> Message {
        let mut event = Message::default();
        event.double(1, self.time.unwrap_or_else(now)).whole(2, step);
        event
    }

    /// Writes a record: the length of the event and the event, each with its checksum.
    fn record(&mut self, event: &Message) -> io::Result<()> {
        let bytes = event.bytes();
        let len = (bytes.len() as u64).to_le_bytes();
        self.to.write_all(&len)?;
        self.to.write_all(&masked(&len).to_le_bytes())?;
        self.to.write_all(bytes)?;
        self.to.write_all(&masked(bytes).to_le_bytes())
    }
}

/// Returns the seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}

#[cfg(test)]
mod tests;
