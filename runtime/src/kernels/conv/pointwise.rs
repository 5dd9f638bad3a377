//! Convolutions with a kernel of one element: matrix products that read and write the images in place.

use super::Conv;
use crate::kernels::Store;
use crate::kernels::contract::{Axis, Shape};
use crate::kernels::pitch::{Rows, RowsMut};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// Number of positions from which the product of one sample fills the register tile. Below it, the general
/// kernel is faster, which takes the positions of several samples together.
const POSITIONS: usize = 16;

/// Returns true if these kernels take the convolution.
#[inline(always)]
pub(super) const fn takes(conv: &Conv) -> bool {
    let [height, width] = conv.size;
    conv.kernel[0] == 1
        && conv.kernel[1] == 1
        && conv.output[0] == height
        && conv.output[1] == width
        && conv.stride[0] == 1
        && conv.stride[1] == 1
        && conv.padding[0][0] == 0
        && conv.padding[1][0] == 0
        && height * width >= POSITIONS
}

/// The sizes of one group.
struct Sizes {
    inputs: usize,
    outputs: usize,
    positions: usize,
}

impl Sizes {
    #[inline(always)]
    fn of(conv: &Conv) -> Self {
        Self {
            inputs: conv.channels / conv.groups,
            outputs: conv.outputs / conv.groups,
            positions: conv.size[0] * conv.size[1],
        }
    }

    /// Returns the axis of the groups, with the strides of the weight, the input and the output.
    #[inline(always)]
    fn strides(&self) -> [usize; 3] {
        let Self { inputs, outputs, positions } = self;
        [inputs * outputs, inputs * positions, outputs * positions]
    }
}

/// y = weight · x + bias, of each sample and group.
#[inline(always)]
pub(super) fn forward<T: Scalar, S: Simd<T>>(
    simd: S,
    conv: &Conv,
    x: Rows<'_, T>,
    weight: &[T],
    bias: Option<&[T]>,
    mut y: RowsMut<'_, T>,
) {
    let sizes = Sizes::of(conv);
    let store = start(bias, sizes.positions, &mut y, Store::Set);
    let [weights, inputs, outputs] = sizes.strides();
    let axes = [
        Axis { size: x.count, a: 0, b: x.pitch, c: y.pitch },
        Axis { size: conv.groups, a: weights, b: inputs, c: outputs },
    ];
    let shape = Shape {
        rows: sizes.outputs,
        depth: sizes.inputs,
        columns: sizes.positions,
        a_row: sizes.inputs,
        a_column: 1,
        b_row: sizes.positions,
        b_column: 1,
        c_row: sizes.positions,
    };
    simd.contract(&axes, shape, weight, x.data, y.data, store);
}

/// dx = weightᵀ · dy + bias, of each sample and group.
#[inline(always)]
pub(super) fn input_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    conv: &Conv,
    dy: Rows<'_, T>,
    weight: &[T],
    bias: Option<&[T]>,
    mut dx: RowsMut<'_, T>,
    store: Store,
) {
    let sizes = Sizes::of(conv);
    let store = start(bias, sizes.positions, &mut dx, store);
    let [weights, inputs, outputs] = sizes.strides();
    let axes = [
        Axis { size: dy.count, a: 0, b: dy.pitch, c: dx.pitch },
        Axis { size: conv.groups, a: weights, b: outputs, c: inputs },
    ];
    let shape = Shape {
        rows: sizes.inputs,
        depth: sizes.outputs,
        columns: sizes.positions,
        a_row: 1,
        a_column: sizes.inputs,
        b_row: sizes.positions,
        b_column: 1,
        c_row: sizes.positions,
    };
    simd.contract(&axes, shape, weight, dy.data, dx.data, store);
}

/// dw = dw + dy · xᵀ of each sample and group.
#[inline(always)]
pub(super) fn weight_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    conv: &Conv,
    x: Rows<'_, T>,
    dy: Rows<'_, T>,
    dw: &mut [T],
) {
    let sizes = Sizes::of(conv);
    let [weights, inputs, outputs] = sizes.strides();
    let axes = [
        Axis { size: conv.groups, a: outputs, b: inputs, c: weights },
        Axis { size: x.count, a: dy.pitch, b: x.pitch, c: 0 },
    ];
    let shape = Shape {
        rows: sizes.outputs,
        depth: sizes.positions,
        columns: sizes.inputs,
        a_row: sizes.positions,
        a_column: 1,
        b_row: 1,
        b_column: sizes.positions,
        c_row: sizes.inputs,
    };
    simd.contract(&axes, shape, dy.data, x.data, dw, Store::Add);
}

/// Writes the bias, if there is one, to the channels of each sample. Returns the way in which the product
/// is then stored.
#[inline(always)]
fn start<T: Scalar>(
    bias: Option<&[T]>,
    positions: usize,
    y: &mut RowsMut<'_, T>,
    store: Store,
) -> Store {
    let Some(bias) = bias else {
        return store;
    };
    for sample in 0..y.count {
        let y = &mut y.data[sample * y.pitch..][..y.len];
        for (y, bias) in y.chunks_exact_mut(positions).zip(bias) {
            for y in y {
                store.put(y, *bias);
            }
        }
    }
    Store::Add
}
