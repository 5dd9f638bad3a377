//! Sums of the columns of many rows.
//!
//! The rows are summed in blocks, whose sums are added in `f64`. So errors do not grow with the number of
//! rows, and ones count beyond 2^24.

use crate::kernels::Store;
use crate::kernels::pitch::Rows;
use crate::scalar::Scalar;
use std::array::from_fn;

/// Number of rows of a block, which are added in the scalar's own precision, four at once, so that the
/// chain of additions is short. Matrices of up to so many rows are not divided into blocks.
pub const ROW_BLOCK: usize = 256;
/// Number of columns that are processed together: their sums stay in the L1 cache.
const WIDTH: usize = 256;
/// Number of columns below which rows are short, and several are joined.
const SHORT: usize = 64;

/// `y[n]` = the sum of each column of `x[rows, n]`.
#[inline(always)]
pub fn sum_columns<T: Scalar>(x: Rows<'_, T>, y: &mut [T], store: Store) {
    let n = y.len();
    if n == 0 {
        return;
    }
    // Short contiguous rows are joined into a wider row, which fills vectors better.
    let joined = if x.is_dense() { (SHORT / n).max(1) } else { 1 };
    let rows = Joined { x, pitch: x.pitch * joined, count: x.count / joined };
    let mut first = 0;
    while first < n {
        let width = if joined > 1 { n * joined } else { WIDTH.min(n - first) };
        let mut totals = [0.0; WIDTH];
        rows.add_to(first, &mut totals[..width]);
        let y = &mut y[first..n.min(first + width)];
        let (sums, others) = totals[..width].split_at_mut(y.len());
        for other in others.chunks_exact(y.len()) {
            sums.iter_mut().zip(other).for_each(|(sum, other)| *sum += other);
        }
        for row in rows.count * joined..x.count {
            let row = &x.row(row)[first..][..y.len()];
            sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x.to_f64());
        }
        for (y, sum) in y.iter_mut().zip(sums) {
            store.put(y, T::from_f64(*sum));
        }
        first += width;
    }
}

/// A matrix whose rows are several contiguous rows of `x` each.
struct Joined<'a, T> {
    x: Rows<'a, T>,
    /// Stride between joined rows, in scalars.
    pitch: usize,
    count: usize,
}

impl<T: Scalar> Joined<'_, T> {
    /// Adds the sums of the columns from `first` on to `totals`.
    #[inline(always)]
    fn add_to(&self, first: usize, totals: &mut [f64]) {
        let width = totals.len();
        let mut start = 0;
        while start < self.count {
            let end = self.count.min(start + ROW_BLOCK);
            let mut sums = [T::ZERO; WIDTH];
            let sums = &mut sums[..width];
            while start + 4 <= end {
                let [a, b, c, d]: [&[T]; 4] =
                    from_fn(|i| &self.x.data[(start + i) * self.pitch + first..][..width]);
                // (with indices, the same loop took a third longer)
                for ((((sum, &a), &b), &c), &d) in sums.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                    *sum += (a + b) + (c + d);
                }
                start += 4;
            }
            for row in start..end {
                let x = &self.x.data[row * self.pitch + first..][..width];
                sums.iter_mut().zip(x).for_each(|(sum, x)| *sum += *x);
            }
            start = end;
            totals.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum.to_f64());
        }
    }
}
