//! Metrics of whole data sets, which are given the outputs of one batch after the other.
//!
//! A metric that is a mean over samples is best declared in the network (`metric accuracy`), which computes it
//! together with the loss. These are the others: they need all samples.
//!
//! ```
//! use monograd::metrics::Confusion;
//!
//! let mut confusion = Confusion::new(3);
//! // the scores of two batches, and the right classes
//! confusion.add_scores(&[0.1, 0.7, 0.2, 0.5, 0.3, 0.2], &[1, 2])?;
//! confusion.add_scores(&[0.0, 0.1, 0.9], &[2])?;
//! assert_eq!(confusion.accuracy(), 2.0 / 3.0);
//! assert_eq!(confusion.recall(2), 0.5);
//! println!("{confusion}");
//! # Ok::<(), monograd::metrics::MetricError>(())
//! ```

mod confusion;
mod mean;
mod ranking;
mod regression;

pub use confusion::Confusion;
pub use mean::Mean;
pub use ranking::{RocAuc, TopK};
pub use regression::Regression;

use crate::scalar::Scalar;

/// The reason why a metric refused data. It is then unchanged.
///
/// ```
/// use monograd::metrics::{Confusion, MetricError};
///
/// let mut confusion = Confusion::new(3);
/// let error = confusion.add_scores(&[0.1, 0.7, 0.2], &[5]).unwrap_err();
/// assert_eq!(error, MetricError::Class { sample: 0, class: 5, classes: 3 });
/// let error = confusion.add_scores(&[0.1, 0.7], &[1]).unwrap_err();
/// assert_eq!(error.to_string(), "2 numbers for 1 targets: there have to be 3 for each");
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// The numbers of predictions and of targets do not fit.
    #[error("{actual} numbers for {targets} targets: there have to be {each} for each")]
    Count {
        /// The count of the predictions.
        actual: usize,
        /// The count of the targets.
        targets: usize,
        /// The count of predictions for each target.
        each: usize,
    },
    /// A class that there is not.
    #[error("sample {sample} is of class {class}, but there are {classes} (from 0)")]
    Class {
        /// The index of the sample in the batch.
        sample: usize,
        /// The class.
        class: u32,
        /// The number of classes.
        classes: usize,
    },
    /// A score that has no order.
    #[error("the score of sample {sample} is NaN")]
    Nan {
        /// The index of the sample in the batch.
        sample: usize,
    },
}

/// Checks that there are `each` predictions for each target.
fn check_count(actual: usize, targets: usize, each: usize) -> Result<(), MetricError> {
    match targets.checked_mul(each) == Some(actual) {
        true => Ok(()),
        false => Err(MetricError::Count { actual, targets, each }),
    }
}

/// Checks scores of some samples, one for each class, and their classes.
fn check_scored<T: Scalar>(
    scores: &[T],
    labels: &[u32],
    classes: usize,
) -> Result<(), MetricError> {
    check_count(scores.len(), labels.len(), classes)?;
    check_scores(scores, classes)?;
    check_classes(labels, classes)
}

/// Checks that the classes of all samples are below `classes`.
fn check_classes(labels: &[u32], classes: usize) -> Result<(), MetricError> {
    match labels.iter().position(|class| *class as usize >= classes) {
        None => Ok(()),
        Some(sample) => Err(MetricError::Class { sample, class: labels[sample], classes }),
    }
}

/// Checks that no score is NaN; there are `each` for each sample.
fn check_scores<T: Scalar>(scores: &[T], each: usize) -> Result<(), MetricError> {
    match scores.iter().position(|score| score.to_f64().is_nan()) {
        None => Ok(()),
        Some(at) => Err(MetricError::Nan { sample: at / each.max(1) }),
    }
}

/// Returns a quotient, or 0 if nothing was counted.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

#[cfg(test)]
mod tests;
