//! The course of a training in numbers.

use super::TrainError;
use crate::error::Result;
use std::io::Read as _;
use std::path::Path;

#[cfg(feature = "plot")]
mod chart;
mod csv;

/// Largest number of points that are kept for the steps.
const MOST_POINTS: usize = 1 << 16;

/// The name of the training loss.
pub(super) const LOSS: &str = "loss";
/// The name of the learning rate.
pub(super) const RATE: &str = "learning_rate";
/// The name of the norm of the gradients.
pub(super) const NORM: &str = "gradient_norm";

/// The course of a training: a row of values for each epoch, and the losses and learning rates of the steps.
///
/// A value that is not known is NaN. Of the steps, at most 65,536 points are kept: beyond that, a point is the mean
/// of 2, 4, .. steps.
///
/// ```
/// use monograd::train::History;
///
/// let mut history = History::new();
/// history.record_step(0, &[("loss", 2.5), ("learning_rate", 0.1)]);
/// history.record_epoch(0, 1, &[("loss", 2.5), ("val_loss", 2.25)]);
/// assert_eq!(history.names().collect::<Vec<_>>(), ["loss", "val_loss"]);
/// assert_eq!(history.series("val_loss"), Some(&[2.25][..]));
/// assert_eq!(history.step_series("loss"), Some(&[2.5][..]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct History {
    epochs: Rows,
    /// The number of steps that had been taken at the end of each epoch.
    ends: Vec<u64>,
    steps: Rows,
    /// Number of steps of a point; 0 before the first.
    stride: u64,
    /// The number of steps in the last point.
    filled: u64,
}

/// Numbered rows of named values, stored by column.
#[derive(Clone, Debug, Default)]
struct Rows {
    numbers: Vec<u64>,
    columns: Vec<(String, Vec<f64>)>,
}

impl Rows {
    fn push(&mut self, number: u64, values: &[(&str, f64)]) {
        for (name, value) in values {
            let known = self.columns.iter().position(|(known, _)| known == name);
            let at = known.unwrap_or(self.columns.len());
            if known.is_none() {
                self.columns.push(((*name).to_owned(), vec![f64::NAN; self.numbers.len()]));
            }
            self.columns[at].1.push(*value);
        }
        self.numbers.push(number);
        for (_, column) in &mut self.columns {
            column.resize(self.numbers.len(), f64::NAN);
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    fn series(&self, name: &str) -> Option<&[f64]> {
        self.columns.iter().find(|(known, _)| known == name).map(|(_, values)| &values[..])
    }

    /// Joins the rows in pairs, into their means.
    fn halve(&mut self) {
        let pairs = self.numbers.len() / 2;
        (0..pairs).for_each(|at| self.numbers[at] = self.numbers[2 * at]);
        self.numbers.truncate(pairs);
        for (_, column) in &mut self.columns {
            (0..pairs)
                .for_each(|at| column[at] = f64::midpoint(column[2 * at], column[2 * at + 1]));
            column.truncate(pairs);
        }
    }
}

impl History {
    /// Creates an empty history.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a row for an epoch, after `steps` steps.
    pub fn record_epoch(&mut self, epoch: u64, steps: u64, values: &[(&str, f64)]) {
        self.epochs.push(epoch, values);
        self.ends.push(steps);
    }

    /// Adds the values of a step.
    pub fn record_step(&mut self, step: u64, values: &[(&str, f64)]) {
        if self.stride == 0 || self.filled == self.stride {
            if self.steps.numbers.len() == MOST_POINTS {
                self.steps.halve();
                self.stride *= 2;
            }
            self.stride = self.stride.max(1);
            self.steps.push(step, values);
            self.filled = 1;
            return;
        }
        self.filled += 1;
        let share = 1.0 / self.filled as f64;
        for (name, value) in values {
            let column = self.steps.columns.iter_mut().find(|(known, _)| known == name);
            if let Some(last) = column.and_then(|(_, values)| values.last_mut()) {
                *last += (value - *last) * share;
            }
        }
    }

    /// Returns the names of the values of epochs: `loss`, `learning_rate`, `val_loss`, `val_accuracy` ..
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.epochs.names()
    }

    /// Returns the numbers of the epochs, from 0.
    #[must_use]
    pub fn epochs(&self) -> &[u64] {
        &self.epochs.numbers
    }

    /// Returns a value of every epoch.
    #[must_use]
    pub fn series(&self, name: &str) -> Option<&[f64]> {
        self.epochs.series(name)
    }

    /// Returns a value of the last epoch.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<f64> {
        self.series(name)?.last().copied()
    }

    /// Returns the names of the values of steps: `loss`, `learning_rate`, and `gradient_norm` if it is computed.
    pub fn step_names(&self) -> impl Iterator<Item = &str> {
        self.steps.names()
    }

    /// Returns the numbers of the steps, from 0.
    #[must_use]
    pub fn steps(&self) -> &[u64] {
        &self.steps.numbers
    }

    /// Returns a value of every step.
    #[must_use]
    pub fn step_series(&self, name: &str) -> Option<&[f64]> {
        self.steps.series(name)
    }

    /// Saves the history as a table: a row for each step and each epoch, the latter with the number of the epoch in
    /// the first column and the number of steps before its end in the second.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let saved = crate::file::replace_bytes(path, self.to_csv().as_bytes());
        saved.map_err(|problem| problem.at(Some(path)))
    }

    /// Loads what [`save_csv`](Self::save_csv) wrote.
    ///
    /// # Errors
    /// If the file cannot be read or is not such a table.
    pub fn load_csv(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let wrong =
            |(line, reason)| TrainError::NotHistory { path: path.to_path_buf(), line, reason };
        let mut bytes = Vec::new();
        crate::file::open(path)
            .and_then(|(mut file, _)| Ok(file.read_to_end(&mut bytes)?))
            .map_err(|problem| problem.at(Some(path)))?;
        let text = str::from_utf8(&bytes).map_err(|error| {
            let before = bytes[..error.valid_up_to()].iter();
            wrong((1 + before.filter(|byte| **byte == b'\n').count(), "it is not UTF-8".to_owned()))
        })?;
        Ok(Self::from_csv(text).map_err(wrong)?)
    }
}
