//! Operations along an axis: moves the axis to the end, and computes rows.

use super::{Operand, each, number};

/// A function of the rows of operands.
type OfRows = fn(&[Operand<'_>]) -> Vec<f64>;

/// Computes a kernel along the axis in its text; `None` if it is another kernel.
pub(super) fn along(
    name: &str,
    text: &str,
    operands: &[Operand<'_>],
    shape: &[usize],
) -> Option<Vec<f64>> {
    let of_rows = of_rows(name, text)?;
    let axis = number(text, "axis") as usize + 1;
    let turned: Vec<Vec<f64>> = operands.iter().map(|operand| to_last(operand, axis)).collect();
    let operands: Vec<Operand<'_>> = operands
        .iter()
        .zip(&turned)
        .map(|(operand, values)| Operand { values, shape: moved(&operand.shape, axis) })
        .collect();
    let result = Operand { values: &of_rows(&operands), shape: moved(shape, axis) };
    Some(each(shape, |index| result.at(&moved(index, axis))))
}

fn of_rows(name: &str, text: &str) -> Option<OfRows> {
    Some(match name {
        "Softmax" => |x| x[0].rows().flat_map(softmax).collect(),
        "LogSoftmax" => |x| x[0].rows().flat_map(log_softmax).collect(),
        "SoftmaxGradient" => |x| {
            row_pairs(x, |y, dy| {
                let mean: f64 = y.iter().zip(dy).map(|(y, dy)| y * dy).sum();
                y.iter().zip(dy).map(|(y, dy)| y * (dy - mean)).collect()
            })
        },
        "LogSoftmaxGradient" => |x| {
            row_pairs(x, |y, dy| {
                let sum: f64 = dy.iter().sum();
                y.iter().zip(dy).map(|(y, dy)| dy - y.exp() * sum).collect()
            })
        },
        "MinMax" if text.contains("side: Max") => {
            |x| x[0].rows().map(|x| x.iter().fold(f64::MIN, |a, b| a.max(*b))).collect()
        }
        "MinMax" => |x| x[0].rows().map(|x| x.iter().fold(f64::MAX, |a, b| a.min(*b))).collect(),
        "MinMaxGradient" => |x| {
            let rows = x[0].rows().zip(x[1].values).zip(x[2].values);
            rows.flat_map(|((x, y), dy)| {
                let first = x.iter().position(|x| x == y);
                (0..x.len()).map(move |i| if Some(i) == first { *dy } else { 0.0 })
            })
            .collect()
        },
        "LogSumExp" => {
            |x| x[0].rows().map(|x| x.iter().map(|x| x.exp()).sum::<f64>().ln()).collect()
        }
        "Norm" => |x| x[0].rows().map(|x| x.iter().map(|x| x * x).sum::<f64>().sqrt()).collect(),
        "LogSumExpGradient" => {
            |x| row_pairs(x, |x, dy| softmax(x).into_iter().map(|share| share * dy[0]).collect())
        }
        "Cumsum" if text.contains("reversed: true") => {
            |x| x[0].rows().flat_map(|x| (0..x.len()).map(|i| x[i..].iter().sum())).collect()
        }
        "Cumsum" => {
            |x| x[0].rows().flat_map(|x| (0..x.len()).map(|i| x[..=i].iter().sum())).collect()
        }
        _ => return None,
    })
}

pub(super) fn softmax(row: &[f64]) -> Vec<f64> {
    log_softmax(row).into_iter().map(f64::exp).collect()
}

pub(super) fn log_softmax(row: &[f64]) -> Vec<f64> {
    let sum: f64 = row.iter().map(|x| x.exp()).sum();
    row.iter().map(|x| x - sum.ln()).collect()
}

fn row_pairs(operands: &[Operand<'_>], f: impl Fn(&[f64], &[f64]) -> Vec<f64>) -> Vec<f64> {
    operands[0].rows().zip(operands[1].rows()).flat_map(|(a, b)| f(a, b)).collect()
}

/// Moves `axis` to the end of a tensor.
fn to_last(x: &Operand<'_>, axis: usize) -> Vec<f64> {
    each(&moved(&x.shape, axis), |index| {
        let mut index = index.to_vec();
        let along = index.pop().expect("an axis");
        index.insert(axis, along);
        x.at(&index)
    })
}

/// Moves the size or index of `axis` to the end.
fn moved(index: &[usize], axis: usize) -> Vec<usize> {
    let mut index = index.to_vec();
    let along = index.remove(axis);
    index.push(along);
    index
}
