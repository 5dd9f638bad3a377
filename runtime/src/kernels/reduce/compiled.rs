//! Log-sum-exp over rows of any length, as it is compiled with the library.

use crate::kernels::Store;
use crate::kernels::lanes::sum;
use crate::kernels::pitch::{Rows, RowsMut};
use crate::kernels::softmax::{inverse, shift, sum_of_exponentials};
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

#[inline(always)]
pub fn logsumexp<T: Scalar, S: Simd<T>>(simd: S, x: Rows<'_, T>, y: RowsMut<'_, T>) {
    for (x, y) in x.iter().zip(y.iter()) {
        let shift = shift(simd, x);
        let (shift, sum) = if shift.is_finite() {
            (shift, sum_of_exponentials(simd, x, shift))
        } else {
            // infinite, or NaN if there is one
            (T::ZERO, sum(simd, [x], |[x]: [T; 1]| simd.lane(x).exp().value))
        };
        y[0] = shift + simd.lane(sum).ln().value;
    }
}

#[inline(always)]
pub fn logsumexp_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    x: Rows<'_, T>,
    dy: Rows<'_, T>,
    dx: RowsMut<'_, T>,
    store: Store,
) {
    for ((x, dy), dx) in x.iter().zip(dy.iter()).zip(dx.iter()) {
        let shift = shift(simd, x);
        let exp = |x: T| simd.lane(x - shift).exp().value;
        let scale = dy[0] * inverse(sum_of_exponentials(simd, x, shift));
        dx.iter_mut().zip(x).for_each(|(dx, &x)| store.put(dx, scale * exp(x)));
    }
}
