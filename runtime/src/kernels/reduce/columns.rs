//! Sums over many rows, column by column.
//!
//! They are sums of blocks of rows, which are added in `f64`: their errors do not grow with the
//! number of rows, and ones count beyond 2^24.

use crate::kernels::Store;
use crate::kernels::pitch::Rows;
use crate::scalar::Scalar;
use std::array::from_fn;

/// Rows of a block, which are added in the scalar's own precision: four at once, so that the chain
/// is short. So many rows take no blocks.
pub const FEW: usize = 256;
/// Columns that are worked on together: their sums stay in the first cache.
const WIDTH: usize = 256;
/// Columns below which rows are short.
const SHORT: usize = 64;

/// `y[n]`: the sum of each column of `x[rows, n]`.
#[inline(always)]
pub fn sum_columns<T: Scalar>(x: Rows<'_, T>, y: &mut [T], store: Store) {
    let n = y.len();
    if n == 0 {
        return;
    }
    // Rows that lie side by side make a wider one, which fills vectors where they are short.
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

/// Rows, some of which are taken as one.
struct Joined<'a, T> {
    x: Rows<'a, T>,
    /// Scalars from one to the next.
    pitch: usize,
    count: usize,
}

impl<T: Scalar> Joined<'_, T> {
    /// Adds the columns from `first` on to `totals`.
    #[inline(always)]
    fn add_to(&self, first: usize, totals: &mut [f64]) {
        let width = totals.len();
        let mut start = 0;
        while start < self.count {
            let end = self.count.min(start + FEW);
            let mut sums = [T::ZERO; WIDTH];
            let sums = &mut sums[..width];
            while start + 4 <= end {
                let [a, b, c, d]: [&[T]; 4] =
                    from_fn(|i| &self.x.data[(start + i) * self.pitch + first..][..width]);
                // (by index, the same loop took a third longer)
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
