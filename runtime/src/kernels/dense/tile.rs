//! The register tile: `R` rows by `V` vectors of a product, summed in registers.

use crate::scalar::Scalar;
use crate::simd::Simd;

/// Where a tile's operands and its result begin. `A` is read one scalar at a time and spread over
/// a vector, `B` one vector at a time, and each vector of `B` is used `R` times.
pub(super) struct Tile<T> {
    /// Length of the sums.
    pub depth: usize,
    /// The first row of A.
    pub a: *const T,
    /// Scalars from a row of A to the next.
    pub a_row: usize,
    /// Scalars from a column of A to the next.
    pub a_column: usize,
    /// The first row of B, whose columns lie side by side.
    pub b: *const T,
    /// Scalars from a row of B to the next.
    pub b_row: usize,
    /// What the sums begin with (null: zero).
    pub start: *const T,
    /// Scalars from a row of it to the next.
    pub start_row: usize,
    /// The first row of C.
    pub c: *mut T,
    /// Scalars from a row of C to the next.
    pub c_row: usize,
    /// Lanes of the last vector that are part of the matrix.
    pub last: usize,
}

impl<T: Scalar> Tile<T> {
    /// C = start + A · B. `PARTIAL` says that `last` is less than a vector.
    ///
    /// # Safety
    /// A has `R` rows of `depth`, B `depth` rows of `V` vectors (the last with `last` lanes),
    /// `start` and C have `R` rows of the same width; C is not part of A or B.
    #[inline(always)]
    pub unsafe fn run<S: Simd<T>, const R: usize, const V: usize, const PARTIAL: bool>(
        &self,
        simd: S,
    ) {
        let mut sums = [[simd.splat(T::ZERO); V]; R];
        // Raw pointers, because with slices the checks for each load (or a slice for each row)
        // cost up to a third of the speed.
        // SAFETY: the caller's promise; all offsets are those of elements of the operands.
        unsafe {
            if !self.start.is_null() {
                for r in 0..R {
                    let row = self.start.add(r * self.start_row);
                    for v in 0..V {
                        sums[r][v] = self.load::<S, V, PARTIAL>(simd, row, v);
                    }
                }
            }
            let (mut a, mut b) = (self.a, self.b);
            for _ in 0..self.depth {
                let mut row = [simd.splat(T::ZERO); V];
                for v in 0..V {
                    row[v] = self.load::<S, V, PARTIAL>(simd, b, v);
                }
                for r in 0..R {
                    let factor = simd.splat(*a.add(r * self.a_row));
                    for v in 0..V {
                        sums[r][v] = simd.mul_add(factor, row[v], sums[r][v]);
                    }
                }
                a = a.wrapping_add(self.a_column);
                b = b.wrapping_add(self.b_row);
            }
            for r in 0..R {
                let row = self.c.add(r * self.c_row);
                for v in 0..V {
                    if PARTIAL && v == V - 1 {
                        simd.store_first(row.add(v * S::LANES), sums[r][v], self.last);
                    } else {
                        simd.store(row.add(v * S::LANES), sums[r][v]);
                    }
                }
            }
        }
    }

    /// Vector `v` of a row of `V`.
    ///
    /// # Safety
    /// The row has `V` vectors, the last with `last` lanes.
    #[inline(always)]
    unsafe fn load<S: Simd<T>, const V: usize, const PARTIAL: bool>(
        &self,
        simd: S,
        row: *const T,
        v: usize,
    ) -> S::Vector {
        // SAFETY: the caller's promise.
        unsafe {
            if PARTIAL && v == V - 1 {
                simd.load_first(row.add(v * S::LANES), self.last)
            } else {
                simd.load(row.add(v * S::LANES))
            }
        }
    }
}
