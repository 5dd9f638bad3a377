//! Metrics of the order of scores.

use super::{MetricError, check_count, check_scored, check_scores, ratio};
use crate::scalar::Scalar;

/// The share of samples whose class is among the k with the largest scores.
///
/// ```
/// use monograd::metrics::TopK;
///
/// let mut top = TopK::new(2, 3);
/// top.add_scores(&[0.1, 0.5, 0.4, 0.7, 0.2, 0.1], &[2, 2])?; // second of the first sample, third of the other
/// assert_eq!(top.value(), 0.5);
/// # Ok::<(), monograd::metrics::MetricError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TopK {
    k: usize,
    classes: usize,
    right: u64,
    samples: u64,
}

impl TopK {
    /// Creates the metric for a number of classes.
    #[must_use]
    pub const fn new(k: usize, classes: usize) -> Self {
        Self { k, classes, right: 0, samples: 0 }
    }

    /// Forgets all samples.
    pub fn clear(&mut self) {
        (self.right, self.samples) = (0, 0);
    }

    /// Returns the number of scores among which a class counts.
    #[must_use]
    pub const fn k(&self) -> usize {
        self.k
    }

    /// Counts samples. `scores` has one number for each class, sample by sample; of equal scores, those of
    /// smaller classes come first.
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
        for (row, label) in scores.chunks(self.classes.max(1)).zip(labels) {
            let (class, own) = (*label as usize, row[*label as usize]);
            let before =
                |(other, score): (usize, &T)| *score > own || (*score == own && other < class);
            let rank = row.iter().enumerate().filter(|score| before(*score)).count();
            self.right += u64::from(rank < self.k);
        }
        self.samples += labels.len() as u64;
        Ok(())
    }

    /// Returns the share, from 0 to 1.
    #[must_use]
    pub fn value(&self) -> f64 {
        ratio(self.right as f64, self.samples as f64)
    }
}

/// The area under the ROC curve of a binary classifier: the probability that a positive sample has a larger
/// score than a negative one, where equal scores count half. It keeps all scores.
///
/// ```
/// use monograd::metrics::RocAuc;
///
/// let mut area = RocAuc::new();
/// area.add(&[0.9, 0.8, 0.3, 0.1], &[1.0, 1.0, 0.0, 0.0])?;
/// assert_eq!(area.value(), Some(1.0)); // every positive is above every negative
/// # Ok::<(), monograd::metrics::MetricError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RocAuc {
    scores: Vec<(f64, bool)>,
}

impl RocAuc {
    /// Creates the metric.
    #[must_use]
    pub const fn new() -> Self {
        Self { scores: Vec::new() }
    }

    /// Adds samples with their scores, such as logits or probabilities; a sample is positive if its target is
    /// 0.5 or more.
    ///
    /// # Errors
    /// If there are not as many scores as targets, or a score is NaN; nothing is added then.
    pub fn add<T: Scalar>(&mut self, scores: &[T], targets: &[T]) -> Result<(), MetricError> {
        check_count(scores.len(), targets.len(), 1)?;
        check_scores(scores, 1)?;
        let samples = scores.iter().zip(targets);
        self.scores.extend(samples.map(|(score, y)| (score.to_f64(), y.to_f64() >= 0.5)));
        Ok(())
    }

    /// Returns the area, from 0 to 1; `None` unless there are samples of both kinds.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        let mut scores = self.scores.clone();
        scores.sort_by(|a, b| a.0.total_cmp(&b.0));
        // the sum of the ranks of positive samples (Mann and Whitney 1947); equal scores share their mean rank
        let (mut ranks, mut positives, mut start) = (0.0, 0_usize, 0);
        for group in scores.chunk_by(|a, b| a.0 == b.0) {
            let inside = group.iter().filter(|(_, positive)| *positive).count();
            let rank = start as f64 + (group.len() + 1) as f64 / 2.0;
            ranks += inside as f64 * rank;
            positives += inside;
            start += group.len();
        }
        let (positive, negative) = (positives as f64, (scores.len() - positives) as f64);
        let least = positive * (positive + 1.0) / 2.0;
        (positive > 0.0 && negative > 0.0).then(|| (ranks - least) / (positive * negative))
    }
}
