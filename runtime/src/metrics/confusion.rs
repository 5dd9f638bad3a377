//! Confusion matrices, and what is told from them.

use super::{MetricError, check_classes, check_count, check_scored, ratio};
use crate::scalar::Scalar;
use std::fmt;

/// A confusion matrix: a row for each actual class, a column for each predicted class. Precision, recall and F1
/// are those of scikit-learn; what is not defined, such as the precision of a class that was never predicted,
/// is 0.
///
/// ```
/// use monograd::metrics::Confusion;
///
/// let mut confusion = Confusion::new(2);
/// confusion.add(&[0, 0, 1, 1], &[0, 1, 1, 1])?; // what they are, and what was said
/// assert_eq!((confusion.count(0, 1), confusion.accuracy(), confusion.recall(0)), (1, 0.75, 0.5));
/// # Ok::<(), monograd::metrics::MetricError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Confusion {
    classes: usize,
    counts: Vec<u64>,
}

impl Confusion {
    /// Creates an empty matrix.
    #[must_use]
    pub fn new(classes: usize) -> Self {
        Self { classes, counts: vec![0; classes * classes] }
    }

    /// Forgets all samples.
    pub fn clear(&mut self) {
        self.counts.fill(0);
    }

    /// Counts samples by their actual and predicted classes.
    ///
    /// # Errors
    /// If there are not as many of each, or a class is out of range; nothing is counted then.
    pub fn add(&mut self, actual: &[u32], predicted: &[u32]) -> Result<(), MetricError> {
        check_count(predicted.len(), actual.len(), 1)?;
        check_classes(actual, self.classes)?;
        check_classes(predicted, self.classes)?;
        for (actual, predicted) in actual.iter().zip(predicted) {
            self.counts[*actual as usize * self.classes + *predicted as usize] += 1;
        }
        Ok(())
    }

    /// Counts samples by their actual classes and the class of the largest score, the first of several.
    /// `scores` has one number for each class, sample by sample, such as logits.
    ///
    /// # Errors
    /// If there are not as many scores for each label as there are classes, a score is NaN, or a class is out
    /// of range; nothing is counted then.
    pub fn add_scores<T: Scalar>(
        &mut self,
        scores: &[T],
        labels: &[u32],
    ) -> Result<(), MetricError> {
        check_scored(scores, labels, self.classes)?;
        for (row, actual) in scores.chunks(self.classes.max(1)).zip(labels) {
            let mut predicted = 0;
            for (class, score) in row.iter().enumerate() {
                if *score > row[predicted] {
                    predicted = class;
                }
            }
            self.counts[*actual as usize * self.classes + predicted] += 1;
        }
        Ok(())
    }

    /// Returns the number of samples of a class that were predicted to be of another, or of the same.
    ///
    /// # Panics
    /// If there is no such class.
    #[must_use]
    pub fn count(&self, actual: usize, predicted: usize) -> u64 {
        assert!(actual < self.classes && predicted < self.classes, "there is no such class");
        self.counts[actual * self.classes + predicted]
    }

    /// Returns the number of samples.
    #[must_use]
    pub fn samples(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Returns the share of samples that are classified correctly, from 0 to 1. It is the micro average of
    /// precision, recall and F1, too.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        let right: u64 = (0..self.classes).map(|class| self.count(class, class)).sum();
        ratio(right as f64, self.samples() as f64)
    }

    /// Returns the share of a class among the samples that are predicted to be of it.
    #[must_use]
    pub fn precision(&self, class: usize) -> f64 {
        let predicted: u64 = (0..self.classes).map(|actual| self.count(actual, class)).sum();
        ratio(self.count(class, class) as f64, predicted as f64)
    }

    /// Returns the share of the samples of a class that are predicted to be of it.
    #[must_use]
    pub fn recall(&self, class: usize) -> f64 {
        let actual: u64 = (0..self.classes).map(|predicted| self.count(class, predicted)).sum();
        ratio(self.count(class, class) as f64, actual as f64)
    }

    /// Returns the harmonic mean of precision and recall of a class.
    #[must_use]
    pub fn f1(&self, class: usize) -> f64 {
        let (precision, recall) = (self.precision(class), self.recall(class));
        ratio(2.0 * precision * recall, precision + recall)
    }

    /// Returns the mean precision of the classes that occur: the macro average.
    #[must_use]
    pub fn macro_precision(&self) -> f64 {
        self.mean(Self::precision)
    }

    /// Returns the mean recall of the classes that occur: the macro average.
    #[must_use]
    pub fn macro_recall(&self) -> f64 {
        self.mean(Self::recall)
    }

    /// Returns the mean F1 of the classes that occur: the macro average.
    #[must_use]
    pub fn macro_f1(&self) -> f64 {
        self.mean(Self::f1)
    }

    /// Returns the mean over the classes that occur, among the actual or the predicted ones.
    fn mean(&self, of: impl Fn(&Self, usize) -> f64) -> f64 {
        let occurs = |class: &usize| {
            (0..self.classes).any(|c| self.count(*class, c) > 0 || self.count(c, *class) > 0)
        };
        let classes: Vec<usize> = (0..self.classes).filter(occurs).collect();
        ratio(classes.iter().map(|class| of(self, *class)).sum(), classes.len() as f64)
    }
}

impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = self.counts.iter().copied().max().unwrap_or(0);
        let width = most.to_string().len().max(self.classes.to_string().len()).max(3) + 1;
        write!(f, " is \\ read as")?;
        (0..self.classes).try_for_each(|class| write!(f, "{class:>width$}"))?;
        writeln!(f, "    right")?;
        for class in 0..self.classes {
            write!(f, "{class:>13}")?;
            for predicted in 0..self.classes {
                match self.count(class, predicted) {
                    0 => write!(f, "{:>width$}", "·")?,
                    count => write!(f, "{count:>width$}")?,
                }
            }
            writeln!(f, "{:>7.1} %", 100.0 * self.recall(class))?;
        }
        Ok(())
    }
}
