//! Products over labelled axes, permutations, lookups, and slices with a step.

use super::{Operand, each, list, number};

/// Computes a kernel of this kind, if it is one.
pub(super) fn of_moves(
    name: &str,
    text: &str,
    operands: &[Operand<'_>],
    shape: &[usize],
) -> Option<Vec<f64>> {
    Some(match name {
        "Contract" => contract(text, operands, shape),
        "Permute" => {
            let axes = list(text, "axes");
            each(shape, |index| {
                let mut from = index.to_vec();
                axes.iter().enumerate().for_each(|(to, axis)| from[axis + 1] = index[to + 1]);
                operands[0].at(&from)
            })
        }
        "Pad" => {
            let (axis, before) = (number(text, "axis") as usize + 1, number(text, "before"));
            each(shape, |index| {
                let mut inside = index.to_vec();
                match inside[axis].checked_sub(before as usize) {
                    Some(at) if at < operands[0].shape[axis] => {
                        inside[axis] = at;
                        operands[0].at(&inside)
                    }
                    _ => 0.0,
                }
            })
        }
        "StridedSlice" => {
            let (axis, place) = steps(text);
            each(shape, |index| {
                let mut index = index.to_vec();
                index[axis] = place(index[axis]);
                operands[0].at(&index)
            })
        }
        "StridedSliceGrad" => {
            let (axis, place) = steps(text);
            let len = operands[0].shape[axis];
            each(shape, |index| {
                let at = (0..len).find(|at| place(*at) == index[axis]);
                let mut index = index.to_vec();
                at.map_or(0.0, |at| {
                    index[axis] = at;
                    operands[0].at(&index)
                })
            })
        }
        "Triangle" => {
            let (upper, diagonal) = (text.contains("upper: true"), number(text, "diagonal"));
            let fill = if text.contains("fill: -inf") { f64::NEG_INFINITY } else { 0.0 };
            let last = shape.len() - 1;
            each(shape, |index| {
                let beyond = index[last] as f64 - index[last - 1] as f64 - diagonal;
                let inside = if upper { beyond >= 0.0 } else { beyond <= 0.0 };
                if inside { operands[0].at(index) } else { fill }
            })
        }
        "Range" => each(shape, |index| index[1] as f64),
        "ToReal" => operands[0].values.to_vec(),
        "Gather" => {
            let rows = operands[1].values.iter();
            let table: Vec<_> = operands[0].rows().collect();
            rows.flat_map(|row| table[*row as usize].to_vec()).collect()
        }
        "GatherGradient" => {
            let mut gradient = vec![0.0; shape.iter().product()];
            let width = *shape.last().unwrap();
            for (row, dy) in operands[0].values.iter().zip(operands[1].rows()) {
                let row = &mut gradient[*row as usize * width..][..width];
                row.iter_mut().zip(dy).for_each(|(sum, dy)| *sum += dy);
            }
            gradient
        }
        // scratch memory, which no operation here uses
        "OutBuffer" => vec![0.0; shape.iter().product()],
        _ => return None,
    })
}

/// Returns the axis of a slice with steps, and the place of each of its indices in the whole.
fn steps(text: &str) -> (usize, impl Fn(usize) -> usize + use<>) {
    let [axis, first, step] = ["axis", "first", "step"].map(|field| number(text, field) as usize);
    let reversed = text.contains("reversed: true");
    let place = move |at: usize| if reversed { first - at * step } else { first + at * step };
    (axis + 1, place)
}

/// Computes a product that is summed over the labels that the result does not have. Where operands
/// have samples and the result has none, it is summed over these too.
fn contract(text: &str, operands: &[Operand<'_>], shape: &[usize]) -> Vec<f64> {
    let labels = text.split_once("labels: [").expect("labels").1;
    let labels = labels.split_once("]]").expect("their end").0;
    let labels: Vec<Vec<Option<usize>>> = labels
        .split("], [")
        .map(|axes| {
            let axes = axes.trim_matches(['[', ']']).split(", ").filter(|axis| !axis.is_empty());
            let label = |axis: &str| axis.strip_prefix("Some(")?.strip_suffix(')')?.parse().ok();
            axes.map(label).collect()
        })
        .collect();
    const SAMPLE: usize = 100;
    // the range of every label
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for (operand, labels) in operands.iter().zip(&labels) {
        let batch = (operand.shape[0] > 1).then_some(SAMPLE);
        for (label, size) in std::iter::once(&batch).chain(labels).zip(&operand.shape) {
            if let Some(label) = label
                && !ranges.iter().any(|(known, _)| known == label)
            {
                ranges.push((*label, *size));
            }
        }
    }
    let sizes: Vec<usize> = ranges.iter().map(|(_, size)| *size).collect();
    let mut sums = vec![0.0; shape.iter().product()];
    each(&sizes, |at| {
        let of = |label: &Option<usize>| {
            let place = ranges.iter().position(|(known, _)| Some(*known) == *label);
            place.map_or(0, |place| at[place])
        };
        let index = |sizes: &[usize], labels: &[Option<usize>]| -> Vec<usize> {
            let batch = if sizes[0] > 1 { of(&Some(SAMPLE)) } else { 0 };
            std::iter::once(batch).chain(labels.iter().map(of)).collect()
        };
        let factors = operands.iter().zip(&labels);
        let product: f64 = factors.map(|(x, labels)| x.at(&index(&x.shape, labels))).product();
        let to = index(shape, &labels[2]);
        sums[to.iter().zip(shape).fold(0, |place, (i, size)| place * size + i)] += product;
        0.0
    });
    sums
}
