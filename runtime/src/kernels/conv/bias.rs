//! The gradient of a bias: the sum of each channel over samples and positions.

use crate::kernels::Store;
use crate::kernels::lanes::whole;
use crate::kernels::pitch::Rows;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// See [`bias_gradient`](super::bias_gradient). The sums of the samples are added in `f64`.
#[inline(always)]
pub(in crate::kernels) fn channel_sums<T: Scalar, S: Simd<T>>(
    simd: S,
    positions: usize,
    dy: Rows<'_, T>,
    db: &mut [T],
    store: Store,
) {
    for (channel, db) in db.iter_mut().enumerate() {
        let mut total = 0.0;
        for sample in 0..dy.count {
            let dy = &dy.row(sample)[channel * positions..][..positions];
            total += whole::sum(simd, dy).to_f64();
        }
        store.put(db, T::from_f64(total));
    }
}
