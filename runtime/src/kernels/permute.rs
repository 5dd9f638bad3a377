//! Permutations of axes, by copying.

use crate::scalar::Scalar;

/// An axis of the result of a permutation.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// Its size.
    pub size: usize,
    /// Its stride in the operand, in scalars.
    pub stride: usize,
}

/// Number of rows and columns of a block that is transposed together: its cache lines stay in the L1
/// cache.
const BLOCK: usize = 16;

/// Copies `x` to `y`, where `axes` are the axes of `y`, outermost first. `y` is written sequentially.
///
/// # Panics
/// If an axis exceeds its slice.
#[inline]
pub fn permute<T: Scalar>(axes: &[Axis], x: &[T], y: &mut [T]) {
    let Some((last, outer)) = axes.split_last() else {
        return y.copy_from_slice(&x[..1]);
    };
    // an axis along which x is contiguous: together with the last axis it forms a transposition
    match outer.iter().position(|axis| axis.stride == 1) {
        Some(at) if last.stride != 1 => transposed(outer, at, *last, x, y),
        _ => rows(outer, *last, x, y),
    }
}

/// Copies row by row of the result.
fn rows<T: Scalar>(outer: &[Axis], last: Axis, x: &[T], y: &mut [T]) {
    if let Some((first, inner)) = outer.split_first() {
        let len = y.len() / first.size.max(1);
        for (i, y) in y.chunks_exact_mut(len.max(1)).enumerate() {
            rows(inner, last, &x[i * first.stride..], y);
        }
    } else if last.stride == 1 {
        y.copy_from_slice(&x[..last.size]);
    } else {
        for (i, y) in y.iter_mut().enumerate() {
            *y = x[i * last.stride];
        }
    }
}

/// Transposes axis `at` of `outer` and the axis `last` block by block, for each index of the other axes.
fn transposed<T: Scalar>(outer: &[Axis], at: usize, last: Axis, x: &[T], y: &mut [T]) {
    let (before, rest) = outer.split_at(at);
    if let Some((first, _)) = before.split_first() {
        let len = y.len() / first.size.max(1);
        for (i, y) in y.chunks_exact_mut(len.max(1)).enumerate() {
            transposed(&outer[1..], at - 1, last, &x[i * first.stride..], y);
        }
        return;
    }
    let row = y.len() / rest[0].size.max(1);
    for top in (0..rest[0].size).step_by(BLOCK) {
        let end = (top + BLOCK).min(rest[0].size);
        block(&rest[1..], last, (top, end), x, (y, row, 0));
    }
}

/// Copies rows `top..end` of a transposition, for each index of the axes `between` its two.
fn block<T: Scalar>(
    between: &[Axis],
    last: Axis,
    (top, end): (usize, usize),
    x: &[T],
    (y, row, offset): (&mut [T], usize, usize),
) {
    if let Some((first, inner)) = between.split_first() {
        let len = inner.iter().fold(last.size, |len, axis| len * axis.size);
        for i in 0..first.size {
            let part = (&mut *y, row, offset + i * len);
            block(inner, last, (top, end), &x[i * first.stride..], part);
        }
        return;
    }
    for left in (0..last.size).step_by(BLOCK) {
        let columns = left..(left + BLOCK).min(last.size);
        for i in top..end {
            let y = &mut y[i * row + offset..][columns.clone()];
            for (j, y) in columns.clone().zip(y) {
                *y = x[i + j * last.stride];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_of_four_axes() {
        for shape in [[1, 7, 17, 3], [2, 33, 1, 20], [3, 2, 5, 7]] {
            let len = shape.iter().product();
            let x: Vec<f32> = (0..len).map(|i| i as f32).collect();
            let stride = |axis: usize| shape[axis + 1..].iter().product::<usize>();
            for order in (0..256).map(|i| [i / 64, i / 16 % 4, i / 4 % 4, i % 4]) {
                if (0..4).any(|axis| !order.contains(&axis)) {
                    continue;
                }
                let axes = order.map(|axis| Axis { size: shape[axis], stride: stride(axis) });
                let mut y = vec![-1.0; len];
                permute(&axes, &x, &mut y);
                for (i, y) in y.iter().enumerate() {
                    let (mut rest, mut at) = (i, 0);
                    for axis in axes.iter().rev() {
                        at += rest % axis.size * axis.stride;
                        rest /= axis.size;
                    }
                    assert_eq!(*y, x[at], "{shape:?} {order:?} [{i}]");
                }
            }
        }
        let mut y = [0.0];
        permute(&[], &[3.0_f64], &mut y);
        assert_eq!(y, [3.0]);
    }
}
