//! Statistics of the values of a layer.

/// The slope below which an activation counts as saturated.
pub const SATURATED: f64 = 1e-3;

/// The mean and standard deviation of all values.
pub fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    #[allow(clippy::cast_precision_loss)]
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
    (mean, (squares / count).sqrt())
}

/// The share of units that are 0 in all of `samples`, one after the other.
pub fn dead(values: &[f64], samples: usize) -> f64 {
    let units = values.len() / samples.max(1);
    let is_dead =
        |unit: &usize| values.iter().skip(*unit).step_by(units).all(|value| *value == 0.0);
    share((0..units).filter(is_dead).count(), units)
}

/// The share of slopes that are almost 0.
pub fn saturated(slopes: &[f64]) -> f64 {
    share(slopes.iter().filter(|slope| slope.abs() < SATURATED).count(), slopes.len())
}

/// The Euclidean norm.
pub fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

#[allow(clippy::cast_precision_loss)]
fn share(count: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { count as f64 / of as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_counted_over_all_samples() {
        // two samples of three units: the second is always 0, the third once
        assert_eq!(dead(&[1.0, 0.0, 0.0, 2.0, 0.0, 3.0], 2), 1.0 / 3.0);
        assert_eq!(dead(&[], 0), 0.0);
        assert_eq!(saturated(&[0.0, -0.0009, 0.001, -2.0]), 0.5);
        assert_eq!(mean_and_deviation(&[1.0, 3.0]), (2.0, 1.0));
        assert_eq!(norm(&[3.0, -4.0]), 5.0);
    }
}
