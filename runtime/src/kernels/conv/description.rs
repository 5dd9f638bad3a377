//! The description of a convolution by its sizes.

use super::correlate::Correlation;
use super::{chunk, few, pointwise};

/// The sizes of a convolution. All of its functions are `const`, so that a layout that is computed at
/// compile time can reserve its buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv {
    /// Number of channels of the input.
    pub(super) channels: usize,
    /// Number of channels of the output.
    pub(super) outputs: usize,
    /// Number of groups of channels. A group of outputs reads one group of inputs.
    pub(super) groups: usize,
    /// Height and width of the input.
    pub(super) size: [usize; 2],
    /// Height and width of the kernel.
    pub(super) kernel: [usize; 2],
    /// Distance between two positions of the kernel.
    pub(super) stride: [usize; 2],
    /// Distance between two taps of the kernel.
    pub(super) dilation: [usize; 2],
    /// Number of zeros before and after each axis.
    pub(super) padding: [[usize; 2]; 2],
    /// Height and width of the output.
    pub(super) output: [usize; 2],
}

impl Conv {
    /// Returns a convolution of `channels` channels of height and width `size` to `outputs` channels, with a
    /// stride and dilation of 1, without padding, in one group.
    #[must_use]
    pub const fn new(
        channels: usize,
        outputs: usize,
        size: [usize; 2],
        kernel: [usize; 2],
    ) -> Self {
        Self {
            channels,
            outputs,
            groups: 1,
            size,
            kernel,
            stride: [1; 2],
            dilation: [1; 2],
            padding: [[0; 2]; 2],
            output: [0; 2],
        }
        .sized()
    }

    /// Returns a convolution by the sizes that the constants of generated code have: channels,
    /// outputs, groups, then height and width of the input, the kernel, the stride and the dilation,
    /// then the padding before and after each. What cannot be 0 counts as at least 1.
    #[must_use]
    pub const fn of(sizes: [usize; 15]) -> Self {
        let [channels, outputs, groups, h, w, kh, kw, sh, sw, dh, dw, top, bottom, left, right] =
            sizes;
        Self {
            channels,
            outputs,
            groups: some(groups),
            size: [h, w],
            kernel: [kh, kw],
            stride: [some(sh), some(sw)],
            dilation: [some(dh), some(dw)],
            padding: [[top, bottom], [left, right]],
            output: [0; 2],
        }
        .sized()
    }

    /// Sets the distance between two positions of the kernel.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    pub const fn stride(mut self, stride: [usize; 2]) -> Self {
        assert!(stride[0] > 0 && stride[1] > 0, "a stride is at least 1");
        self.stride = stride;
        self.sized()
    }

    /// Sets the distance between two taps of the kernel.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    pub const fn dilation(mut self, dilation: [usize; 2]) -> Self {
        assert!(dilation[0] > 0 && dilation[1] > 0, "a dilation is at least 1");
        self.dilation = dilation;
        self.sized()
    }

    /// Sets the number of zeros before and after the height, and before and after the width.
    #[must_use]
    pub const fn padding(mut self, padding: [[usize; 2]; 2]) -> Self {
        self.padding = padding;
        self.sized()
    }

    /// Sets the number of groups: each group of outputs reads one group of channels.
    ///
    /// # Panics
    /// If it does not divide both numbers of channels.
    #[must_use]
    pub const fn groups(mut self, groups: usize) -> Self {
        assert!(
            groups > 0
                && self.channels.is_multiple_of(groups)
                && self.outputs.is_multiple_of(groups),
            "the groups divide the channels and the outputs"
        );
        self.groups = groups;
        self
    }

    /// Returns the convolution whose input gradient is the transposed convolution with these sizes: that of
    /// `channels` channels of height and width `size` to `outputs` channels. Of the returned convolution,
    /// `channels` and `outputs` are exchanged, and its input is the result of the transposed one.
    /// `output_padding` is added to the result's size at the end.
    ///
    /// # Panics
    /// If the padding is larger than the result.
    #[must_use]
    pub const fn transposed(mut self, output_padding: [usize; 2]) -> Self {
        (self.channels, self.outputs) = (self.outputs, self.channels);
        self.output = self.size;
        let mut axis = 0;
        while axis < 2 {
            let taps = self.reach(axis);
            let padding = self.padding[axis][0] + self.padding[axis][1];
            self.size[axis] = match self.output[axis] {
                0 => 0,
                output => {
                    let size = (output - 1) * self.stride[axis] + taps + output_padding[axis];
                    assert!(size >= padding, "the padding is larger than the result");
                    size - padding
                }
            };
            axis += 1;
        }
        self
    }

    /// Returns the number of elements that the taps of one position span.
    const fn reach(&self, axis: usize) -> usize {
        match self.kernel[axis] {
            0 => 0,
            taps => (taps - 1) * self.dilation[axis] + 1,
        }
    }

    /// Computes the output's size. It is 0 if the kernel is larger than the padded input.
    const fn sized(mut self) -> Self {
        let mut axis = 0;
        while axis < 2 {
            let [before, after] = self.padding[axis];
            let (padded, reach) = (self.size[axis] + before + after, self.reach(axis));
            self.output[axis] =
                if padded < reach { 0 } else { (padded - reach) / self.stride[axis] + 1 };
            axis += 1;
        }
        self
    }

    /// Returns the height and width of the output.
    #[must_use]
    pub const fn output_size(&self) -> [usize; 2] {
        self.output
    }

    /// Returns the height and width of the input: for a transposed convolution, those of its result.
    #[must_use]
    pub const fn input_size(&self) -> [usize; 2] {
        self.size
    }

    /// Returns the number of scalars of a sample of the input.
    #[must_use]
    pub const fn input_len(&self) -> usize {
        self.channels * self.size[0] * self.size[1]
    }

    /// Returns the number of scalars of a sample of the output.
    #[must_use]
    pub const fn output_len(&self) -> usize {
        self.outputs * self.output[0] * self.output[1]
    }

    /// Returns the number of weights.
    #[must_use]
    pub const fn weight_len(&self) -> usize {
        self.outputs * (self.channels / self.groups) * self.kernel[0] * self.kernel[1]
    }

    /// Returns the number of additions and multiplications of a sample in the forward pass; either gradient
    /// takes as many. Products with the padding count.
    #[must_use]
    pub const fn flops(&self) -> usize {
        2 * self.weight_len() * self.output[0] * self.output[1]
    }

    /// Returns the number of scalars of scratch that the forward pass takes, for any number of samples.
    #[must_use]
    pub const fn forward_scratch(&self) -> usize {
        if pointwise::takes(self) {
            return 0;
        }
        let correlation = Correlation::forward(self);
        let (general, few) = (chunk::scratch(&correlation), few::scratch(&correlation));
        if few > general { few } else { general }
    }

    /// Returns the number of scalars of scratch that the input gradient, or the transposed convolution,
    /// takes, for any number of samples.
    #[must_use]
    pub const fn input_gradient_scratch(&self) -> usize {
        if pointwise::takes(self) {
            return 0;
        }
        let mut most = 0;
        let mut phase = 0;
        while phase < self.stride[0] * self.stride[1] {
            let phases = [phase / self.stride[1], phase % self.stride[1]];
            let scratch = chunk::scratch(&Correlation::gradient(self, phases));
            if scratch > most {
                most = scratch;
            }
            phase += 1;
        }
        most
    }

    /// Returns the number of scalars of scratch that the weight gradient takes, for any number of samples.
    #[must_use]
    pub const fn weight_gradient_scratch(&self) -> usize {
        if pointwise::takes(self) {
            return 0;
        }
        chunk::scratch(&Correlation::forward(self))
    }
}

/// Returns the number, at least 1.
const fn some(n: usize) -> usize {
    if n == 0 { 1 } else { n }
}
