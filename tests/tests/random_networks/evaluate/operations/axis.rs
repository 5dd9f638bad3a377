//! Operations along any axis: as along the last, once that is where the axis is.

use super::{Operand, each, kernel, number};

/// A kernel along the axis of its text.
pub(super) fn along(
    text: &str,
    operands: &[Operand<'_>],
    shape: &[usize],
    training: bool,
) -> Vec<f64> {
    let axis = number(text, "axis") as usize + 1;
    let last = shape.len() - 1;
    let turned: Vec<Vec<f64>> = operands.iter().map(|operand| to_last(operand, axis)).collect();
    let operands: Vec<Operand<'_>> = operands
        .iter()
        .zip(&turned)
        .map(|(operand, values)| Operand { values, shape: moved(&operand.shape, axis) })
        .collect();
    let text = text.replace(&format!("axis: {}", axis - 1), &format!("axis: {}", last - 1));
    let result = kernel(&text, &operands, &moved(shape, axis), training);
    let result = Operand { values: &result, shape: moved(shape, axis) };
    each(shape, |index| result.at(&moved(index, axis)))
}

/// A tensor whose last axis is another's `axis`.
fn to_last(x: &Operand<'_>, axis: usize) -> Vec<f64> {
    each(&moved(&x.shape, axis), |index| {
        let mut index = index.to_vec();
        let along = index.pop().expect("an axis");
        index.insert(axis, along);
        x.at(&index)
    })
}

/// Sizes or an index with that of `axis` last.
fn moved(index: &[usize], axis: usize) -> Vec<usize> {
    let mut index = index.to_vec();
    let along = index.remove(axis);
    index.push(along);
    index
}
