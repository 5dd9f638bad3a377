//! Reductions in several accumulators: float additions may not be reordered by the compiler, so
//! that a single accumulator would wait for each addition in turn and never become a vector.

use crate::scalar::Scalar;
use crate::simd::Simd;
use std::array::from_fn;
use std::hint::black_box;

/// Accumulators of a long reduction: four AVX2 or two AVX-512 vectors of `f32`.
const WIDE: usize = 32;
/// Accumulators of a short one and of what is left, one AVX2 vector of `f32`.
const NARROW: usize = 8;

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
    let (mut wide, rest) = accumulate([neutral; WIDE], x, &term, &join);
    if x[0].len() >= WIDE {
        // Seeing how the lanes are joined below, the compiler would cut the loop above into pairs
        // to suit. Lanes that go through memory here are vectors of full width: measured 0.04 ns
        // an element of a sum instead of 0.165.
        wide = opaque(simd, wide);
    }
    let narrow: [T; NARROW] =
        from_fn(|i| join(join(wide[i], wide[i + 8]), join(wide[i + 16], wide[i + 24])));
    let (mut lanes, rest) = accumulate(narrow, rest, &term, &join);
    if !rest[0].is_empty() {
        // Filled up, the last few cost one vector and not as many scalars.
        let n = rest[0].len();
        let last: [[T; NARROW]; K] = rest.map(|x| from_fn(|i| if i < n { x[i] } else { T::ZERO }));
        for (i, lane) in lanes.iter_mut().enumerate() {
            let term = term(last.each_ref().map(|x| x[i]));
            *lane = join(*lane, if i < n { term } else { neutral });
        }
    }
    let quads: [T; 4] = from_fn(|i| join(lanes[i], lanes[i + 4]));
    join(join(quads[0], quads[2]), join(quads[1], quads[3]))
}

/// The same lanes, of which the compiler knows nothing any more. They go through memory as whole
/// vectors: scalars that are stored one by one and loaded as a vector would wait for all before
/// them.
#[inline(always)]
fn opaque<T: Scalar, S: Simd<T>>(simd: S, lanes: [T; WIDE]) -> [T; WIDE] {
    let mut out = lanes;
    const { assert!(WIDE.is_multiple_of(S::LANES)) }
    for at in (0..WIDE).step_by(S::LANES) {
        // SAFETY: the lanes are a multiple of those of a vector.
        unsafe {
            let vector = black_box(simd.load(lanes.as_ptr().add(at)));
            simd.store(out.as_mut_ptr().add(at), vector);
        }
    }
    out
}

/// The sum of `term(x[0][i], .., x[K - 1][i])` over all positions.
#[inline(always)]
pub(crate) fn sum<T: Scalar, S: Simd<T>, const K: usize>(
    simd: S,
    x: [&[T]; K],
    term: impl Fn([T; K]) -> T,
) -> T {
    reduce(simd, x, T::ZERO, term, |a, b| a + b)
}

/// The largest of `x`, -inf if there is none. NaNs are passed over, which keeps it one instruction.
#[inline(always)]
pub(crate) fn max<T: Scalar, S: Simd<T>>(simd: S, x: &[T]) -> T {
    let join = |a, b| if b > a { b } else { a };
    reduce(simd, [x], T::from_f64(f64::NEG_INFINITY), |[x]| x, join)
}

/// Joins whole chunks of `N` into `lanes`; gives back the lanes and what was left of `x`.
#[inline(always)]
fn accumulate<'a, T: Scalar, const K: usize, const N: usize>(
    mut lanes: [T; N],
    x: [&'a [T]; K],
    term: &impl Fn([T; K]) -> T,
    join: &impl Fn(T, T) -> T,
) -> ([T; N], [&'a [T]; K]) {
    let chunks = x.map(|x| x.as_chunks::<N>().0);
    for c in 0..chunks[0].len() {
        let chunk = chunks.map(|chunks| &chunks[c]);
        for i in 0..N {
            lanes[i] = join(lanes[i], term(chunk.map(|chunk| chunk[i])));
        }
    }
    (lanes, x.map(|x| x.as_chunks::<N>().1))
}

#[cfg(test)]
mod tests;
