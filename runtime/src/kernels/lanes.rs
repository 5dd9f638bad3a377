//! Reductions of a row to one number. The compiler may not reorder float additions, so that with a single
//! accumulator each addition would wait for the previous one, and the loop would not be vectorised.
//!
//! A row in memory is reduced by functions that are compiled with the library
//! ([`Outline`](super::outline::Outline)). Terms that are computed from a row are first written to a
//! buffer, by an ordinary loop, and reduced from there; in the caller, this compiles to one loop and a call.
//! The buffer stays in the L1 cache, and up to [`BUFFER_LEN`] positions this takes no longer than accumulators in
//! registers.
//!
//! A long sum is computed in blocks, whose sums are added in `f64`. In one long chain of `f32` additions
//! each would lose half a unit of an ever larger sum, and ones would no longer count beyond 2^24.

#![allow(clippy::needless_range_loop, reason = "an iterator is a dozen functions each time")]

use crate::scalar::Scalar;
use crate::simd::Simd;
use std::mem::MaybeUninit;

pub(super) mod whole;

pub use whole::Join;

/// Number of positions up to which a row is added in order: the chains of several rows overlap, and no
/// remainder has to be handled.
const MAX_IN_ORDER: usize = 12;
/// Number of positions from which on a sum is formed in registers. It is also the length of the buffer.
const BUFFER_LEN: usize = 256;
/// Number of accumulators of a sum in registers: four AVX2 or two AVX-512 vectors of `f32`.
const ACCUMULATORS: usize = 32;
/// Number of positions that are summed in the scalar's own precision.
const BLOCK: usize = 2048;

/// Returns the sum of `x`.
#[inline(always)]
pub(crate) fn sum_all<T: Scalar, S: Simd<T>>(simd: S, x: &[T]) -> T {
    if x.len() <= MAX_IN_ORDER {
        let mut sum = T::ZERO;
        for &x in x {
            sum += x;
        }
        return sum;
    }
    simd.sum_row(x)
}

/// Reduces `x` with `join`.
#[inline(always)]
pub(crate) fn reduce_all<T: Scalar, S: Simd<T>>(simd: S, x: &[T], join: Join) -> T {
    if x.len() <= MAX_IN_ORDER {
        let mut reduced = join.start();
        for &x in x {
            reduced = join.of(reduced, x);
        }
        return reduced;
    }
    simd.reduce_row(x, join)
}

/// Returns the largest of `x`, or -inf if it is empty. NaNs are ignored.
#[inline(always)]
pub(crate) fn max<T: Scalar, S: Simd<T>>(simd: S, x: &[T]) -> T {
    reduce_all(simd, x, Join::Largest)
}

/// Returns the sum of `term(x[0][i], .., x[K - 1][i])` over all positions.
///
/// `term` is called from two places, one of which remains if the length is a constant. If a large `term` was
/// called from more places, it would not be inlined, and so not be compiled for the instruction set.
#[inline(always)]
pub(crate) fn sum<T: Scalar, S: Simd<T>, const K: usize>(
    simd: S,
    x: [&[T]; K],
    term: impl Fn([T; K]) -> T,
) -> T {
    let n = x[0].len();
    let whole = if n < BUFFER_LEN { 0 } else { n / ACCUMULATORS * ACCUMULATORS };
    let (mut total, mut done) = (0.0, 0);
    while done < whole {
        let mut sums = [T::ZERO; ACCUMULATORS];
        let end = whole.min(done + BLOCK);
        while done < end {
            let chunk = cut(x, done, ACCUMULATORS);
            for i in 0..ACCUMULATORS {
                sums[i] += term(at(chunk, i));
            }
            done += ACCUMULATORS;
        }
        let mut sum = simd.splat(T::ZERO);
        for lanes in sums.chunks_exact(S::LANES) {
            // SAFETY: the chunk has as many scalars as a vector.
            sum = simd.add(sum, unsafe { simd.load(lanes.as_ptr()) });
        }
        total += simd.sum(sum).to_f64();
    }
    let rest = buffered(cut(x, whole, n - whole), &term, |terms| sum_all(simd, terms));
    if whole == 0 { rest } else { T::from_f64(total + rest.to_f64()) }
}

/// Reduces `term(x[0][i], .., x[K - 1][i])` over all positions with `join`.
#[inline(always)]
pub(crate) fn reduce<T: Scalar, S: Simd<T>, const K: usize>(
    simd: S,
    x: [&[T]; K],
    join: Join,
    term: impl Fn([T; K]) -> T,
) -> T {
    let n = x[0].len();
    let (mut reduced, mut done) = (join.start(), 0);
    while done < n {
        let len = BUFFER_LEN.min(n - done);
        let of_terms = buffered(cut(x, done, len), &term, |terms| reduce_all(simd, terms, join));
        reduced = join.of(reduced, of_terms);
        done += len;
    }
    reduced
}

/// Writes the terms of up to [`BUFFER_LEN`] positions to a buffer, and returns `reduce` of them.
#[inline(always)]
fn buffered<T: Scalar, const K: usize>(
    x: [&[T]; K],
    term: &impl Fn([T; K]) -> T,
    reduce: impl Fn(&[T]) -> T,
) -> T {
    let mut buffer = [const { MaybeUninit::<T>::uninit() }; BUFFER_LEN];
    let n = x[0].len();
    let buffer = &mut buffer[..n];
    for i in 0..n {
        buffer[i].write(term(at(x, i)));
    }
    // SAFETY: the loop has written all of it.
    reduce(unsafe { std::slice::from_raw_parts(buffer.as_ptr().cast(), n) })
}

/// Returns the scalars at one position. (A loop, as `map` and `from_fn` compile to a dozen functions each.)
#[inline(always)]
pub(super) fn at<T: Scalar, const K: usize>(x: [&[T]; K], i: usize) -> [T; K] {
    let mut scalars = [T::ZERO; K];
    for k in 0..K {
        scalars[k] = x[k][i];
    }
    scalars
}

/// Returns `len` positions of each row from `start` on.
#[inline(always)]
fn cut<T, const K: usize>(mut x: [&[T]; K], start: usize, len: usize) -> [&[T]; K] {
    for k in 0..K {
        x[k] = &x[k][start..start + len];
    }
    x
}

#[cfg(test)]
mod tests;
