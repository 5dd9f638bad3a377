//! The kernels as they are compiled with the library: they select the algorithm.

pub(in crate::kernels) use super::bias::channel_sums;
use super::correlate::Correlation;
use super::{Conv, few, pointwise, weight};
use crate::kernels::Store;
use crate::kernels::pitch::{Rows, RowsMut};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// See [`forward`](super::forward()).
#[inline(always)]
pub(in crate::kernels) fn forward<T: Scalar, S: Simd<T>>(
    simd: S,
    conv: &Conv,
    x: Rows<'_, T>,
    weight: &[T],
    bias: Option<&[T]>,
    mut y: RowsMut<'_, T>,
    scratch: &mut [T],
) {
    check(conv, weight, bias, conv.outputs);
    if pointwise::takes(conv) {
        return pointwise::forward(simd, conv, x, weight, bias, y);
    }
    let correlation = Correlation::forward(conv);
    // Only processors of long ago lack this instruction, and one kernel is enough for them.
    if const { S::FMA } && few::takes::<T, S>(&correlation, x.count) {
        return few::run(&correlation, simd, x, weight, bias, &mut y, scratch);
    }
    correlation.run(simd, x, weight, bias, &mut y, Store::Set, scratch);
}

/// See [`input_gradient`](super::input_gradient()).
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "sizes and buffers are the operation")]
pub(in crate::kernels) fn input_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    conv: &Conv,
    dy: Rows<'_, T>,
    weight: &[T],
    bias: Option<&[T]>,
    mut dx: RowsMut<'_, T>,
    store: Store,
    scratch: &mut [T],
) {
    check(conv, weight, bias, conv.channels);
    if pointwise::takes(conv) {
        return pointwise::input_gradient(simd, conv, dy, weight, bias, dx, store);
    }
    for row in 0..conv.stride[0] {
        for column in 0..conv.stride[1] {
            let correlation = Correlation::gradient(conv, [row, column]);
            correlation.run(simd, dy, weight, bias, &mut dx, store, scratch);
        }
    }
}

/// See [`weight_gradient`](super::weight_gradient()).
#[inline(always)]
pub(in crate::kernels) fn weight_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    conv: &Conv,
    x: Rows<'_, T>,
    dy: Rows<'_, T>,
    dw: &mut [T],
    store: Store,
    scratch: &mut [T],
) {
    check::<T>(conv, dw, None, 0);
    if store == Store::Set {
        dw.fill(T::ZERO);
    }
    if pointwise::takes(conv) {
        return pointwise::weight_gradient(simd, conv, x, dy, dw);
    }
    weight::add(simd, conv, x, dy, dw, scratch);
}

/// Checks the lengths of the parameters.
#[inline(always)]
fn check<T>(conv: &Conv, weight: &[T], bias: Option<&[T]>, channels: usize) {
    assert_eq!(weight.len(), conv.weight_len(), "the number of weights of {conv:?}");
    if let Some(bias) = bias {
        assert_eq!(bias.len(), channels, "the length of the bias of {conv:?}");
    }
}
