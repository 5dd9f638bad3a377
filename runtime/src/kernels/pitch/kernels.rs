//! Compares kernels on rows with a pitch with the same kernels on contiguous rows.

use super::*;
use crate::kernels::axis::Sizes;
use crate::kernels::axis::cumsum::{cumsum, cumsum_in_place};
use crate::kernels::axis::logsumexp::{logsumexp, logsumexp_gradient};
use crate::kernels::axis::min_max::{MinMax, min_max, min_max_gradient, position};
use crate::kernels::axis::softmax as of_axis;
use crate::kernels::copy::copy_rows;
use crate::kernels::gather::{Lookup, gather_gradient, one_hot};
use crate::kernels::loss::{self, CrossEntropy};
use crate::kernels::reduce::{sum_axis, sum_columns};
use crate::kernels::strided_slice::{StridedSlice, put, take};
use crate::kernels::{Store, softmax as of_rows};
use crate::simd::Plain;

/// The value in the gaps between rows.
const BETWEEN: f64 = -77.5;
const GAP: usize = 3;

fn numbers(len: usize, seed: usize) -> Vec<f64> {
    (0..len).map(|i| (((i + seed * 31) * 7919 % 1009) as f64 - 504.0) / 60.0).collect()
}

/// Returns the same rows with gaps between them.
fn apart(x: &[f64], [rows, len]: [usize; 2]) -> Vec<f64> {
    let row = |row: usize| [&x[row * len..][..len], &[BETWEEN; GAP]].concat();
    (0..rows).flat_map(row).collect()
}

/// Runs a kernel on operands and a result of these shapes, once with contiguous rows and once with gaps,
/// and compares the results.
#[track_caller]
fn same<const K: usize>(
    operands: [[usize; 2]; K],
    result: [usize; 2],
    run: impl Fn([Pitched<'_, f64>; K], &mut PitchedMut<'_, f64>),
) {
    let numbers = |[rows, len]: [usize; 2], seed| numbers(rows * len, seed);
    let x: [Vec<f64>; K] = std::array::from_fn(|k| numbers(operands[k], k + 1));
    let mut expected = numbers(result, 0);
    let mut actual = apart(&expected, result);
    let operand = |k: usize| pitched(&x[k], operands[k][1]);
    run(std::array::from_fn(operand), &mut pitched_mut(&mut expected, result[1]));
    let x: [Vec<f64>; K] = std::array::from_fn(|k| apart(&x[k], operands[k]));
    let operand = |k: usize| pitched(&x[k], operands[k][1] + GAP);
    run(std::array::from_fn(operand), &mut pitched_mut(&mut actual, result[1] + GAP));
    assert_eq!(actual, apart(&expected, result));
}

const SHAPES: [[usize; 3]; 9] = [
    [1, 1, 1],
    [3, 7, 1],
    [33, 1, 1],
    [17, 33, 1],
    [7, 17, 1],
    [7, 1, 33],
    [3, 7, 17],
    [1, 17, 2],
    [2, 3, 65],
];

#[test]
fn softmax_and_its_logarithm() {
    for [outer, n, inner] in SHAPES {
        let sizes = Sizes { outer, len: n, inner };
        let whole = [outer, n * inner];
        same([whole], whole, |[x], y| of_axis::softmax(Plain, sizes, &x, y));
        same([whole], whole, |[x], y| of_axis::log_softmax(Plain, sizes, &x, y));
        same([], whole, |[], y| of_axis::softmax_in_place(Plain, sizes, y));
        for store in [Store::Set, Store::Add] {
            same([whole; 2], whole, |[y, dy], dx| {
                of_axis::softmax_gradient(Plain, sizes, &y, &dy, dx, store);
            });
            same([whole; 2], whole, |[y, dy], dx| {
                of_axis::log_softmax_gradient(Plain, sizes, &y, &dy, dx, store);
            });
        }
    }
}

#[test]
fn softmax_of_rows() {
    for [rows, n, _] in SHAPES {
        let whole = [rows, n];
        same([whole], whole, |[x], y| of_rows::softmax(Plain, rows, n, &x, y));
        same([whole], whole, |[x], y| of_rows::log_softmax(Plain, rows, n, &x, y));
        for store in [Store::Set, Store::Add] {
            same([whole; 2], whole, |[y, dy], dx| {
                of_rows::softmax_gradient(Plain, rows, n, &y, &dy, dx, store);
            });
            same([whole; 2], whole, |[y, dy], dx| {
                of_rows::log_softmax_gradient(Plain, rows, n, &y, &dy, dx, store);
            });
        }
    }
}

#[test]
fn sums() {
    for [outer, n, inner] in SHAPES {
        let sizes = Sizes { outer, len: n, inner };
        let (whole, reduced) = ([outer, n * inner], [outer, inner]);
        for store in [Store::Set, Store::Add] {
            same([whole], reduced, |[x], y| sum_axis(Plain, sizes, &x, y, store));
            same([whole], [1, n * inner], |[x], y| {
                let y = y.as_rows_mut(1, n * inner);
                y.iter().for_each(|y| sum_columns(Plain, outer, n * inner, &x, y, store));
            });
        }
        for reversed in [false, true] {
            same([whole], whole, |[x], y| cumsum(Plain, sizes, reversed, &x, y));
            same([], whole, |[], y| cumsum_in_place(Plain, sizes, reversed, y));
        }
    }
}

#[test]
fn other_reductions() {
    for [outer, n, inner] in SHAPES {
        let sizes = Sizes { outer, len: n, inner };
        let (whole, reduced) = ([outer, n * inner], [outer, inner]);
        same([whole], reduced, |[x], y| logsumexp(Plain, sizes, &x, y));
        for which in [MinMax::Max, MinMax::Min] {
            same([whole], reduced, |[x], y| min_max(Plain, which, sizes, &x, y));
            same([whole], reduced, |[x], y| position(Plain, which, sizes, &x, y));
        }
        for store in [Store::Set, Store::Add] {
            same([whole, reduced], whole, |[x, dy], dx| {
                logsumexp_gradient(Plain, sizes, &x, &dy, dx, store);
            });
            same([whole, reduced], whole, |[x, dy], dx| {
                let mut y = vec![0.0; outer * inner];
                min_max(Plain, MinMax::Max, sizes, &x, &mut y[..]);
                min_max_gradient(Plain, sizes, &x, &y[..], &dy, dx, store);
            });
        }
    }
}

#[test]
fn cross_entropy() {
    for [rows, classes, _] in SHAPES {
        let whole = [rows, classes];
        let targets: Vec<u32> = (0..rows).map(|row| (row * 5 % classes) as u32).collect();
        let options = CrossEntropy { label_smoothing: 0.2, ..CrossEntropy::default() };
        let e = numbers(rows * classes, 1).iter().map(|x| x.exp()).collect::<Vec<_>>();
        same([whole], whole, |[logits], e| {
            let mut own = vec![0.0; rows * classes];
            loss::exponentials(Plain, rows, classes, &logits, &mut own);
            e.as_rows_mut(rows, classes).copy_from(own.as_rows(rows, classes));
        });
        same([whole], [rows, 1], |[logits], losses| {
            let mut own = vec![0.0; rows];
            loss::cross_entropy(Plain, rows, classes, &logits, &e, &targets, &options, &mut own);
            losses.as_rows_mut(rows, 1).copy_from(own.as_rows(rows, 1));
        });
        same([whole], [rows, 1], |[logits], right| {
            let mut own = vec![0.0; rows];
            loss::accuracy_rows(rows, classes, &logits, &targets, &options, &mut own);
            right.as_rows_mut(rows, 1).copy_from(own.as_rows(rows, 1));
        });
        same([], whole, |[], d| {
            loss::cross_entropy_gradient(Plain, rows, classes, &e, &targets, &options, 0.5, d);
        });
    }
}

#[test]
fn lookups_and_copies() {
    for [rows, len, _] in SHAPES {
        let indices: Vec<u32> = (0..rows).map(|row| (row * 5 % 3) as u32).collect();
        let lookup = Lookup { each: rows, width: len, table: 0 };
        same([[rows, len]], [3, len], |[dy], dx| {
            let mut own = vec![0.0; 3 * len];
            gather_gradient(Plain, lookup, &indices, &dy, &mut own, Store::Add);
            copy_rows(3, len, &own[..], dx);
        });
        same([], [rows, 3], |[], y| one_hot(3, &indices, y));
        same([[rows, len]], [rows, len], |[x], y| copy_rows(rows, len, &x, y));
        let steps = StridedSlice { first: 2 * len, step: 2, reversed: true, len: len + 1 };
        let sizes = Sizes { outer: rows, len: 2 * len + 1, inner: 3 };
        let (few, many) = ([rows, 3 * (len + 1)], [rows, 3 * (2 * len + 1)]);
        same([many], few, |[x], y| take(sizes, steps, &x, y));
        for store in [Store::Set, Store::Add] {
            same([few], many, |[dy], dx| put(sizes, steps, &dy, dx, store));
        }
    }
}
