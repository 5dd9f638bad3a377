//! The line search of PyTorch's `strong_wolfe`: a length at which the value has fallen enough and the slope is flat
//! enough.

use super::memory::{dot, largest};
use crate::error::Result;
use crate::scalar::Scalar;

/// The conditions of Wolfe: the share of the slope's promise by which the value has to fall, and the share of the
/// slope that may be left.
const ENOUGH: f64 = 1e-4;
const FLAT: f64 = 0.9;

/// A function's value and gradient.
#[derive(Clone)]
pub(super) struct Point<T> {
    pub value: f64,
    pub gradient: Vec<T>,
}

impl<T: Scalar> Point<T> {
    /// Returns the gradient's largest absolute value.
    pub fn largest(&self) -> f64 {
        largest(&self.gradient)
    }
}

/// A line search from some place.
pub(super) struct Search<'a, T> {
    pub direction: &'a [T],
    /// The slope along the direction at its beginning.
    pub slope: f64,
    /// The smallest bracket, as the change of a parameter.
    pub tolerance: f64,
    /// The largest number of trials after the first.
    pub most: usize,
}

/// The result of a search.
pub(super) struct Found<T> {
    pub point: Point<T>,
    pub length: f64,
    pub evaluations: usize,
}

/// A length that was tried.
#[derive(Clone)]
struct Trial<T> {
    length: f64,
    point: Point<T>,
    slope: f64,
}

impl<T: Scalar> Search<'_, T> {
    /// Searches from `x`, where the function is `start`, beginning with a length.
    pub fn run(
        &self,
        x: &[T],
        start: Point<T>,
        length: f64,
        evaluate: &mut dyn FnMut(&[T]) -> Result<Point<T>>,
    ) -> Result<Found<T>> {
        let mut place = x.to_vec();
        let mut evaluations = 0;
        let mut at = |length: f64| -> Result<Trial<T>> {
            place.copy_from_slice(x);
            super::add(&mut place, length, self.direction);
            let point = evaluate(&place)?;
            evaluations += 1;
            let slope = dot(&point.gradient, self.direction);
            Ok(Trial { length, point, slope })
        };
        let first = start.value;
        let promised = |length: f64| first + ENOUGH * length * self.slope;
        let begin = Trial { length: 0.0, point: start, slope: self.slope };
        let mut before = begin.clone();
        let mut trial = at(length)?;
        let mut trials = 0;
        // the two ends of an interval with a good length, or that length alone
        let mut bracket = loop {
            if trials >= self.most {
                break [begin, trial];
            }
            let value = trial.point.value;
            if value > promised(trial.length) || (trials > 1 && value >= before.point.value) {
                break [before, trial];
            }
            if trial.slope.abs() <= -FLAT * self.slope {
                let Trial { length, point, .. } = trial;
                return Ok(Found { point, length, evaluations });
            }
            if trial.slope >= 0.0 {
                break [before, trial];
            }
            let length = trial.length;
            let bounds = (length + 0.01 * (length - before.length), length * 10.0);
            let next = at(interpolate(&before, &trial, Some(bounds)))?;
            before = std::mem::replace(&mut trial, next);
            trials += 1;
        };
        let size = largest(self.direction);
        let mut stuck = false;
        let lower =
            |bracket: &[Trial<T>; 2]| usize::from(bracket[0].point.value > bracket[1].point.value);
        let mut low = lower(&bracket);
        while trials < self.most {
            let ends = (bracket[0].length, bracket[1].length);
            if (ends.1 - ends.0).abs() * size < self.tolerance {
                break;
            }
            let (least, most) = (ends.0.min(ends.1), ends.0.max(ends.1));
            let mut length = interpolate(&bracket[0], &bracket[1], None);
            // near an end, the next time a tenth away from it
            let margin = 0.1 * (most - least);
            if (most - length).min(length - least) < margin {
                if stuck || length >= most || length <= least {
                    let is_upper = (length - most).abs() < (length - least).abs();
                    length = if is_upper { most - margin } else { least + margin };
                    stuck = false;
                } else {
                    stuck = true;
                }
            } else {
                stuck = false;
            }
            let trial = at(length)?;
            trials += 1;
            let high = 1 - low;
            let value = trial.point.value;
            if value > promised(trial.length) || value >= bracket[low].point.value {
                bracket[high] = trial;
                low = lower(&bracket);
                continue;
            }
            let is_done = trial.slope.abs() <= -FLAT * self.slope;
            if !is_done && trial.slope * (bracket[high].length - bracket[low].length) >= 0.0 {
                bracket[high] = bracket[low].clone();
            }
            bracket[low] = trial;
            if is_done {
                break;
            }
        }
        let [first, second] = bracket;
        let Trial { length, point, .. } = if low == 0 { first } else { second };
        Ok(Found { point, length, evaluations })
    }
}

/// Returns the minimum of the cubic that has the values and slopes of two trials, within bounds.
fn interpolate<T>(a: &Trial<T>, b: &Trial<T>, bounds: Option<(f64, f64)>) -> f64 {
    let (least, most) = bounds.unwrap_or((a.length.min(b.length), a.length.max(b.length)));
    let first = a.slope + b.slope - 3.0 * (a.point.value - b.point.value) / (a.length - b.length);
    let square = first * first - a.slope * b.slope;
    if square < 0.0 || square.is_nan() {
        return f64::midpoint(least, most);
    }
    let root = square.sqrt();
    let (lower, upper) = if a.length <= b.length { (a, b) } else { (b, a) };
    let share = (upper.slope + root - first) / (upper.slope - lower.slope + 2.0 * root);
    let place = upper.length - (upper.length - lower.length) * share;
    place.max(least).min(most)
}
