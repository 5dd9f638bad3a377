//! Row lookups by index: embeddings, their gradient, and rows of the identity matrix.

use super::Store;
use super::dense::Sums;
use super::pitch::{AsRows, AsRowsMut, Rows};
use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};

/// An index of a row.
pub trait Index: Copy {
    /// Returns the row number, given the number of rows.
    fn of(self, rows: usize) -> usize;
}

/// A class index, which has been checked where it entered the network.
impl Index for u32 {
    #[inline(always)]
    fn of(self, _: usize) -> usize {
        self as usize
    }
}

/// A position that a network computed. It is clamped to the last row, because scalars cannot represent
/// every large integer exactly.
impl<T: Scalar> Index for T {
    #[inline(always)]
    fn of(self, rows: usize) -> usize {
        (self.to_f64() as usize).min(rows.saturating_sub(1))
    }
}

/// The sizes of a lookup.
#[derive(Clone, Copy, Debug)]
pub struct Lookup {
    /// Number of rows that each sample looks up.
    pub each: usize,
    /// Number of scalars in a row.
    pub width: usize,
    /// Stride between the tables of samples, in scalars; 0 if all samples share one table.
    pub table: usize,
}

impl Lookup {
    /// Returns the offset of the row that `index` selects. `len` is the number of scalars of all tables,
    /// `place` the position of the index in the batch.
    #[inline(always)]
    fn at(self, len: usize, place: usize, index: impl Index) -> usize {
        let table = if self.table == 0 { len } else { self.table };
        let rows = table.checked_div(self.width).unwrap_or(0);
        place.checked_div(self.each).unwrap_or(0) * self.table + index.of(rows) * self.width
    }
}

/// `y[i]` = `x[indices[i]]`, for rows of `lookup.width` scalars.
///
/// # Panics
/// If there is no such row, or a slice does not fit its shape.
#[inline(always)]
pub fn gather<T: Scalar>(lookup: Lookup, x: &[T], indices: &[impl Index], y: &mut [T]) {
    assert_eq!(y.len(), indices.len() * lookup.width);
    for ((i, &index), y) in indices.iter().enumerate().zip(y.chunks_exact_mut(lookup.width.max(1)))
    {
        y.copy_from_slice(&x[lookup.at(x.len(), i, index)..][..lookup.width]);
    }
}

/// `y[i]` = `numbers[i]` as a scalar.
///
/// # Panics
/// If the slices have different lengths.
#[inline(always)]
pub fn to_real<T: Scalar>(numbers: &[u32], y: &mut [T]) {
    assert_eq!(numbers.len(), y.len());
    for (y, &number) in y.iter_mut().zip(numbers) {
        *y = T::from_f64(f64::from(number));
    }
}

/// Computes the gradient of [`gather`] with respect to `x`: adds every row of `dy` to the row that it
/// was read from. Other rows are not changed, except that [`Store::Set`] clears all rows first.
///
/// The rows of a small table that all samples share are summed in blocks. For a large table there is no
/// memory for such sums: its rows are added one after the other, as in PyTorch.
///
/// # Panics
/// Those of [`gather`].
#[inline(always)]
pub fn gather_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    lookup: Lookup,
    indices: &[impl Index],
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut [T],
    store: Store,
) {
    let dy = dy.as_rows(indices.len(), lookup.width);
    if lookup.table == 0 && indices.len() > MANY && dx.len() <= SMALL {
        return simd.outlined(Sum { width: lookup.width, indices, dy, dx, store });
    }
    if store == Store::Set {
        dx.fill(T::ZERO);
    }
    for ((i, &index), dy) in indices.iter().enumerate().zip(dy.iter()) {
        let row = lookup.at(dx.len(), i, index);
        let dx = &mut dx[row..][..lookup.width];
        dx.iter_mut().zip(dy).for_each(|(dx, &dy)| *dx += dy);
    }
}

/// Largest number of rows that are added one after the other.
const MANY: usize = 1024;
/// Largest number of scalars of a table that is summed in blocks.
const SMALL: usize = 8192;

/// Number of rows of a block, which are added in the scalar's own precision. A table with more rows
/// uses that many, so that adding blocks does not dominate the time.
const BLOCK: usize = 128;

/// The gradient of a small shared table, summed in blocks.
struct Sum<'a, T, I> {
    width: usize,
    indices: &'a [I],
    dy: Rows<'a, T>,
    dx: &'a mut [T],
    store: Store,
}

impl<T: Scalar, I: Index> Vectorize<T> for Sum<'_, T, I> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, _: S) {
        let Self { width, indices, dy, dx, store } = self;
        let mut sums = Sums::<T, SMALL>::new(dx.len());
        let rows = dx.len() / width.max(1);
        let at_once = BLOCK.max(rows);
        for (block, indices) in indices.chunks(at_once).enumerate() {
            sums.add(|table| {
                table.fill(T::ZERO);
                for (&index, row) in indices.iter().zip(block * at_once..) {
                    let to = &mut table[index.of(rows) * width..][..width];
                    to.iter_mut().zip(dy.row(row)).for_each(|(to, &dy)| *to += dy);
                }
            });
        }
        let len = dx.len().max(1);
        sums.put(dx, len, len, store);
    }
}

/// `y[i, j]` = 1 if j is `indices[i]`, else 0.
///
/// # Panics
/// If an index is n or more, or a slice does not fit its shape.
#[inline(always)]
pub fn one_hot<T: Scalar>(n: usize, indices: &[u32], y: &mut (impl AsRowsMut<T> + ?Sized)) {
    for (&index, y) in indices.iter().zip(y.as_rows_mut(indices.len(), n).iter()) {
        y.fill(T::ZERO);
        y[index as usize] = T::ONE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Plain;

    #[test]
    fn many_rows_of_one_table_lose_no_digits() {
        let (width, count) = (3, 1_000_000);
        let indices: Vec<u32> = (0..count).map(|i| u32::from(i % 100 == 0)).collect();
        let dy = vec![0.1_f32; count * width];
        let lookup = Lookup { each: count, width, table: 0 };
        let mut dx = vec![2.0; 2 * width];
        gather_gradient(Plain, lookup, &indices, &dy[..], &mut dx, Store::Add);
        for (at, dx) in dx.iter().enumerate() {
            let terms = if at < width { 990_000.0 } else { 10_000.0 };
            let expected = 2.0 + terms * f64::from(0.1_f32);
            assert!((f64::from(*dx) / expected - 1.0).abs() < 2e-6, "{dx}, not {expected}");
        }
    }

    #[test]
    fn rows_of_one_table_and_of_each_samples_own() {
        for width in [1, 7, 33] {
            let (samples, each, rows) = (3, 5, 4);
            let indices: Vec<u32> = (0..samples * each).map(|i| (i * 7 % 3) as u32).collect();
            for table in [0, rows * width] {
                let lookup = Lookup { each, width, table };
                let len = if table == 0 { rows * width } else { samples * table };
                let x: Vec<f64> = (0..len).map(|i| i as f64).collect();
                let row = |i: usize| i / each * table + indices[i] as usize * width;
                let mut y = vec![-1.0; indices.len() * width];
                gather(lookup, &x, &indices, &mut y);
                assert!(y.iter().enumerate().all(|(at, y)| *y == x[row(at / width) + at % width]));
                for store in [Store::Set, Store::Add] {
                    let mut dx = vec![0.5; len];
                    gather_gradient(Plain, lookup, &indices, &y[..], &mut dx, store);
                    let mut expected = vec![if store == Store::Add { 0.5 } else { 0.0 }; len];
                    for (at, y) in y.iter().enumerate() {
                        expected[row(at / width) + at % width] += y;
                    }
                    assert_eq!(dx, expected);
                }
            }
        }
    }

    #[test]
    fn rows_of_the_identity() {
        let mut y = [9.0_f32; 6];
        one_hot(3, &[2, 0], &mut y[..]);
        assert_eq!(y, [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
    }
}
