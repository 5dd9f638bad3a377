//! Reductions of a row in memory, of any length. They are compiled with the library, once for each
//! instruction set and scalar.

use super::{ACCUMULATORS, BLOCK};
use crate::scalar::Scalar;
use crate::simd::Simd;
use std::hint::black_box;

/// A reduction of a row other than its sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// The maximum; NaN if an element is NaN.
    Max,
    /// The minimum; NaN if an element is NaN.
    Min,
    /// The maximum of the elements that are not NaN, which takes one instruction.
    Largest,
}

impl Join {
    /// Combines two values.
    #[inline(always)]
    pub(crate) fn of<T: Scalar>(self, a: T, b: T) -> T {
        match self {
            Self::Max => a.maximum(b),
            Self::Min => a.minimum(b),
            Self::Largest => {
                if b > a {
                    b
                } else {
                    a
                }
            }
        }
    }

    /// Returns the neutral element: the result for an empty row.
    #[inline(always)]
    pub(crate) fn start<T: Scalar>(self) -> T {
        T::from_f64(if self == Self::Min { f64::INFINITY } else { f64::NEG_INFINITY })
    }
}

/// Returns the sum of `x`.
#[inline(always)]
pub fn sum<T: Scalar, S: Simd<T>>(simd: S, x: &[T]) -> T {
    if x.len() <= BLOCK {
        return sum_block(simd, x);
    }
    // (a closure would not be compiled for the instruction set)
    let mut total = 0.0;
    for block in x.chunks(BLOCK) {
        total += sum_block(simd, block).to_f64();
    }
    T::from_f64(total)
}

/// Returns the sum of a block, in four vector accumulators.
#[inline(always)]
fn sum_block<T: Scalar, S: Simd<T>>(simd: S, x: &[T]) -> T {
    let mut sums = [simd.splat(T::ZERO); 4];
    let (mut from, mut left) = (x.as_ptr(), x.len());
    // SAFETY: as many scalars are read as are left.
    unsafe {
        while left >= 4 * S::LANES {
            for i in 0..4 {
                sums[i] = simd.add(sums[i], simd.load(from.add(i * S::LANES)));
            }
            (from, left) = (from.add(4 * S::LANES), left - 4 * S::LANES);
        }
        while left >= S::LANES {
            sums[0] = simd.add(sums[0], simd.load(from));
            (from, left) = (from.add(S::LANES), left - S::LANES);
        }
        if left > 0 {
            sums[1] = simd.add(sums[1], simd.load_first(from, left));
        }
    }
    simd.sum(simd.add(simd.add(sums[0], sums[1]), simd.add(sums[2], sums[3])))
}

/// Reduces `x` with `join`.
#[inline(always)]
pub fn reduce<T: Scalar, S: Simd<T>>(simd: S, x: &[T], join: Join) -> T {
    match join {
        Join::Max => joined(simd, x, Join::Max),
        Join::Min => joined(simd, x, Join::Min),
        Join::Largest => joined(simd, x, Join::Largest),
    }
}

/// Reduces `x` with a `join` that is a constant: in [`ACCUMULATORS`] lanes, and the remainder in fewer lanes.
#[inline(always)]
fn joined<T: Scalar, S: Simd<T>>(simd: S, x: &[T], join: Join) -> T {
    let (wide, rest) = lanes::<T, ACCUMULATORS>(x, join);
    let (narrow, rest) = lanes::<T, 8>(rest, join);
    let mut eight = narrow;
    if x.len() >= ACCUMULATORS {
        // If the compiler saw how the lanes are joined below, it would split the loop over the row into
        // pairs to match: 0.165 ns per element were measured instead of 0.04.
        let wide = opaque(simd, wide);
        for i in 0..8 {
            let halves = [join.of(wide[i], wide[i + 8]), join.of(wide[i + 16], wide[i + 24])];
            eight[i] = join.of(narrow[i], join.of(halves[0], halves[1]));
        }
    }
    for i in 0..rest.len() {
        eight[i] = join.of(eight[i], rest[i]);
    }
    let mut four = [T::ZERO; 4];
    for i in 0..4 {
        four[i] = join.of(eight[i], eight[i + 4]);
    }
    join.of(join.of(four[0], four[2]), join.of(four[1], four[3]))
}

/// Joins the whole chunks of `N` lane by lane. Returns the lanes and the remainder of `x`.
#[inline(always)]
fn lanes<T: Scalar, const N: usize>(x: &[T], join: Join) -> ([T; N], &[T]) {
    let (chunks, rest) = x.as_chunks::<N>();
    let mut lanes = [join.start(); N];
    for chunk in chunks {
        for i in 0..N {
            lanes[i] = join.of(lanes[i], chunk[i]);
        }
    }
    (lanes, rest)
}

/// Returns the same lanes, but hides their origin from the compiler: they go through memory, as whole
/// vectors.
#[inline(always)]
fn opaque<T: Scalar, S: Simd<T>>(simd: S, mut lanes: [T; ACCUMULATORS]) -> [T; ACCUMULATORS] {
    const { assert!(ACCUMULATORS.is_multiple_of(S::LANES)) }
    for lanes in lanes.chunks_exact_mut(S::LANES) {
        // SAFETY: the chunk has as many scalars as a vector.
        unsafe { simd.store(lanes.as_mut_ptr(), black_box(simd.load(lanes.as_ptr()))) }
    }
    lanes
}
