//! Splits the rows or samples of a product into groups, so that a loop over the result finds each group
//! in the cache.

use std::ops::Range;

/// Largest number of rows of a group. Copying the weights once for each group then costs nothing next
/// to the sums (3 to 5 % for groups of 96 rows, 4 to 10 % for 64).
const ROWS: usize = 256;

/// A range of rows or samples.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    start: usize,
    end: usize,
}

impl Group {
    /// Returns the number of rows or samples.
    #[inline(always)]
    #[must_use]
    pub fn count(self) -> usize {
        self.end - self.start
    }

    /// Returns the range of their elements, if each has `len`.
    #[inline(always)]
    #[must_use]
    pub fn of(self, len: usize) -> Range<usize> {
        self.start * len..self.end * len
    }
}

/// Splits `rows` rows into groups.
#[inline(always)]
#[must_use]
pub fn groups(rows: usize) -> Groups {
    groups_of(rows, 1)
}

/// Splits `samples` samples into groups. `rows` is the number of rows of a sample.
#[inline(always)]
#[must_use]
pub fn groups_of(samples: usize, rows: usize) -> Groups {
    Groups { start: 0, end: samples, at_once: (ROWS / rows.max(1)).max(1) }
}

/// An iterator over groups; see [`groups`] and [`groups_of`].
#[derive(Clone, Debug)]
pub struct Groups {
    start: usize,
    end: usize,
    at_once: usize,
}

impl Iterator for Groups {
    type Item = Group;

    #[inline(always)]
    fn next(&mut self) -> Option<Group> {
        if self.start == self.end {
            return None;
        }
        let group = Group { start: self.start, end: self.end.min(self.start + self.at_once) };
        self.start = group.end;
        Some(group)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Shape, forward, input_gradient};
    use super::*;
    use crate::kernels::Store;
    use crate::scalar::Scalar;
    use crate::simd::{InstructionSet, Simd, Vectorize};

    #[test]
    fn groups_take_every_row_once() {
        for rows in [0, 1, 7, ROWS - 1, ROWS, ROWS + 1, 3 * ROWS + 17] {
            let mut next = 0;
            for group in groups(rows) {
                assert_eq!(group.of(3), 3 * next..3 * (next + group.count()));
                assert!((1..=ROWS).contains(&group.count()));
                next += group.count();
            }
            assert_eq!(next, rows);
        }
    }

    #[test]
    fn groups_of_samples_have_no_more_rows_than_groups_of_rows() {
        let sizes = |samples, rows| groups_of(samples, rows).map(Group::count).collect::<Vec<_>>();
        assert_eq!(sizes(7, ROWS / 3), [3, 3, 1]);
        assert_eq!(sizes(2, 3 * ROWS), [1, 1]);
        assert!(sizes(0, 5).is_empty());
        assert_eq!(sizes(3, 0), [3]);
    }

    fn numbers(len: usize, seed: usize) -> Vec<f32> {
        (0..len).map(|i| ((i + seed * 31) * 7919 % 1009) as f32 / 504.5 - 1.0).collect()
    }

    /// y = (x · weight)² + residual and dx = (dy · weightᵀ) · slope, computed group by group.
    struct Grouped<'a> {
        sizes: [usize; 3],
        x: &'a [f32],
        weight: &'a [f32],
        residual: &'a mut [f32],
        slope: &'a mut [f32],
        y: &'a mut [f32],
        dx: &'a mut [f32],
    }

    impl Vectorize<f32> for Grouped<'_> {
        type Output = ();
        #[inline(always)]
        fn run<S: Simd<f32>>(self, simd: S) {
            let [count, inputs, outputs] = self.sizes;
            for rows in groups(count) {
                let (x, y) = (&self.x[rows.of(inputs)], &mut self.y[rows.of(outputs)]);
                let shape = Shape { rows: rows.count(), inputs, outputs };
                forward(simd, shape, x, self.weight, None, y);
                // overwrites part of the residual, whose other parts later groups need
                for (residual, y) in self.residual[rows.of(outputs)].iter_mut().zip(&*y) {
                    *residual += y * y;
                }
            }
            for rows in groups(count) {
                let (dy, dx) = (&self.y[rows.of(outputs)], &mut self.dx[rows.of(inputs)]);
                let shape = Shape { rows: rows.count(), inputs, outputs };
                input_gradient(simd, shape, dy, self.weight, dx, Store::Set);
                for (slope, dx) in self.slope[rows.of(inputs)].iter_mut().zip(&*dx) {
                    *slope *= dx;
                }
            }
        }
    }

    #[test]
    fn a_loop_follows_a_product_group_by_group() {
        for count in [1, 7, 17, 33, ROWS, ROWS + 1, 2 * ROWS + 33] {
            for (inputs, outputs) in [(1, 1), (7, 17), (33, 7), (17, 33), (300, 100)] {
                let (x, weight) = (numbers(count * inputs, 1), numbers(inputs * outputs, 2));
                let (residual, slope) = (numbers(count * outputs, 3), numbers(count * inputs, 4));
                for set in InstructionSet::available() {
                    let (mut r, mut s) = (residual.clone(), slope.clone());
                    let (mut y, mut dx) = (vec![9.0; r.len()], vec![9.0; s.len()]);
                    f32::vectorize(
                        set,
                        Grouped {
                            sizes: [count, inputs, outputs],
                            x: &x,
                            weight: &weight,
                            residual: &mut r,
                            slope: &mut s,
                            y: &mut y,
                            dx: &mut dx,
                        },
                    );
                    for i in 0..count {
                        let x = &x[i * inputs..][..inputs];
                        for j in 0..outputs {
                            let product = |(k, x): (usize, &f32)| x * weight[k * outputs + j];
                            let sum: f32 = x.iter().enumerate().map(product).sum();
                            let at = i * outputs + j;
                            let expected = residual[at] + sum * sum;
                            let error = (r[at] - expected).abs() / (1.0 + expected.abs());
                            assert!(error < 1e-4, "{count} {inputs} {outputs} {set:?} y[{at}]");
                        }
                        let y = &y[i * outputs..][..outputs];
                        for k in 0..inputs {
                            let weight = &weight[k * outputs..][..outputs];
                            let sum: f32 = y.iter().zip(weight).map(|(y, w)| y * w).sum();
                            let at = i * inputs + k;
                            let error = (s[at] - slope[at] * sum).abs() / (1.0 + sum.abs());
                            assert!(error < 1e-4, "{count} {inputs} {outputs} {set:?} dx[{at}]");
                        }
                    }
                }
            }
        }
    }
}
