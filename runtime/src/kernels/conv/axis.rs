//! One axis of a correlation: which element of the source each tap of each position reads, and which
//! element of the target the position is.

use super::Conv;

/// One axis of a correlation. Position `p` and tap `t` read the source at
/// `p * stride + offset + t * step`, where it is zero outside of `0..source`, and use the kernel's element
/// `tap + t * tap_step`. The position is element `p * target_stride + target_first` of the target.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    /// Number of positions.
    pub positions: usize,
    /// Distance in the source between two positions.
    pub stride: usize,
    /// Number of taps.
    pub taps: usize,
    /// Place of tap 0 of position 0 in the source.
    pub offset: isize,
    /// Distance in the source between two taps.
    pub step: isize,
    /// The kernel's element of tap 0.
    pub tap: usize,
    /// Distance in the kernel between two taps.
    pub tap_step: usize,
    /// Size of the source.
    pub source: usize,
    /// Size of the target.
    pub target: usize,
    /// Distance in the target between two positions.
    pub target_stride: usize,
    /// Place of position 0 in the target.
    pub target_first: usize,
}

impl Axis {
    /// Returns an axis of the convolution itself.
    pub const fn forward(conv: &Conv, axis: usize) -> Self {
        Self {
            positions: conv.output[axis],
            stride: conv.stride[axis],
            taps: conv.kernel[axis],
            offset: -(conv.padding[axis][0] as isize),
            step: conv.dilation[axis] as isize,
            tap: 0,
            tap_step: 1,
            source: conv.size[axis],
            target: conv.output[axis],
            target_stride: 1,
            target_first: 0,
        }
    }

    /// Returns an axis of the input gradient, for the inputs `phase`, `phase + stride`, ...
    ///
    /// Input `i * stride + phase` was read through tap `k` by output `i + (phase + padding - k * dilation) /
    /// stride`, if that is a whole number, which it is for every `stride / gcd(stride, dilation)`-th tap.
    pub const fn gradient(conv: &Conv, axis: usize, phase: usize) -> Self {
        let (stride, dilation) = (conv.stride[axis], conv.dilation[axis]);
        let (taps, size) = (conv.kernel[axis], conv.size[axis]);
        let place = phase + conv.padding[axis][0];
        let tap_step = stride / greatest_common_divisor(stride, dilation);
        let mut tap = 0;
        while tap < tap_step && tap * dilation % stride != place % stride {
            tap += 1;
        }
        let some = tap < tap_step && tap < taps;
        Self {
            positions: if phase < size { (size - phase).div_ceil(stride) } else { 0 },
            stride: 1,
            taps: if some { (taps - tap).div_ceil(tap_step) } else { 0 },
            // exact, unless there is no tap
            offset: (place as isize - (tap * dilation) as isize) / stride as isize,
            step: -((tap_step * dilation / stride) as isize),
            tap,
            tap_step,
            source: conv.output[axis],
            target: size,
            target_stride: stride,
            target_first: phase,
        }
    }

    /// Returns the number of elements of the source that `positions` consecutive positions span.
    pub const fn span(&self, positions: usize) -> usize {
        if positions == 0 || self.taps == 0 {
            return 0;
        }
        (positions - 1) * self.stride + (self.taps - 1) * self.step.unsigned_abs() + 1
    }

    /// Returns the first place in the source that position `position` reads.
    pub const fn first(&self, position: usize) -> isize {
        let back =
            if self.step < 0 && self.taps > 0 { (self.taps as isize - 1) * self.step } else { 0 };
        (position * self.stride) as isize + self.offset + back
    }

    /// Returns the place of tap `tap` within the span of its position.
    pub const fn place(&self, tap: usize) -> usize {
        let steps = if self.step < 0 { self.taps - 1 - tap } else { tap };
        steps * self.step.unsigned_abs()
    }

    /// Returns true if no position reads outside of the source.
    pub const fn is_inside(&self) -> bool {
        self.first(0) >= 0 && self.first(0) as usize + self.span(self.positions) <= self.source
    }
}

const fn greatest_common_divisor(mut a: usize, mut b: usize) -> usize {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
