//! One triangle of matrices, with something else in the other.

use crate::scalar::Scalar;

/// Which elements stay: row i and column j with j - i up to `diagonal`, or from it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Triangle {
    /// On the diagonal and below.
    Lower {
        /// How far above the main diagonal.
        diagonal: isize,
    },
    /// On the diagonal and above.
    Upper {
        /// How far above the main diagonal.
        diagonal: isize,
    },
}

/// Puts `fill` into what is not of the triangle, in each matrix `[rows, columns]` of `x`.
///
/// # Panics
/// When `x` is no whole number of matrices.
#[inline(always)]
pub fn fill_outside<T: Scalar>(
    triangle: Triangle,
    rows: usize,
    columns: usize,
    fill: f64,
    x: &mut [T],
) {
    let fill = T::from_f64(fill);
    assert_eq!(x.len() % (rows * columns).max(1), 0);
    for (row, x) in x.chunks_exact_mut(columns.max(1)).enumerate() {
        // the column at which the triangle ends or begins
        let border = |diagonal: isize| {
            let column = (row % rows).saturating_add_signed(diagonal);
            let before = (row % rows).checked_add_signed(diagonal).is_none();
            if before { 0 } else { column.min(columns) }
        };
        match triangle {
            Triangle::Lower { diagonal } => x[border(diagonal.saturating_add(1))..].fill(fill),
            Triangle::Upper { diagonal } => x[..border(diagonal)].fill(fill),
        }
    }
}

/// [`fill_outside`] of a copy.
///
/// # Panics
/// When the slices differ in length, or are no whole number of matrices.
#[inline(always)]
pub fn triangle<T: Scalar>(
    triangle: Triangle,
    rows: usize,
    columns: usize,
    fill: f64,
    x: &[T],
    y: &mut [T],
) {
    y.copy_from_slice(x);
    fill_outside(triangle, rows, columns, fill, y);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_diagonal() {
        for (rows, columns) in [(1, 1), (7, 7), (3, 17), (17, 3)] {
            let x: Vec<f32> = (0..2 * rows * columns).map(|i| i as f32).collect();
            for diagonal in -20..20 {
                for (which, lower) in
                    [(Triangle::Lower { diagonal }, true), (Triangle::Upper { diagonal }, false)]
                {
                    let mut y = vec![0.0; x.len()];
                    triangle(which, rows, columns, -1.0, &x, &mut y);
                    for (at, y) in y.iter().enumerate() {
                        let (i, j) = (at / columns % rows, at % columns);
                        let distance = j as isize - i as isize;
                        let stays = if lower { distance <= diagonal } else { distance >= diagonal };
                        assert_eq!(*y, if stays { x[at] } else { -1.0 }, "{which:?} [{i}, {j}]");
                    }
                }
            }
        }
    }
}
