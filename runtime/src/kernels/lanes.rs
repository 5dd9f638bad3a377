//! Reductions in several accumulators: float additions may not be reordered by the compiler, so
//! that a single accumulator would wait for each addition in turn and never become a vector.

use crate::scalar::Scalar;
use std::array::from_fn;

/// Accumulators of a long reduction: four AVX2 or two AVX-512 vectors of `f32`.
const WIDE: usize = 32;
/// Accumulators for what is left, one AVX2 vector of `f32`, so that short rows gain too.
const NARROW: usize = 8;

/// `join`s `term(x[0][i], .., x[K - 1][i])` over all positions i, beginning from `identity`.
#[inline(always)]
pub(crate) fn reduce<T: Scalar, const K: usize>(
    x: [&[T]; K],
    identity: T,
    term: impl Fn([T; K]) -> T,
    join: impl Fn(T, T) -> T,
) -> T {
    let (mut wide, rest) = accumulate([identity; WIDE], x, &term, &join);
    fold(&mut wide, NARROW, &join);
    let (mut narrow, rest) = accumulate(from_fn::<_, NARROW, _>(|i| wide[i]), rest, &term, &join);
    fold(&mut narrow, 1, &join);
    let mut whole = narrow[0];
    for i in 0..rest[0].len() {
        whole = join(whole, term(rest.map(|x| x[i])));
    }
    whole
}

/// The sum of `term(x[0][i], .., x[K - 1][i])` over all positions.
#[inline(always)]
pub(crate) fn sum<T: Scalar, const K: usize>(x: [&[T]; K], term: impl Fn([T; K]) -> T) -> T {
    reduce(x, T::ZERO, term, |a, b| a + b)
}

/// The largest of `x`, -inf if there is none. NaNs are passed over, which keeps it one instruction.
#[inline(always)]
pub(crate) fn max<T: Scalar>(x: &[T]) -> T {
    let join = |a, b| if b > a { b } else { a };
    reduce([x], T::from_f64(f64::NEG_INFINITY), |[x]| x, join)
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

/// Joins the upper half of `lanes` into the lower until `width` are left.
#[inline(always)]
fn fold<T: Scalar, const N: usize>(lanes: &mut [T; N], width: usize, join: &impl Fn(T, T) -> T) {
    let mut half = N / 2;
    while half >= width {
        for i in 0..half {
            lanes[i] = join(lanes[i], lanes[i + half]);
        }
        half /= 2;
    }
}
