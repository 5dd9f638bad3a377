//! Cross entropy of the logits of a linear layer, as it is compiled with the library.

use super::{Gradients, Head, Operands, Results, Scale};
use crate::kernels::Store;
use crate::kernels::dense::{self, Product, Shape, Strided};
use crate::kernels::lanes::sum_all;
use crate::kernels::loss::compiled::{Shifted, row_gradient};
use crate::kernels::loss::{Smoothing, accuracy_rows};
use crate::kernels::softmax::{exponentials, ln_sum, shift, sum_of_exponentials};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// See [`linear_cross_entropy`](super::linear_cross_entropy()).
#[inline(always)]
pub(in crate::kernels) fn linear_cross_entropy<T: Scalar, S: Simd<T>>(
    simd: S,
    head: &Head,
    operands: &Operands<'_, T>,
    mut results: Results<'_, T>,
    scratch: &mut [T],
) {
    let Head { rows, inputs, classes, .. } = *head;
    let &Operands { x, weight, bias, targets, options } = operands;
    check(head, operands, &results);
    if rows == 0 {
        return;
    }
    let most = scratch.len() / classes.max(1);
    assert!(most > 0, "{} scalars of scratch for {classes} classes", scratch.len());
    let smoothing = options.smoothing(classes);
    let blocks = rows.div_ceil(most);
    let height = rows.div_ceil(blocks);
    for top in (0..rows).step_by(height) {
        let count = height.min(rows - top);
        let block = Head { rows: count, ..*head };
        let (x, targets) = (&x[top * inputs..][..count * inputs], &targets[top..][..count]);
        let logits = &mut scratch[..count * classes];
        block.logits(simd, x, weight, bias, logits);
        if let Some((right, options)) = &mut results.right {
            let right = &mut right[top..][..count];
            accuracy_rows(count, classes, logits, targets, options, right);
        }
        for (index, (row, &target)) in logits.chunks_exact_mut(classes).zip(targets).enumerate() {
            let scale = results.gradients.as_ref().map(|gradients| match gradients.scale {
                Scale::All(scale) => scale,
                Scale::Rows(scales) => scales[top + index],
            });
            let loss = row_loss(simd, &smoothing, target, scale, row);
            if let Some(losses) = &mut results.losses {
                losses[top + index] = loss;
            }
        }
        if let Some(gradients) = &mut results.gradients {
            block.gradients(simd, x, weight, logits, top, gradients);
        }
    }
}

/// Returns the loss of a row of logits. With the gradient `scale` of the loss, the row becomes its gradient.
#[inline(always)]
fn row_loss<T: Scalar, S: Simd<T>>(
    simd: S,
    smoothing: &Smoothing<'_, T>,
    target: u32,
    scale: Option<T>,
    row: &mut [T],
) -> T {
    if smoothing.options.ignores(target) {
        if scale.is_some() {
            row.fill(T::ZERO);
        }
        return T::ZERO;
    }
    let shift = shift(simd, row);
    let shifted = Shifted::new(simd, smoothing, row, target, shift);
    let Some(scale) = scale else {
        return shifted.loss(ln_sum(simd, sum_of_exponentials(simd, row, shift)));
    };
    exponentials(simd, row.len(), row, |_, _| ());
    let sum = sum_all(simd, row);
    row_gradient(smoothing, target, scale, sum, row);
    shifted.loss(ln_sum(simd, sum))
}

impl Head {
    fn shape(&self) -> Shape {
        let &Self { rows, inputs, classes, .. } = self;
        Shape { rows, inputs, outputs: classes }
    }

    /// Computes the logits.
    #[inline(always)]
    fn logits<T: Scalar, S: Simd<T>>(
        &self,
        simd: S,
        x: &[T],
        weight: &[T],
        bias: Option<&[T]>,
        logits: &mut [T],
    ) {
        match self.transposed {
            true => dense::forward_transposed(simd, self.shape(), x, weight, bias, logits),
            false => dense::forward(simd, self.shape(), x, weight, bias, logits),
        }
    }

    /// Adds the share of the rows from `top` on to the gradients, from that of their logits.
    #[inline(always)]
    fn gradients<T: Scalar, S: Simd<T>>(
        &self,
        simd: S,
        x: &[T],
        weight: &[T],
        d: &[T],
        top: usize,
        gradients: &mut Gradients<'_, T>,
    ) {
        let &Self { rows, inputs, classes, transposed } = self;
        let turned = Shape { rows, inputs: classes, outputs: inputs };
        if let Some((dx, store)) = &mut gradients.x {
            let dx = &mut dx[top * inputs..][..rows * inputs];
            match transposed {
                true => {
                    // the weights are read as they lie
                    let d = Strided { data: d, strides: [classes, 1] };
                    let weight = Strided { data: weight, strides: [inputs, 1] };
                    let sizes = [rows, classes, inputs];
                    simd.product(Product::strided(sizes, d, weight, dx, inputs, *store));
                }
                false => dense::input_gradient(simd, self.shape(), d, weight, dx, *store),
            }
        }
        let later = top > 0;
        if let Some((dw, store)) = &mut gradients.weight {
            let ((left, right), shape) = match transposed {
                true => ((d, x), turned),
                false => ((x, d), self.shape()),
            };
            dense::weight_gradient(simd, shape, left, right, dw, store.after(later));
        }
        if let Some((db, store)) = &mut gradients.bias {
            dense::bias_gradient(simd, rows, classes, d, db, store.after(later));
        }
    }
}

/// Checks the lengths of all slices.
#[inline(always)]
fn check<T>(head: &Head, operands: &Operands<'_, T>, results: &Results<'_, T>) {
    let Head { rows, inputs, classes, .. } = *head;
    let weights = inputs * classes;
    assert_eq!(operands.x.len(), rows * inputs, "the length of x for {head:?}");
    assert_eq!(operands.weight.len(), weights, "the number of weights of {head:?}");
    assert!(operands.bias.is_none_or(|bias| bias.len() == classes), "the bias of {head:?}");
    let each = |slice: &[T]| slice.len() == rows;
    let fits = operands.targets.len() == rows
        && results.losses.as_deref().is_none_or(each)
        && results.right.as_ref().is_none_or(|(right, _)| each(right));
    assert!(fits, "the targets and results of {head:?}");
    if let Some(Gradients { scale, x, weight, bias }) = &results.gradients {
        let holds =
            |to: &Option<(&mut [T], Store)>, len| to.as_ref().is_none_or(|(to, _)| to.len() == len);
        let scales = if let Scale::Rows(scales) = scale { scales.len() } else { rows };
        let fits = scales == rows
            && holds(x, rows * inputs)
            && holds(weight, weights)
            && holds(bias, classes);
        assert!(fits, "the gradients of {head:?}");
    }
}
