//! The distribution of values, in buckets of equal width.

use super::message::Message;

/// Number of buckets.
const BUCKETS: usize = 30;

/// The numbers of values in buckets.
#[derive(Debug, PartialEq)]
pub(super) struct Histogram {
    least: f64,
    most: f64,
    sum: f64,
    squares: f64,
    /// The upper ends of the buckets.
    limits: Vec<f64>,
    counts: Vec<f64>,
}

impl Histogram {
    pub fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let values = values.filter(|value| value.is_finite());
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut sum, mut squares) = (0.0, 0.0);
        for value in values.clone() {
            (least, most) = (least.min(value), most.max(value));
            (sum, squares) = (sum + value, squares + value * value);
        }
        if least > most {
            // no value: TensorBoard wants a bucket
            return Self {
                least: 0.0,
                most: 0.0,
                sum,
                squares,
                limits: vec![0.0],
                counts: vec![0.0],
            };
        }
        let width = (most - least) / BUCKETS as f64;
        let buckets = if width > 0.0 && width.is_finite() { BUCKETS } else { 1 };
        let mut counts = vec![0.0; buckets];
        for value in values {
            // the last bucket has both of its ends
            let bucket = if buckets == 1 { 0 } else { ((value - least) / width) as usize };
            counts[bucket.min(buckets - 1)] += 1.0;
        }
        let mut limits: Vec<f64> =
            (1..buckets).map(|bucket| least + width * bucket as f64).collect();
        limits.push(most);
        Self { least, most, sum, squares, limits, counts }
    }

    pub fn message(&self) -> Message {
        let mut message = Message::default();
        message
            .double(1, self.least)
            .double(2, self.most)
            .double(3, self.counts.iter().sum())
            .double(4, self.sum)
            .double(5, self.squares)
            .doubles(6, &self.limits)
            .doubles(7, &self.counts);
        message
    }
}
