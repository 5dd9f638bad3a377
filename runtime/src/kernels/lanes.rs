//! Reductions in several accumulators: float additions may not be reordered by the compiler, so
//! that a single accumulator would wait for each addition in turn and never become a vector.
//!
//! A long sum is one of blocks, which are added in `f64`: in one long chain of `f32` additions each
//! would lose half a unit of an ever larger sum, and ones would not count beyond 2^24.

use crate::scalar::Scalar;
use crate::simd::Simd;
use std::array::from_fn;
use std::hint::black_box;

/// Accumulators of a long reduction: four AVX2 or two AVX-512 vectors of `f32`.
const WIDE: usize = 32;
/// Accumulators of what is left, and of a short one.
const NARROW: usize = 16;
/// Chunks of [`WIDE`] positions that make a block of a sum: as many additions follow one another in
/// the scalar's own precision.
const BLOCK: usize = 64;

/// The sum of `term(x[0][i], .., x[K - 1][i])` over all positions.
#[inline(always)]
pub(crate) fn sum<T: Scalar, S: Simd<T>, const K: usize>(
    simd: S,
    x: [&[T]; K],
    term: impl Fn([T; K]) -> T,
) -> T {
    let zero = simd.splat(T::ZERO);
    let mut blocks = 0.0;
    let mut add = |wide: &[T; WIDE]| blocks += simd.sum(add_all(simd, zero, wide)).to_f64();
    let (wide, narrow) = accumulators(x, T::ZERO, &term, &|a, b| a + b, BLOCK, &mut add);
    let mut sum = add_all(simd, zero, &narrow);
    if x[0].len() >= WIDE {
        sum = add_all(simd, sum, &wide);
    }
    let sum = simd.sum(sum);
    if x[0].len() < BLOCK * WIDE { sum } else { T::from_f64(blocks + sum.to_f64()) }
}

/// `join`s `term(x[0][i], .., x[K - 1][i])` over all positions i; `neutral` is what `join` leaves
/// alone.
#[inline(always)]
pub(crate) fn reduce<T: Scalar, S: Simd<T>, const K: usize>(
    simd: S,
    x: [&[T]; K],
    neutral: T,
    term: impl Fn([T; K]) -> T,
    join: impl Fn(T, T) -> T,
) -> T {
    let (mut wide, narrow) = accumulators(x, neutral, &term, &join, usize::MAX, &mut |_| ());
    if x[0].len() >= WIDE {
        // Seeing how the lanes are joined below, the compiler would cut the loop over the row into
        // pairs to suit: measured 0.165 ns an element instead of 0.04.
        wide = opaque(simd, wide);
    }
    let halves: [T; NARROW] = from_fn(|i| join(narrow[i], join(wide[i], wide[i + NARROW])));
    let eighths: [T; 4] =
        from_fn(|i| join(join(halves[i], halves[i + 4]), join(halves[i + 8], halves[i + 12])));
    join(join(eighths[0], eighths[2]), join(eighths[1], eighths[3]))
}

/// The accumulators of the last whole chunks, and those of the rest; those of each `block` of chunks
/// before go `out`. The last few positions are cut into halves of vectors: filled up to a vector, they
/// would be stored one by one and loaded as one, which no processor forwards, so that it waits for all
/// before them.
#[inline(always)]
fn accumulators<T: Scalar, const K: usize>(
    x: [&[T]; K],
    neutral: T,
    term: &impl Fn([T; K]) -> T,
    join: &impl Fn(T, T) -> T,
    block: usize,
    out: &mut impl FnMut(&[T; WIDE]),
) -> ([T; WIDE], [T; NARROW]) {
    let (wide, rest) = accumulate([neutral; WIDE], x, term, join, block, out);
    let end = usize::MAX;
    let (mut narrow, rest) = accumulate([neutral; NARROW], rest, term, join, end, &mut |_| ());
    let (eight, rest) = accumulate([neutral; 8], rest, term, join, end, &mut |_| ());
    let (four, rest) = accumulate([neutral; 4], rest, term, join, end, &mut |_| ());
    for (lane, other) in narrow.iter_mut().zip(eight) {
        *lane = join(*lane, other);
    }
    for (lane, other) in narrow.iter_mut().zip(four) {
        *lane = join(*lane, other);
    }
    for i in 0..rest[0].len() {
        narrow[i] = join(narrow[i], term(rest.map(|x| x[i])));
    }
    (wide, narrow)
}

/// `sum` and all lanes, vector by vector.
#[inline(always)]
fn add_all<T: Scalar, S: Simd<T>, const N: usize>(
    simd: S,
    mut sum: S::Vector,
    lanes: &[T; N],
) -> S::Vector {
    const { assert!(N.is_multiple_of(S::LANES)) }
    for lanes in lanes.chunks_exact(S::LANES) {
        // SAFETY: the chunk has as many scalars as a vector.
        sum = simd.add(sum, unsafe { simd.load(lanes.as_ptr()) });
    }
    sum
}

/// The same lanes, of which the compiler knows nothing any more: they go through memory, as whole
/// vectors.
#[inline(always)]
fn opaque<T: Scalar, S: Simd<T>, const N: usize>(simd: S, mut lanes: [T; N]) -> [T; N] {
    const { assert!(N.is_multiple_of(S::LANES)) }
    for lanes in lanes.chunks_exact_mut(S::LANES) {
        // SAFETY: the chunk has as many scalars as a vector.
        unsafe { simd.store(lanes.as_mut_ptr(), black_box(simd.load(lanes.as_ptr()))) }
    }
    lanes
}

/// The largest of `x`, -inf if there is none. NaNs are passed over, which keeps it one instruction.
#[inline(always)]
pub(crate) fn max<T: Scalar, S: Simd<T>>(simd: S, x: &[T]) -> T {
    let join = |a, b| if b > a { b } else { a };
    reduce(simd, [x], T::from_f64(f64::NEG_INFINITY), |[x]| x, join)
}

/// Joins whole chunks of `N` into lanes that are `neutral` at first; those of a whole `block` of
/// chunks go `out`. Gives back the lanes of the others and what was left of `x`.
#[inline(always)]
fn accumulate<'a, T: Scalar, const K: usize, const N: usize>(
    neutral: [T; N],
    x: [&'a [T]; K],
    term: &impl Fn([T; K]) -> T,
    join: &impl Fn(T, T) -> T,
    block: usize,
    out: &mut impl FnMut(&[T; N]),
) -> ([T; N], [&'a [T]; K]) {
    let chunks = x.map(|x| x.as_chunks::<N>().0);
    let (mut done, count) = (0, chunks[0].len());
    let lanes = loop {
        let len = (count - done).min(block);
        let mut lanes = neutral;
        for c in done..done + len {
            let chunk = chunks.map(|chunks| &chunks[c]);
            for i in 0..N {
                lanes[i] = join(lanes[i], term(chunk.map(|chunk| chunk[i])));
            }
        }
        if len < block {
            break lanes;
        }
        out(&lanes);
        done += len;
    };
    (lanes, x.map(|x| x.as_chunks::<N>().1))
}

#[cfg(test)]
mod tests;
