//! Packs the weights of a strip of target channels, in the order in which the register tiles read them.

use super::chunk::least;
use super::correlate::Correlation;
use super::strips::Strip;
use crate::kernels::transpose::transpose;
use crate::scalar::Scalar;
use crate::simd::Simd;

impl Correlation {
    /// Writes the weights of a strip of target channels, a row for each of the taps from `first` on.
    #[inline(always)]
    pub fn pack<T: Scalar, S: Simd<T>>(
        &self,
        simd: S,
        strip: &Strip,
        width: usize,
        weight: &[T],
        [first, count]: [usize; 2],
        panel: &mut [T],
    ) {
        let weight = &weight[strip.first * self.target_stride..];
        let taps = self.kernel[0] * self.kernel[1];
        if strip.count < width {
            panel[..count * width].fill(T::ZERO);
        }
        if self.axes[0].taps * self.axes[1].taps == taps {
            // All taps, in the kernel's order: those of a source channel are contiguous, and so are the
            // source channels of the forward pass.
            let each = if self.source_stride == taps { self.depth() } else { taps };
            let mut done = 0;
            while done < count {
                let (source, tap) = ((first + done) / each, (first + done) % each);
                let some = least(each - tap, count - done);
                let weight = &weight[source * self.source_stride + tap..];
                let panel = &mut panel[done * width..];
                let shape = [strip.count, some];
                transpose(simd, shape, weight, self.target_stride, panel, width);
                done += some;
            }
            return;
        }
        let [height, columns] = &self.axes;
        let mut each = self.taps(first);
        for panel in panel.chunks_exact_mut(width).take(count) {
            let [source, row, column] = each.next();
            let row = height.tap + row * height.tap_step;
            let column = columns.tap + column * columns.tap_step;
            let weight = &weight[source * self.source_stride + row * self.kernel[1] + column..];
            let weights = weight.iter().step_by(self.target_stride);
            for (panel, weight) in panel[..strip.count].iter_mut().zip(weights) {
                *panel = *weight;
            }
        }
    }
}
