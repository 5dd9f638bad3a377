//! A strip of a product, some vectors wide, cut into register tiles: `R` rows by `V` vectors,
//! summed in registers.

use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};

/// Where an operand begins, and how far its elements are apart.
#[derive(Clone, Copy)]
pub(super) struct Operand<T> {
    /// The first element.
    pub at: *const T,
    /// Scalars from a row to the next.
    pub row: usize,
    /// Scalars from a column to the next.
    pub column: usize,
}

/// Where a strip's operands and its result begin. A is read one scalar at a time and spread over
/// a vector, B one vector at a time, and each vector of B is used `R` times.
///
/// Raw pointers, because tiles of several rows overlap as slices, and because any check in the
/// innermost loop costs: those of the pointers alone, in a build with debug assertions, took it
/// from 85 to 20 GFLOP/s (Zen 3).
#[derive(Clone, Copy)]
pub(super) struct Strip<T> {
    /// Rows of A and C.
    pub rows: usize,
    /// Length of the sums.
    pub depth: usize,
    /// The rows of A.
    pub a: Operand<T>,
    /// The first row of B, whose columns lie side by side.
    pub b: *const T,
    /// Scalars from a row of B to the next.
    pub b_row: usize,
    /// Room for a copy of B side by side, which the first tile makes and the others read (null: B
    /// is read where it is).
    pub copy: *mut T,
    /// What the sums begin with (null: zero).
    pub start: Operand<T>,
    /// The first row of C.
    pub c: *mut T,
    /// Scalars from a row of C to the next.
    pub c_row: usize,
    /// Lanes of the last vector that are part of the matrix.
    pub last: usize,
}

/// Rows of the tallest tile of so many vectors. With 4 or 8 vectors, B takes more of the
/// registers, and there are few rows at all ([`FEW_ROWS`]).
#[inline(always)]
pub(super) const fn tallest<T: Scalar, S: Simd<T>>(vectors: usize) -> usize {
    let (rows, most) = if vectors < 4 {
        (S::ACCUMULATORS / vectors, 8)
    } else {
        ((S::ACCUMULATORS - 1) / vectors, FEW_ROWS)
    };
    if rows < most { rows } else { most }
}

/// Rows up to which strips may be 4 or 8 vectors wide.
const FEW_ROWS: usize = 3;
/// Rows of B that are asked for ahead of their iteration while B is copied.
const AHEAD: usize = 16;

impl<T: Scalar> Strip<T> {
    /// C = start + A · B for a strip of so many vectors. Each width is a function of its
    /// own: all tiles in one function take minutes to compile.
    ///
    /// # Safety
    /// A has `rows` rows of `depth`, B `depth` rows of `vectors` vectors (the last with `last`
    /// lanes), `start` and C have `rows` rows of that width; C is no part of A or B. Where
    /// `copy` is not null, it has room for B in whole vectors, and there are more than 8 rows.
    #[inline(always)]
    pub unsafe fn run<S: Simd<T>>(self, simd: S, vectors: usize) {
        macro_rules! widths {
            ($($v:literal)*) => {
                match (vectors, self.last < S::LANES) {
                    $(
                        // Widths that this instruction set has no use for are not compiled.
                        ($v, _) if $v < 4 && $v > S::TILE_VECTORS || tallest::<T, S>($v) == 0 => unreachable!("not used"),
                        ($v, false) => simd.outlined(Tiles::<T, $v, false>(self)),
                        ($v, true) => simd.outlined(Tiles::<T, $v, true>(self)),
                    )*
                    _ => unreachable!("strips are 1, 2, 3, 4 or 8 vectors wide"),
                }
            };
        }
        widths!(1 2 3 4 8);
    }

    /// Cuts the rows into tiles of nearly the same height, which becomes a constant.
    ///
    /// # Safety
    /// As for [`run`](Self::run), with `V` vectors; `PARTIAL` says that the last is not whole.
    #[inline(always)]
    unsafe fn tiles<S: Simd<T>, const V: usize, const PARTIAL: bool>(mut self, simd: S) {
        let tallest = const { tallest::<T, S>(V) };
        let tiles = self.rows.div_ceil(tallest);
        let (height, more) = (self.rows / tiles, self.rows % tiles);
        macro_rules! tile {
            ($height:expr, $copy:literal: $($r:literal)*) => {
                match $height {
                    $(
                        $r if $r <= tallest => self.tile::<S, $r, V, PARTIAL, $copy>(simd),
                    )*
                    _ => unreachable!("tiles have at most 8 rows, and copy from 3 on"),
                }
            };
        }
        let mut done = 0;
        // few rows, which the widest strips are for, are not worth a copy
        if V < 4 && !self.copy.is_null() {
            let height = height + usize::from(more > 0);
            // SAFETY: these rows are there, and the caller's promise for the copy.
            unsafe { tile!(height, true: 3 4 5 6 7 8) }
            self.pass(height);
            (self.b, self.b_row) = (self.copy, V * S::LANES);
            done = 1;
        }
        for i in done..tiles {
            let height = height + usize::from(i < more);
            // SAFETY: these rows are there; past the last one, the pointers are not used.
            unsafe { tile!(height, false: 1 2 3 4 5 6 7 8) }
            self.pass(height);
        }
    }

    /// Leaves rows behind.
    #[inline(always)]
    fn pass(&mut self, rows: usize) {
        self.a.at = self.a.at.wrapping_add(rows * self.a.row);
        self.start.at = self.start.at.wrapping_add(rows * self.start.row);
        self.c = self.c.wrapping_add(rows * self.c_row);
    }

    /// The first `R` rows; `COPY` says that B is copied by the way, where reading and writing it
    /// costs nothing beside the sums (64x784x512: 13 % of the time when it was copied before).
    ///
    /// # Safety
    /// As for [`tiles`](Self::tiles).
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
            // The sums begin with zero, so that what is added to them has the whole loop's time to
            // arrive from a far cache.
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
                    row[v] = self.load::<S, V, PARTIAL>(simd, b, v);
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
                        let start = self.load::<S, V, PARTIAL>(simd, row, v);
                        sums[r][v] = simd.add(start, sums[r][v]);
                    }
                }
            }
            for r in 0..R {
                let row = self.c.wrapping_add(r.wrapping_mul(self.c_row));
                for v in 0..V {
                    if PARTIAL && v == V - 1 {
                        simd.store_first(row.wrapping_add(v * S::LANES), sums[r][v], self.last);
                    } else {
                        simd.store(row.wrapping_add(v * S::LANES), sums[r][v]);
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
                simd.load_first(row.wrapping_add(v * S::LANES), self.last)
            } else {
                simd.load(row.wrapping_add(v * S::LANES))
            }
        }
    }
}

/// Row `r`. Wrapping, and scalars are read unaligned, because in a build with debug assertions
/// everything else is checked in the innermost loop, also where the kernels are optimised.
#[inline(always)]
fn at<T>(first: *const T, r: usize, row: usize) -> *const T {
    first.wrapping_add(r.wrapping_mul(row))
}

/// A strip of `V` vectors as an operation, made only by [`Strip::run`].
struct Tiles<T, const V: usize, const PARTIAL: bool>(Strip<T>);

impl<T: Scalar, const V: usize, const PARTIAL: bool> Vectorize<T> for Tiles<T, V, PARTIAL> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        // SAFETY: the promise made to `Strip::run`.
        unsafe { self.0.tiles::<S, V, PARTIAL>(simd) }
    }
}
