//! Slices with a step along an axis, forwards or backwards, and their gradients.

use super::Store;
use super::axis::Sizes;
use super::pitch::{AsRows, AsRowsMut};
use crate::scalar::Scalar;

/// The indices of a slice with a step along an axis.
#[derive(Clone, Copy, Debug)]
pub struct StridedSlice {
    /// The first index.
    pub first: usize,
    /// The distance between consecutive indices.
    pub step: usize,
    /// `true` if the indices decrease.
    pub reversed: bool,
    /// Number of indices.
    pub len: usize,
}

impl StridedSlice {
    #[inline(always)]
    fn place(self, index: usize) -> usize {
        let way = index * self.step;
        if self.reversed { self.first - way } else { self.first + way }
    }
}

/// `y[outer, steps, inner]` = `x[outer, n, inner]` at these indices of its middle axis.
///
/// # Panics
/// If an index is not on the axis, or a slice does not fit its shape.
#[inline(always)]
pub fn take<T: Scalar>(
    Sizes { outer, len: n, inner }: Sizes,
    steps: StridedSlice,
    x: &(impl AsRows<T> + ?Sized),
    y: &mut (impl AsRowsMut<T> + ?Sized),
) {
    let (x, y) = (x.as_rows(outer, n * inner), y.as_rows_mut(outer, steps.len * inner));
    for (x, y) in x.iter().zip(y.iter()) {
        for (index, y) in y.chunks_exact_mut(inner.max(1)).enumerate() {
            y.copy_from_slice(&x[steps.place(index) * inner..][..inner]);
        }
    }
}

/// Computes the gradient of [`take`]: adds `dy` to `dx` at these indices. With [`Store::Set`], `dx` is
/// cleared first.
///
/// # Panics
/// Those of [`take`].
#[inline(always)]
pub fn put<T: Scalar>(
    Sizes { outer, len: n, inner }: Sizes,
    steps: StridedSlice,
    dy: &(impl AsRows<T> + ?Sized),
    dx: &mut (impl AsRowsMut<T> + ?Sized),
    store: Store,
) {
    let (dy, dx) = (dy.as_rows(outer, steps.len * inner), dx.as_rows_mut(outer, n * inner));
    for (row, dx) in dx.iter().enumerate() {
        if store == Store::Set {
            dx.fill(T::ZERO);
        }
        let dy = dy.row(row);
        for (index, dy) in dy.chunks_exact(inner.max(1)).enumerate() {
            let dx = &mut dx[steps.place(index) * inner..][..inner];
            dx.iter_mut().zip(dy).for_each(|(dx, &dy)| *dx += dy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwards_and_backwards() {
        for (outer, inner) in [(1, 1), (3, 1), (2, 7)] {
            let n = 17;
            let x: Vec<f64> = (0..outer * n * inner).map(|i| i as f64).collect();
            for (first, step, reversed, len) in
                [(2, 3, false, 5), (16, 4, true, 5), (0, 1, false, 17)]
            {
                let steps = StridedSlice { first, step, reversed, len };
                let place = |i: usize| if reversed { first - i * step } else { first + i * step };
                let mut y = vec![0.0; outer * len * inner];
                take(Sizes { outer, len: n, inner }, steps, &x[..], &mut y[..]);
                for (at, y) in y.iter().enumerate() {
                    let (o, i, j) = (at / inner / len, at / inner % len, at % inner);
                    assert_eq!(*y, x[(o * n + place(i)) * inner + j]);
                }
                let before = vec![0.5; x.len()];
                for store in [Store::Set, Store::Add] {
                    let mut dx = before.clone();
                    put(Sizes { outer, len: n, inner }, steps, &y[..], &mut dx[..], store);
                    let kept = if store == Store::Add { 0.5 } else { 0.0 };
                    for (at, dx) in dx.iter().enumerate() {
                        let taken = (0..len).any(|i| place(i) == at / inner % n);
                        assert_eq!(*dx, kept + if taken { x[at] } else { 0.0 });
                    }
                }
            }
        }
    }
}
