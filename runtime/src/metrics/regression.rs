//! Metrics of predicted numbers.

use super::{MetricError, check_count, ratio};
use crate::scalar::Scalar;

/// The errors of predicted numbers, in one pass.
///
/// ```
/// use monograd::metrics::Regression;
///
/// let mut errors = Regression::new();
/// errors.add(&[1.0, 2.0, 3.0], &[1.0, 2.0, 5.0])?;
/// assert!((errors.mae() - 2.0 / 3.0).abs() < 1e-12 && (errors.mse() - 4.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), monograd::metrics::MetricError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Regression {
    samples: f64,
    absolute: f64,
    squares: f64,
    /// The mean of the targets, and the sum of their squared distances from it (Welford 1962).
    mean: f64,
    spread: f64,
}

impl Regression {
    /// Creates the metric.
    #[must_use]
    pub const fn new() -> Self {
        Self { samples: 0.0, absolute: 0.0, squares: 0.0, mean: 0.0, spread: 0.0 }
    }

    /// Adds predictions and their targets.
    ///
    /// # Errors
    /// If there are not as many of each; nothing is added then.
    pub fn add<T: Scalar>(&mut self, predictions: &[T], targets: &[T]) -> Result<(), MetricError> {
        check_count(predictions.len(), targets.len(), 1)?;
        for (prediction, target) in predictions.iter().zip(targets) {
            let (target, error) = (target.to_f64(), prediction.to_f64() - target.to_f64());
            self.samples += 1.0;
            self.absolute += error.abs();
            self.squares += error * error;
            let distance = target - self.mean;
            self.mean += distance / self.samples;
            self.spread += distance * (target - self.mean);
        }
        Ok(())
    }

    /// Returns the mean absolute error.
    #[must_use]
    pub fn mae(&self) -> f64 {
        ratio(self.absolute, self.samples)
    }

    /// Returns the mean squared error.
    #[must_use]
    pub fn mse(&self) -> f64 {
        ratio(self.squares, self.samples)
    }

    /// Returns the root of the mean squared error.
    #[must_use]
    pub fn rmse(&self) -> f64 {
        self.mse().sqrt()
    }

    /// Returns the coefficient of determination R²: 1 for perfect predictions, 0 for those of the mean. If all
    /// targets are equal, it is 1 or 0, as in scikit-learn.
    #[must_use]
    pub fn r2(&self) -> f64 {
        match self.spread == 0.0 {
            true => f64::from(u8::from(self.squares == 0.0)),
            false => 1.0 - self.squares / self.spread,
        }
    }
}
