//! Computes a strip of a product, a few vectors wide, in register tiles: `R` rows by `V` vectors, summed
//! in registers.

use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};

/// The address and strides of an operand.
#[derive(Clone, Copy)]
pub(super) struct Operand<T> {
    /// The address of the first element.
    pub at: *const T,
    /// Stride between rows, in scalars.
    pub row: usize,
    /// Stride between columns, in scalars.
    pub column: usize,
}

/// The operands and the result of a strip. A is read one scalar at a time and broadcast to a vector, B
/// is read one vector at a time, and each vector of B is used `R` times.
///
/// The pointers are raw, because tiles of several rows would overlap as slices, and because any check
/// in the innermost loop is expensive: the checks of the pointers alone, in a build with debug
/// assertions, reduced it from 85 to 20 GFLOP/s (Zen 3).
#[derive(Clone, Copy)]
pub(super) struct Strip<T> {
    /// Number of rows of A and C.
    pub rows: usize,
    /// Length of the sums.
    pub depth: usize,
    /// The rows of A.
    pub a: Operand<T>,
    /// The first row of B, whose rows are contiguous.
    pub b: *const T,
    /// Stride between the rows of B, in scalars.
    pub b_row: usize,
    /// A buffer for a contiguous copy of B, which the first tile writes and the others read. If null, B
    /// is read in place.
    pub copy: *mut T,
    /// The initial value of the sums; if null, zero.
    pub start: Operand<T>,
    /// The first row of C.
    pub c: *mut T,
    /// Stride between the rows of C, in scalars.
    pub c_row: usize,
    /// Number of lanes of the last vector that belong to the matrix.
    pub last: usize,
}

/// Returns the number of rows of the tallest tile of `vectors` vectors. With 4 or 8 vectors, B takes
/// more of the registers, and there are few rows ([`FEW_ROWS`]).
#[inline(always)]
pub(in crate::kernels) const fn tallest<T: Scalar, S: Simd<T>>(vectors: usize) -> usize {
    let (rows, most) = if vectors < 4 {
        (S::ACCUMULATORS / vectors, 8)
    } else {
        ((S::ACCUMULATORS - 1) / vectors, FEW_ROWS)
    };
    if rows < most { rows } else { most }
}

/// Returns true if tiles may have `rows` rows. The first one of a strip of more than 8, which copies B,
/// has more than half of the tallest.
const fn is_height(rows: usize, tallest: usize, copies: bool) -> bool {
    rows <= tallest && (!copies || 2 * rows > tallest)
}

/// Returns true if an instruction set has strips of this number of vectors.
const fn is_used<T: Scalar, S: Simd<T>>(vectors: usize) -> bool {
    (vectors >= 4 || vectors <= S::TILE_VECTORS) && tallest::<T, S>(vectors) > 0
}

/// Largest number of rows for which strips may be 4 or 8 vectors wide.
const FEW_ROWS: usize = 3;
/// Number of iterations by which rows of B are prefetched while B is copied.
const AHEAD: usize = 16;

impl<T: Scalar> Strip<T> {
    /// C = start + A · B for a strip of `vectors` vectors. Each width is a separate function: all tiles in
    /// one function take minutes to compile.
    ///
    /// # Safety
    /// A has `rows` rows of `depth`, B `depth` rows of `vectors` vectors (the last with `last`
    /// lanes), `start` and C have `rows` rows of that width; C is no part of A or B. If `copy` is not
    /// null, it has room for B in whole vectors, and there are more than 8 rows.
    #[inline(always)]
    pub unsafe fn run<S: Simd<T>>(self, simd: S, vectors: usize) {
        macro_rules! widths {
            ($($v:literal)*) => {
                match (vectors, self.last < S::LANES) {
                    $(
                        // Widths that this instruction set does not use are not compiled.
                        ($v, _) if const { !is_used::<T, S>($v) } => unreachable!("not used"),
                        ($v, false) => simd.outlined(Tiles::<T, $v, false>(self)),
                        ($v, true) => simd.outlined(Tiles::<T, $v, true>(self)),
                    )*
                    _ => unreachable!("strips are 1, 2, 3, 4 or 8 vectors wide"),
                }
            };
        }
        widths!(1 2 3 4 8);
    }

    /// Splits the rows into tiles of nearly the same height, and makes the height a constant.
    ///
    /// # Safety
    /// Those of [`run`](Self::run), with `V` vectors; `PARTIAL` is true if the last is not whole.
    #[inline(always)]
    unsafe fn tiles<S: Simd<T>, const V: usize, const PARTIAL: bool>(mut self, simd: S) {
        let tiles = self.rows.div_ceil(const { tallest::<T, S>(V) });
        let (height, more) = (self.rows / tiles, self.rows % tiles);
        macro_rules! tile {
            ($height:expr, $copy:literal: $($r:literal)*) => {
                match $height {
                    $(
                        // other heights are not compiled
                        $r if const { is_height($r, tallest::<T, S>(V), $copy) } => {
                            self.tile::<S, $r, V, PARTIAL, $copy>(simd);
                        }
                    )*
                    _ => unreachable!("no tile has this height"),
                }
            };
        }
        let mut done = 0;
        // wide strips have few rows, for which a copy does not pay
        if const { V < 4 } && !self.copy.is_null() {
            let height = height + usize::from(more > 0);
            // SAFETY: these rows exist; the copy is the caller's promise.
            unsafe { tile!(height, true: 1 2 3 4 5 6 7 8) }
            self.pass(height);
            (self.b, self.b_row) = (self.copy, V * S::LANES);
            done = 1;
        }
        for i in done..tiles {
            let height = height + usize::from(i < more);
            // SAFETY: these rows exist; after the last one, the pointers are not used.
            unsafe { tile!(height, false: 1 2 3 4 5 6 7 8) }
            self.pass(height);
        }
    }

    /// Advances the pointers by `rows` rows.
    #[inline(always)]
    fn pass(&mut self, rows: usize) {
        self.a.at = self.a.at.wrapping_add(rows * self.a.row);
        self.start.at = self.start.at.wrapping_add(rows * self.start.row);
        self.c = self.c.wrapping_add(rows * self.c_row);
    }

    /// Computes the first `R` rows. If `COPY`, it also copies B, which costs nothing next to the sums
    /// (64x784x512: a separate copy before took 13 % of the time).
    ///
    /// # Safety
    /// Those of [`tiles`](Self::tiles).
    #[inline(always)]
    unsafe fn tile<
        S: Simd<T>,
        const R: usize,
        const V: usize,
        const PARTIAL: bool,
        const COPY: bool,
    >(
        &self,
        simd: S,
    ) {
        let mut sums = [[simd.splat(T::ZERO); V]; R];
        // SAFETY: the caller's promise; all offsets are those of elements of the operands.
        unsafe {
            // The sums begin with zero and the start is added at the end, so that it has the whole loop's
            // time to arrive from a distant cache.
            if !self.start.at.is_null() {
                for r in 0..R {
                    for v in 0..V {
                        simd.prefetch(
                            at(self.start.at, r, self.start.row).wrapping_add(v * S::LANES),
                        );
                    }
                }
            }
            let (mut a, mut b, mut copy) = (self.a.at, self.b, self.copy);
            for _ in 0..self.depth {
                let mut row = [simd.splat(T::ZERO); V];
                for v in 0..V {
                    row[v] = load::<T, S, V, PARTIAL>(simd, b, v, self.last);
                    if COPY {
                        simd.prefetch(b.wrapping_add(AHEAD * self.b_row + v * S::LANES));
                        simd.store(copy.wrapping_add(v * S::LANES), row[v]);
                    }
                }
                for r in 0..R {
                    let factor = simd.splat_at(at(a, r, self.a.row));
                    for v in 0..V {
                        sums[r][v] = simd.mul_add(factor, row[v], sums[r][v]);
                    }
                }
                a = a.wrapping_add(self.a.column);
                b = b.wrapping_add(self.b_row);
                if COPY {
                    copy = copy.wrapping_add(V * S::LANES);
                }
            }
            if !self.start.at.is_null() {
                for r in 0..R {
                    let row = at(self.start.at, r, self.start.row);
                    for v in 0..V {
                        let start = load::<T, S, V, PARTIAL>(simd, row, v, self.last);
                        sums[r][v] = simd.add(start, sums[r][v]);
                    }
                }
            }
            for r in 0..R {
                let row = self.c.wrapping_add(r.wrapping_mul(self.c_row));
                for v in 0..V {
                    store::<T, S, V, PARTIAL>(simd, row, v, sums[r][v], self.last);
                }
            }
        }
    }
}

/// Loads vector `v` of a row of `V` vectors.
///
/// # Safety
/// The row has `V` vectors, the last with `last` lanes if `PARTIAL`.
#[inline(always)]
pub(super) unsafe fn load<T: Scalar, S: Simd<T>, const V: usize, const PARTIAL: bool>(
    simd: S,
    row: *const T,
    v: usize,
    last: usize,
) -> S::Vector {
    let from = row.wrapping_add(v * S::LANES);
    // SAFETY: the caller's promise.
    unsafe { if PARTIAL && v == V - 1 { simd.load_first(from, last) } else { simd.load(from) } }
}

/// Stores vector `v` of a row of `V` vectors.
///
/// # Safety
/// Those of [`load`], and the row can be written.
#[inline(always)]
pub(super) unsafe fn store<T: Scalar, S: Simd<T>, const V: usize, const PARTIAL: bool>(
    simd: S,
    row: *mut T,
    v: usize,
    vector: S::Vector,
    last: usize,
) {
    let to = row.wrapping_add(v * S::LANES);
    // SAFETY: the caller's promise.
    unsafe {
        if PARTIAL && v == V - 1 {
            simd.store_first(to, vector, last);
        } else {
            simd.store(to, vector);
        }
    }
}

/// Returns the address of row `r`. It uses wrapping arithmetic, and scalars are read unaligned, because
/// a build with debug assertions checks everything else in the innermost loop, even if the kernels are
/// optimised.
#[inline(always)]
fn at<T>(first: *const T, r: usize, row: usize) -> *const T {
    first.wrapping_add(r.wrapping_mul(row))
}

/// A strip of `V` vectors as an operation. Only [`Strip::run`] makes it.
struct Tiles<T, const V: usize, const PARTIAL: bool>(Strip<T>);

impl<T: Scalar, const V: usize, const PARTIAL: bool> Vectorize<T> for Tiles<T, V, PARTIAL> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        // SAFETY: the promise made to `Strip::run`.
        unsafe { self.0.tiles::<S, V, PARTIAL>(simd) }
    }
}
