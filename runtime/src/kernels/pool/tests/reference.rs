//! The operations as plain loops: each output is a sum of shares of inputs.

use super::Operation;
use crate::kernels::pool::resize::Mode;
use crate::kernels::pool::{Pool, Resize};
use crate::scalar::Scalar;

/// Returns the outputs, and the gradients of the inputs.
pub fn run<T: Scalar>(
    operation: &Operation,
    planes: usize,
    x: &[T],
    dy: &[T],
) -> (Vec<f64>, Vec<f64>) {
    let (pixels, outputs) = (x.len() / planes, dy.len() / planes);
    let (mut y, mut dx) = (vec![0.0; dy.len()], vec![0.0; x.len()]);
    for plane in 0..planes {
        let x: Vec<f64> = x[plane * pixels..][..pixels].iter().map(|x| x.to_f64()).collect();
        for output in 0..outputs {
            let at = plane * outputs + output;
            let shares = shares(operation, &x, output);
            y[at] = shares.iter().map(|(from, share)| share * x[*from]).sum();
            if let (Operation::Max(_), true) = (operation, shares.is_empty()) {
                y[at] = f64::NEG_INFINITY;
            }
            for (from, share) in shares {
                dx[plane * pixels + from] += share * dy[at].to_f64();
            }
        }
    }
    (y, dx)
}

/// Returns the inputs that an output consists of, and their shares.
fn shares(operation: &Operation, x: &[f64], output: usize) -> Vec<(usize, f64)> {
    match operation {
        Operation::Max(pool) => {
            let mut best: Option<usize> = None;
            for at in elements(pool, output) {
                if best.is_none_or(|best| x[at] > x[best] || x[at].is_nan()) {
                    best = Some(at);
                }
            }
            best.map(|at| (at, 1.0)).into_iter().collect()
        }
        Operation::Average(pool) => {
            let inside = elements(pool, output);
            let [row, column] = [output / pool.output[1], output % pool.output[1]];
            let counted = |axis: usize, window: usize| {
                let first = window * pool.stride[axis];
                let padded = pool.size[axis] + pool.padding[axis][0] + pool.padding[axis][1];
                (first..first + pool.kernel[axis]).filter(|place| *place < padded).count()
            };
            let padded = counted(0, row) * counted(1, column);
            let count = if pool.count_padding { padded } else { inside.len() };
            let divisor = pool.divisor.unwrap_or(count) as f64;
            inside.into_iter().map(|at| (at, 1.0 / divisor)).collect()
        }
        Operation::Adaptive(pool) => {
            let ([height, width], size) = (pool.output, pool.size);
            let range = |at: usize, size: usize, parts: usize| {
                let exact = size as f64 / parts as f64;
                (at as f64 * exact + 1e-9) as usize
                    ..((at + 1) as f64 * exact - 1e-9).ceil() as usize
            };
            let rows = range(output / width, size[0], height);
            let columns = range(output % width, size[1], width);
            let share = 1.0 / (rows.len() * columns.len()) as f64;
            rows.flat_map(|row| columns.clone().map(move |column| (row * size[1] + column, share)))
                .collect()
        }
        Operation::Resize(resize) => {
            let [rows, columns] = [(0, output / resize.output[1]), (1, output % resize.output[1])]
                .map(|(axis, position)| places(resize, axis, position));
            let mut shares = Vec::new();
            for (row, a) in rows {
                shares.extend(columns.map(|(column, b)| (row * resize.size[1] + column, a * b)));
            }
            shares
        }
    }
}

/// Returns the two rows or columns that make one of the output, and their shares.
fn places(resize: &Resize, axis: usize, position: usize) -> [(usize, f64); 2] {
    let (last, step) = (resize.size[axis] - 1, resize.step[axis]);
    let place = match resize.mode {
        Mode::Nearest => {
            return [((position as f32 * step as f32) as usize, 1.0), (0, 0.0)]
                .map(|(at, share)| (at.min(last), share));
        }
        Mode::Bilinear { align_corners: true } => position as f64 * step,
        Mode::Bilinear { align_corners: false } => ((position as f64 + 0.5) * step - 0.5).max(0.0),
    };
    let share = place.fract();
    [(place as usize, 1.0 - share), (place as usize + 1, share)]
        .map(|(at, share)| (at.min(last), share))
}

/// Returns the places of the elements of a window that are inside the image.
fn elements(pool: &Pool, output: usize) -> Vec<usize> {
    let mut places = Vec::new();
    let first = [output / pool.output[1], output % pool.output[1]];
    for row in 0..pool.kernel[0] {
        for column in 0..pool.kernel[1] {
            let place = |axis: usize, element: usize| {
                let place = first[axis] * pool.stride[axis] + element * pool.dilation[axis];
                place.checked_sub(pool.padding[axis][0]).filter(|place| *place < pool.size[axis])
            };
            if let (Some(row), Some(column)) = (place(0, row), place(1, column)) {
                places.push(row * pool.size[1] + column);
            }
        }
    }
    places
}
