//! Accuracy: compares the class of the largest logit of a row with its target.

use super::CrossEntropy;
use crate::kernels::pitch::AsRows;
use crate::scalar::Scalar;

/// `right[rows]` = 1 if the largest of `logits[rows, classes]` (the first of equal ones) is that of the
/// target, else 0. It is 0 if the target is ignored or a logit is NaN.
///
/// # Panics
/// If a slice does not fit `rows` and `classes`.
#[inline(always)]
pub fn accuracy_rows<T: Scalar>(
    rows: usize,
    classes: usize,
    logits: &(impl AsRows<T> + ?Sized),
    targets: &[u32],
    options: &CrossEntropy<'_, T>,
    right: &mut [T],
) {
    assert_eq!((targets.len(), right.len()), (rows, rows));
    let rows = logits.as_rows(rows, classes).iter().zip(targets);
    for (right, (row, &target)) in right.iter_mut().zip(rows) {
        let wins = |target: usize| {
            let x = row[target];
            row[..target].iter().all(|other| *other < x) && row[target..].iter().all(|y| *y <= x)
        };
        let is_right = !options.ignores(target) && wins(target as usize);
        *right = if is_right { T::ONE } else { T::ZERO };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::loss::IGNORE_INDEX;

    #[test]
    fn the_first_of_the_largest_wins() {
        let logits = [0.0, 3.0, 3.0, -1.0, -2.0, -3.0, f64::NAN, 1.0, 0.0, 5.0, 5.0, 6.0];
        let options = CrossEntropy::default();
        for (targets, expected) in
            [([1, 0, 1, IGNORE_INDEX], [1.0, 1.0, 0.0, 0.0]), ([2, 1, 0, 2], [0.0, 0.0, 0.0, 1.0])]
        {
            let mut right = [f64::NAN; 4];
            accuracy_rows(4, 3, &logits[..], &targets, &options, &mut right);
            assert_eq!(right, expected);
        }
    }
}
