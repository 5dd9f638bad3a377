//! The Newton-Schulz iteration, which makes a matrix nearly orthogonal by products only.

use crate::scalar::Scalar;

/// Keller Jordan's coefficients: the slope at zero is as large as possible, so that five iterations are enough to
/// bring all singular values to somewhere from 0.7 to 1.2.
const COEFFICIENTS: [f64; 3] = [3.4445, -4.7750, 2.0315];

/// Returns a matrix with the same singular vectors as a row-major one, and singular values near 1. `eps` is the
/// smallest norm by which it is divided.
pub(super) fn orthogonalize<T: Scalar>(
    matrix: Vec<T>,
    rows: usize,
    columns: usize,
    iterations: usize,
    eps: f64,
) -> Vec<T> {
    // the products are of the shorter side's size
    let is_tall = rows > columns;
    let (mut x, rows, columns) = match is_tall {
        true => (transposed(&matrix, rows, columns), columns, rows),
        false => (matrix, rows, columns),
    };
    let norm = x.iter().map(|x| x.to_f64() * x.to_f64()).sum::<f64>().sqrt();
    let scale = T::from_f64(1.0 / norm.max(eps));
    x.iter_mut().for_each(|x| *x *= scale);
    let [a, b, c] = COEFFICIENTS.map(T::from_f64);
    let (mut gram, mut square) = (vec![T::ZERO; rows * rows], vec![T::ZERO; rows * rows]);
    let mut product = vec![T::ZERO; rows * columns];
    for _ in 0..iterations {
        // X = a X + (b G + c G²) X, where G = X Xᵀ
        let turned = transposed(&x, rows, columns);
        T::matrix_product([rows, columns, rows], &x, &turned, &mut gram);
        T::matrix_product([rows, rows, rows], &gram, &gram, &mut square);
        for (square, gram) in square.iter_mut().zip(&gram) {
            *square = b * *gram + c * *square;
        }
        T::matrix_product([rows, rows, columns], &square, &x, &mut product);
        for (x, product) in x.iter_mut().zip(&product) {
            *x = a * *x + *product;
        }
    }
    if is_tall { transposed(&x, rows, columns) } else { x }
}

/// Returns the transpose of a row-major matrix.
fn transposed<T: Scalar>(matrix: &[T], rows: usize, columns: usize) -> Vec<T> {
    let mut to = vec![T::ZERO; matrix.len()];
    for (row, from) in matrix.chunks_exact(columns.max(1)).enumerate() {
        for (column, value) in from.iter().enumerate() {
            to[column * rows + row] = *value;
        }
    }
    to
}
