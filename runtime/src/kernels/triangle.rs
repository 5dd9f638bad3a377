//! Triangular parts of matrices.

use crate::scalar::Scalar;

/// The elements of a matrix that are kept: row i and column j with j - i <= `diagonal` (`Lower`) or
/// j - i >= `diagonal` (`Upper`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Triangle {
    /// The elements on the diagonal and below.
    Lower {
        /// The offset of the diagonal above the main diagonal.
        diagonal: isize,
    },
    /// The elements on the diagonal and above.
    Upper {
        /// The offset of the diagonal above the main diagonal.
        diagonal: isize,
    },
}

impl Triangle {
    /// Returns the lower triangle of a matrix of which the first rows are left out, `first` of them.
    #[must_use]
    pub fn lower_from(first: usize) -> Self {
        Self::Lower { diagonal: first as isize }
    }
}

/// Sets all elements outside the triangle to `fill`, in each matrix `[rows, columns]` of `x`.
///
/// # Panics
/// If the length of `x` is not a multiple of the size of a matrix.
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

/// Like [`fill_outside`], with the result in `y`.
///
/// # Panics
/// If the slices differ in length, or their length is not a multiple of the size of a matrix.
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
