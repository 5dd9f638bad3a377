//! Means over samples.

use super::ratio;

/// The mean of a measure over samples, from its means over batches.
///
/// ```
/// use monograd::metrics::Mean;
///
/// let mut loss = Mean::new();
/// loss.add(2.0, 64); // of a batch of 64
/// loss.add(1.0, 32);
/// assert!((loss.value() - 5.0 / 3.0).abs() < 1e-12);
/// assert!((loss.perplexity() - 5.29).abs() < 0.01);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mean {
    sum: f64,
    samples: f64,
}

impl Mean {
    /// Creates the mean of no samples.
    #[must_use]
    pub const fn new() -> Self {
        Self { sum: 0.0, samples: 0.0 }
    }

    /// Adds a mean over some samples.
    pub fn add(&mut self, mean: f64, samples: usize) {
        self.sum += mean * samples as f64;
        self.samples += samples as f64;
    }

    /// Returns the mean over all samples; 0 if there are none.
    #[must_use]
    pub fn value(&self) -> f64 {
        ratio(self.sum, self.samples)
    }

    /// Returns the exponential of the mean: of a cross entropy in nats, this is the perplexity.
    #[must_use]
    pub fn perplexity(&self) -> f64 {
        self.value().exp()
    }
}
