//! The reasons why a training ends early.

use crate::error::{Error, Shown, did_you_mean};
use crate::metrics::MetricError;
use std::path::PathBuf;

/// The reason why a training ends with an error.
///
/// ```
/// use monograd::train::TrainError;
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let (mut net, mut optimizer) = (Line::init(1), Sgd::new(0.1));
/// let trained = Trainer::new(&mut net, &mut optimizer).fit(|_epoch| [([1.0], [f32::INFINITY])]);
/// let Err(Error::Train(error)) = trained else { panic!() };
/// assert!(matches!(*error, TrainError::NotFinite { what: "loss", step: 0, .. }), "{error}");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A loss, or the norm of the gradients, that is NaN or infinite. The step was not taken: parameters and
    /// optimiser are those before it.
    #[error(
        "the {what} of step {step} (epoch {epoch}, batch {batch}) is {value}, so that the step was not taken. \
         Look at this batch (numbers that are not finite or far out of range, targets that are wrong), at the \
         learning rate ({learning_rate:e}: lower it, or warm up) and at the gradients (`clip_norm`){}",
        cause.as_ref().map(|cause| format!("; {cause}")).unwrap_or_default()
    )]
    NotFinite {
        /// Either `loss` or `norm of the gradients`.
        what: &'static str,
        /// The value.
        value: f64,
        /// The number of the step, from 0.
        step: u64,
        /// The number of the epoch, from 0.
        epoch: u64,
        /// The number of the batch in its epoch, from 0.
        batch: u64,
        /// The learning rate of the step.
        learning_rate: f64,
        /// The operation that made the first such number, if it was found; see
        /// [`find_anomaly`](crate::Network::find_anomaly).
        cause: Option<String>,
    },
    /// An epoch without a batch.
    #[error("the {data} data has no batches in epoch {epoch}")]
    NoBatches {
        /// Either `training` or `validation`.
        data: &'static str,
        /// The number of the epoch, from 0.
        epoch: u64,
    },
    /// An epoch that is shorter than it was before the training was resumed.
    #[error(
        "the checkpoint was written after batch {batches} of epoch {epoch}, but this epoch has fewer: the data is \
         another, or in other batches"
    )]
    ShorterEpoch {
        /// The number of the epoch, from 0.
        epoch: u64,
        /// The number of batches that had been trained on.
        batches: u64,
    },
    /// Ranks that have different numbers of batches.
    #[error(
        "rank {rank} has another number of batches of the {data} data in epoch {epoch} than rank 0: each rank reads all \
         batches, and trains on its part of each"
    )]
    UnequalRanks {
        /// Either `training` or `validation`.
        data: &'static str,
        /// The number of the epoch, from 0.
        epoch: u64,
        /// The number of the first rank with another number of batches than rank 0.
        rank: usize,
    },
    /// A rank whose training has other options than that of rank 0.
    #[error("the training of rank 0 has other options than that of this rank: {}", differences.join("; "))]
    OtherRank {
        /// A sentence for each difference, in which "it" is the training of rank 0.
        differences: Vec<String>,
    },
    /// An option that is out of range.
    #[error("`{option}` is {value}, but it has to be {expected}")]
    Option {
        /// The name of the option.
        option: &'static str,
        /// The value of the option.
        value: String,
        /// The range that the value has to be in, in words.
        expected: &'static str,
    },
    /// A value to be minimised or maximised that is not measured.
    #[error(
        "`{}` is none of the values of an epoch, which are {}{}",
        Shown(name),
        named(known),
        match nearest {
            None if !known.iter().any(|known| known.starts_with("val_")) => {
                "; `validation(data)` measures `val_loss` and the metrics as well".to_owned()
            }
            nearest => did_you_mean(nearest.as_deref()),
        }
    )]
    UnknownValue {
        /// The name.
        name: String,
        /// The most similar name of a value that is measured.
        nearest: Option<String>,
        /// The names of all values that are measured.
        known: Vec<String>,
    },
    /// A metric that refused the outputs or targets of a batch.
    #[error("metric `{metric}`: {error}")]
    Metric {
        /// The name of the metric's first value.
        metric: String,
        /// The reason.
        error: MetricError,
    },
    /// A folder with checkpoints of an earlier training that is not to be resumed.
    #[error(
        "`{}` has checkpoints of an earlier training, up to step {step}: go on with it by `.resume()`, or choose \
         another folder",
        Shown(&folder.to_string_lossy())
    )]
    FolderInUse {
        /// The folder.
        folder: PathBuf,
        /// The number of steps of its newest checkpoint.
        step: u64,
    },
    /// A checkpoint that does not fit.
    #[error(
        "`{}` is a checkpoint of another training: {}",
        Shown(&path.to_string_lossy()),
        differences.join("; ")
    )]
    OtherTraining {
        /// The file.
        path: PathBuf,
        /// A sentence for each difference.
        differences: Vec<String>,
    },
    /// A checkpoint that a newer version of this library wrote.
    #[error(
        "`{}` is a checkpoint of version {actual}, and this library reads versions up to {expected}: update it",
        Shown(&path.to_string_lossy())
    )]
    NewerVersion {
        /// The file.
        path: PathBuf,
        /// The version of the file.
        actual: u64,
        /// The newest known version.
        expected: u64,
    },
    /// A file that is no checkpoint, or a damaged one.
    #[error("`{}` is not a whole checkpoint: {}", Shown(&path.to_string_lossy()), Shown(reason))]
    NotCheckpoint {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// A folder in which no checkpoint is whole.
    #[error(
        "no checkpoint in `{}` is whole; restore one from a copy, or remove them to begin anew: {}",
        Shown(&folder.to_string_lossy()),
        listed(damages)
    )]
    NoneWhole {
        /// The folder.
        folder: PathBuf,
        /// The error of each file, from the newest to the oldest.
        damages: Vec<Error>,
    },
    /// A path to something else where checkpoints are to be kept.
    #[error(
        "`{}` is no folder: checkpoints are files in a folder, which is created if it is not there; name the folder{}",
        Shown(&path.to_string_lossy()),
        if *is_checkpoint { " that this one is in" } else { "" }
    )]
    NotFolder {
        /// The path.
        path: PathBuf,
        /// `true` if its name is that of a checkpoint.
        is_checkpoint: bool,
    },
    /// A file that is not a history.
    #[error("`{}`, line {line}: {}", Shown(&path.to_string_lossy()), Shown(reason))]
    NotHistory {
        /// The file.
        path: PathBuf,
        /// The number of the line, from 1.
        line: usize,
        /// The reason.
        reason: String,
    },
    /// An error of a callback.
    #[error("{0}")]
    Callback(Box<dyn std::error::Error + Send + Sync>),
}

/// Returns names for a message.
fn named(names: &[String]) -> String {
    names.iter().map(|name| format!("`{}`", Shown(name))).collect::<Vec<_>>().join(", ")
}

/// Returns the first few errors, and how many more there are.
fn listed(errors: &[Error]) -> String {
    const SHOWN: usize = 5;
    let mut shown: Vec<String> = errors.iter().take(SHOWN).map(Error::to_string).collect();
    if errors.len() > SHOWN {
        shown.push(format!("and {} more", errors.len() - SHOWN));
    }
    shown.join("; ")
}

impl From<TrainError> for Error {
    fn from(error: TrainError) -> Self {
        Self::Train(Box::new(error))
    }
}
