//! Checkpoints: files from which a training goes on as if it had not stopped.

mod notes;
mod record;

pub(super) use notes::{MOST, Notes};
pub(super) use record::{AVERAGE, BEST, Found, GOAL, Record, VALUE, put_options};

use super::TrainError;
use super::stopping::Goal;
use crate::error::{Error, FileProblem, Result};
use crate::network::Network;
use crate::optimizer::Optimizer;
use crate::sort::sort_by;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

const PREFIX: &str = "checkpoint-";
const SUFFIX: &str = ".safetensors";

/// A folder of checkpoints, and when they are written and deleted.
///
/// A checkpoint is one safetensors file, named by the number of steps. It is written beside its place, flushed to the
/// disk and renamed, so that a crash at any moment leaves the last one whole. It holds the parameters and buffers,
/// the state of the optimiser, and the seed and count of the network's random numbers; that of a
/// [`Trainer`](super::Trainer) also the schedule, the position in the data, early stopping with the best weights, the
/// average of weights, and the history. What is read is the newest checkpoint that is whole.
///
/// In a loop of your own:
///
/// ```
/// use monograd::prelude::*;
/// use monograd::train::Checkpoints;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// # fn main() -> Result<(), Error> {
/// # let folder = std::env::temp_dir().join(format!("monograd-doc-checkpoints-{}", std::process::id()));
/// let (x, y) = ([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0]);
/// let checkpoints = Checkpoints::new(&folder).keep_last(2);
/// let (mut net, mut optimizer) = (Line::init(1), AdamW::new(0.1));
/// let start = checkpoints.load(&mut net, &mut optimizer)?.unwrap_or(0); // 0: there is none yet
/// for step in start..100 {
///     net.train_step(&x, &y, &mut optimizer)?;
///     if (step + 1) % 25 == 0 {
///         checkpoints.save(&net, &optimizer, step + 1)?;
///     }
/// }
/// assert_eq!(checkpoints.list()?.len(), 2);
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoints {
    folder: PathBuf,
    last: usize,
    best: usize,
    pub(super) every_steps: Option<u64>,
    pub(super) every_epochs: u64,
}

impl Checkpoints {
    /// Creates the description of a folder, which is created with the first checkpoint: one is written after each
    /// epoch, and the last three and the best one are kept.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), last: 3, best: 1, every_steps: None, every_epochs: 1 }
    }

    /// Sets how many of the newest are kept (by default 3, and at least 1).
    #[must_use]
    pub fn keep_last(self, count: usize) -> Self {
        Self { last: count.max(1), ..self }
    }

    /// Sets how many of those with the best values are kept beside the newest (by default 1).
    #[must_use]
    pub fn keep_best(self, count: usize) -> Self {
        Self { best: count, ..self }
    }

    /// Writes one after every so many steps, too (by default not).
    #[must_use]
    pub fn every_steps(self, steps: u64) -> Self {
        Self { every_steps: (steps > 0).then_some(steps), ..self }
    }

    /// Writes one after every so many epochs (by default 1); 0 for none.
    #[must_use]
    pub fn every_epochs(self, epochs: u64) -> Self {
        Self { every_epochs: epochs, ..self }
    }

    /// Returns the folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns all checkpoints with their numbers of steps, oldest first. There are none without the folder.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn list(&self) -> Result<Vec<(u64, PathBuf)>> {
        let at = |error: std::io::Error| FileProblem::from(error).at(Some(&self.folder));
        self.check_folder()?;
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(at)?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let path = entry.map_err(at)?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if let Some(step) = step_of(name) {
                found.push((step, path));
            }
        }
        sort_by(&mut found, Ord::cmp);
        Ok(found)
    }

    /// Returns the checkpoint with the best value, if a value was measured for any.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn best(&self) -> Result<Option<PathBuf>> {
        Ok(self.ranked(&self.list()?).into_iter().next().map(|(_, path)| path))
    }

    /// Writes a checkpoint after `step` steps, and deletes those that are not to be kept.
    ///
    /// # Errors
    /// If the folder or the file cannot be written (the disk is full, the folder read-only), or a parameter is not
    /// finite. All earlier checkpoints are then as before.
    pub fn save<N: Network>(
        &self,
        net: &N,
        optimizer: &dyn Optimizer<N::Scalar>,
        step: u64,
    ) -> Result<()> {
        let notes = Notes::default();
        let record = Record::new(net, optimizer, Vec::new(), notes);
        self.write(step, |path| record.save(path))
    }

    /// Restores network and optimiser from the newest whole checkpoint, also of a [`Trainer`](super::Trainer), and
    /// returns its number of steps; `None` if there is no checkpoint.
    ///
    /// # Errors
    /// If the checkpoint is that of another network or optimiser or of other options, or no checkpoint is whole.
    /// Network and optimiser are then unchanged.
    pub fn load<N: Network>(
        &self,
        net: &mut N,
        optimizer: &mut dyn Optimizer<N::Scalar>,
    ) -> Result<Option<u64>> {
        let read = |path: &Path| Found::read(path, net, optimizer, None);
        let Some((step, found)) = self.newest(read)? else { return Ok(None) };
        found.apply(net, optimizer)?;
        Ok(Some(step))
    }

    /// Checks that there is nothing but a folder where the checkpoints are.
    fn check_folder(&self) -> Result<()> {
        match fs::metadata(&self.folder) {
            Ok(found) if !found.is_dir() => {
                let path = self.folder.clone();
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                let is_checkpoint = step_of(name).is_some();
                Err(TrainError::NotFolder { path, is_checkpoint }.into())
            }
            _ => Ok(()),
        }
    }

    /// Creates the folder, and writes a checkpoint by `save`.
    pub(super) fn write(&self, step: u64, save: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        self.check_folder()?;
        let created = fs::create_dir_all(&self.folder);
        created.map_err(|error| FileProblem::from(error).at(Some(&self.folder)))?;
        save(&self.folder.join(format!("{PREFIX}{step:010}{SUFFIX}")))?;
        self.rotate(step)
    }

    /// Returns what `read` returns for the newest file that is not damaged, and its number of steps.
    pub(super) fn newest<R>(
        &self,
        mut read: impl FnMut(&Path) -> Result<R>,
    ) -> Result<Option<(u64, R)>> {
        let mut damages = Vec::new();
        for (step, path) in self.list()?.into_iter().rev() {
            match read(&path) {
                Ok(found) => return Ok(Some((step, found))),
                Err(error) if record::is_damage(&error) => damages.push(error),
                Err(error) => return Err(error),
            }
        }
        match damages.is_empty() {
            true => Ok(None),
            false => Err(TrainError::NoneWhole { folder: self.folder.clone(), damages }.into()),
        }
    }

    /// Deletes the checkpoints up to `step` that are not to be kept, and what crashes have left.
    fn rotate(&self, step: u64) -> Result<()> {
        let is_part = |name: &str| {
            name.strip_prefix('.').is_some_and(|name| name.starts_with(PREFIX))
                && name.ends_with(".part")
        };
        crate::file::remove_stale(&self.folder, SystemTime::now(), is_part);
        let mut files = self.list()?;
        files.retain(|(number, _)| *number <= step);
        let old = files.len().saturating_sub(self.last);
        if old == 0 {
            return Ok(());
        }
        let best = self.ranked(&files);
        let kept = &best[..best.len().min(self.best)];
        for (_, path) in files[..old].iter().filter(|(_, path)| kept.iter().all(|(_, k)| k != path))
        {
            fs::remove_file(path).map_err(|error| FileProblem::from(error).at(Some(path)))?;
        }
        Ok(())
    }

    /// Returns those files that have a value, from the best to the worst.
    fn ranked(&self, files: &[(u64, PathBuf)]) -> Vec<(f64, PathBuf)> {
        let valued = files.iter().filter_map(|(_, path)| {
            let notes = crate::file::metadata(path).ok()?;
            // a NaN has no place in the order, in which its negative would be the first
            let value =
                notes.get(record::VALUE)?.parse().ok().filter(|value: &f64| !value.is_nan())?;
            let is_less = notes.get(record::GOAL)? == Goal::Minimize.name();
            Some((if is_less { value } else { -value }, path.clone()))
        });
        let mut valued: Vec<_> = valued.collect();
        sort_by(&mut valued, |a, b| a.0.total_cmp(&b.0));
        valued
    }
}

impl From<&str> for Checkpoints {
    fn from(folder: &str) -> Self {
        Self::new(folder)
    }
}

impl From<&Path> for Checkpoints {
    fn from(folder: &Path) -> Self {
        Self::new(folder)
    }
}

impl From<PathBuf> for Checkpoints {
    fn from(folder: PathBuf) -> Self {
        Self::new(folder)
    }
}

impl From<&PathBuf> for Checkpoints {
    fn from(folder: &PathBuf) -> Self {
        Self::new(folder)
    }
}

/// Returns the number of steps in the name of a checkpoint.
fn step_of(name: &str) -> Option<u64> {
    name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.parse().ok()
}

/// Returns the error for a damaged checkpoint.
fn not_whole(path: &Path, reason: String) -> Error {
    TrainError::NotCheckpoint { path: path.to_path_buf(), reason }.into()
}
