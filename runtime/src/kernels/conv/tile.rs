//! The register tile of a product whose left side is read through tables of offsets.

#![allow(clippy::needless_range_loop, reason = "loops over registers read alike by index")]

use crate::kernels::dense::tallest;
use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};

/// A product C = A · B, or added to C. Element (r, k) of A is `a[rows[r] + depth[k]]`. B is a panel of
/// `vectors` vectors a row, and so is C.
pub(super) struct Gathered<'a, T> {
    /// The memory that A is read from.
    pub a: &'a [T],
    /// The offset of each row.
    pub rows: &'a [usize],
    /// The offset of each term of the sums.
    pub depth: &'a [usize],
    /// B: a row for each term.
    pub b: &'a [T],
    /// C: a row for each row of A.
    pub c: &'a mut [T],
    /// Number of vectors of a row of B and C.
    pub vectors: usize,
    /// The values that the product is added to.
    pub start: Start<'a, T>,
}

/// The initial value of the sums.
#[derive(Clone, Copy)]
pub(super) enum Start<'a, T> {
    Zero,
    /// The previous contents of C.
    Output,
    /// The same row for each row of C.
    Row(&'a [T]),
}

impl<T: Scalar> Gathered<'_, T> {
    /// Computes the product.
    ///
    /// # Panics
    /// If a slice is too short.
    #[inline(always)]
    pub fn run<S: Simd<T>>(self, simd: S) {
        let width = self.vectors * S::LANES;
        let (Some(row), Some(depth)) = (largest(self.rows), largest(self.depth)) else {
            return self.begin(width);
        };
        assert!(row + depth < self.a.len());
        assert!(self.depth.len() * width <= self.b.len());
        assert!(self.rows.len() * width <= self.c.len());
        if let Start::Row(row) = self.start {
            assert!(width <= row.len());
        }
        match self.vectors {
            1 => simd.outlined(Tiles::<T, 1>(self)),
            2 => simd.outlined(Tiles::<T, 2>(self)),
            3 if S::TILE_VECTORS >= 3 => simd.outlined(Tiles::<T, 3>(self)),
            _ => unreachable!("strips are up to 3 vectors wide"),
        }
    }
}

impl<T: Scalar> Gathered<'_, T> {
    /// Writes the initial value, which is the product if the sums have no terms.
    #[inline(always)]
    fn begin(self, width: usize) {
        let c = &mut self.c[..self.rows.len() * width];
        match self.start {
            Start::Zero => c.fill(T::ZERO),
            Start::Output => {}
            Start::Row(row) => {
                c.chunks_exact_mut(width).for_each(|c| c.copy_from_slice(&row[..width]));
            }
        }
    }
}

#[inline(always)]
fn largest(offsets: &[usize]) -> Option<usize> {
    let (mut largest, mut any) = (0, false);
    for &offset in offsets {
        (largest, any) = (if offset > largest { offset } else { largest }, true);
    }
    any.then_some(largest)
}

/// A product of `V` vectors as an operation. Only [`Gathered::run`] makes it, after checking the slices.
struct Tiles<'a, T, const V: usize>(Gathered<'a, T>);

impl<T: Scalar, const V: usize> Vectorize<T> for Tiles<'_, T, V> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        let Gathered { a, rows, depth, b, c, start, .. } = self.0;
        let tallest = const { tallest::<T, S>(V) };
        let tiles = rows.len().div_ceil(tallest);
        let (height, more) = (rows.len() / tiles, rows.len() % tiles);
        let (a, b, mut c) = (a.as_ptr(), b.as_ptr(), c.as_mut_ptr());
        let mut left = rows;
        for i in 0..tiles {
            let (rows, rest) = left.split_at(height + usize::from(i < more));
            macro_rules! tile {
                ($($r:literal)*) => {
                    match rows.len() {
                        // SAFETY: `Gathered::run` has checked the slices, and these rows exist.
                        $($r if $r <= tallest => unsafe {
                            tile::<T, S, $r, V>(simd, a, rows, depth, b, c, start)
                        },)*
                        _ => unreachable!("tiles have at most 8 rows"),
                    }
                };
            }
            tile!(1 2 3 4 5 6 7 8);
            c = c.wrapping_add(rows.len() * V * S::LANES);
            left = rest;
        }
    }
}

/// Computes `R` rows of `V` vectors. (Addresses are wrapping and scalars unaligned, because builds with
/// debug assertions check everything else in the innermost loop.)
///
/// # Safety
/// The elements of A exist; B has `depth.len()` rows of `V` vectors, C has `R`, and a row of `start` has one.
#[inline(always)]
unsafe fn tile<T: Scalar, S: Simd<T>, const R: usize, const V: usize>(
    simd: S,
    a: *const T,
    rows: &[usize],
    depth: &[usize],
    mut b: *const T,
    c: *mut T,
    start: Start<'_, T>,
) {
    let mut at = [a; R];
    for r in 0..R {
        at[r] = a.wrapping_add(rows[r]);
    }
    let mut sums = [[simd.splat(T::ZERO); V]; R];
    // SAFETY: the caller's promise.
    unsafe {
        for &k in depth {
            let mut row = [simd.splat(T::ZERO); V];
            for v in 0..V {
                row[v] = simd.load(b.wrapping_add(v * S::LANES));
            }
            for r in 0..R {
                let factor = simd.splat_at(at[r].wrapping_add(k));
                for v in 0..V {
                    sums[r][v] = simd.mul_add(factor, row[v], sums[r][v]);
                }
            }
            b = b.wrapping_add(V * S::LANES);
        }
        for r in 0..R {
            for v in 0..V {
                let c = c.wrapping_add((r * V + v) * S::LANES);
                let sum = match start {
                    Start::Zero => sums[r][v],
                    Start::Output => simd.add(simd.load(c), sums[r][v]),
                    Start::Row(row) => {
                        simd.add(simd.load(row.as_ptr().wrapping_add(v * S::LANES)), sums[r][v])
                    }
                };
                simd.store(c, sum);
            }
        }
    }
}
