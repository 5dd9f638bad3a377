//! The description of a pooling by its sizes.

/// The sizes of a pooling. All of its functions are `const`, so that a layout that is computed at compile
/// time can reserve its buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    channels: usize,
    /// Height and width of the input.
    pub(super) size: [usize; 2],
    /// Height and width of the window.
    pub(super) kernel: [usize; 2],
    /// Distance between two windows.
    pub(super) stride: [usize; 2],
    /// Distance between two elements of a window.
    pub(super) dilation: [usize; 2],
    /// Number of elements before and after each axis.
    pub(super) padding: [[usize; 2]; 2],
    ceil: bool,
    /// `true` if an average counts the padding.
    pub(super) count_padding: bool,
    /// The divisor of an average, instead of the number of elements.
    pub(super) divisor: Option<usize>,
    /// Height and width of the output.
    pub(super) output: [usize; 2],
}

impl Pool {
    /// Returns a pooling of `channels` images of height and width `size` with windows of `kernel`, which do not
    /// overlap. As in PyTorch, an average counts padding.
    ///
    /// # Panics
    /// If the window is empty.
    #[must_use]
    pub const fn new(channels: usize, size: [usize; 2], kernel: [usize; 2]) -> Self {
        assert!(kernel[0] > 0 && kernel[1] > 0, "a window has at least one element");
        Self {
            channels,
            size,
            kernel,
            stride: kernel,
            dilation: [1; 2],
            padding: [[0; 2]; 2],
            ceil: false,
            count_padding: true,
            divisor: None,
            output: [0; 2],
        }
        .sized()
    }

    /// Sets the distance between two windows.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    pub const fn stride(mut self, stride: [usize; 2]) -> Self {
        assert!(stride[0] > 0 && stride[1] > 0, "a stride is at least 1");
        self.stride = stride;
        self.sized()
    }

    /// Sets the distance between two elements of a window.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    pub const fn dilation(mut self, dilation: [usize; 2]) -> Self {
        assert!(dilation[0] > 0 && dilation[1] > 0, "a dilation is at least 1");
        self.dilation = dilation;
        self.sized()
    }

    /// Sets the number of elements before and after the height, and before and after the width.
    #[must_use]
    pub const fn padding(mut self, padding: [[usize; 2]; 2]) -> Self {
        self.padding = padding;
        self.sized()
    }

    /// If true, a last window counts that only begins within the image or the padding before it.
    #[must_use]
    pub const fn ceil(mut self, ceil: bool) -> Self {
        self.ceil = ceil;
        self.sized()
    }

    /// Sets whether an average counts the padding as zeros.
    #[must_use]
    pub const fn count_padding(mut self, count: bool) -> Self {
        self.count_padding = count;
        self
    }

    /// Sets the divisor of an average, instead of the number of elements of the window.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    pub const fn divisor(mut self, divisor: usize) -> Self {
        assert!(divisor > 0, "a divisor is not 0");
        self.divisor = Some(divisor);
        self
    }

    /// Computes the output's size. It is 0 if the window is larger than the padded image.
    const fn sized(mut self) -> Self {
        let mut axis = 0;
        while axis < 2 {
            let ([before, after], stride) = (self.padding[axis], self.stride[axis]);
            let begins = self.size[axis] + before;
            let (padded, reach) = (begins + after, self.reach(axis));
            self.output[axis] = windows(begins, padded, reach, stride, self.ceil);
            axis += 1;
        }
        self
    }

    /// Returns the number of elements that a window spans.
    pub(super) const fn reach(&self, axis: usize) -> usize {
        (self.kernel[axis] - 1) * self.dilation[axis] + 1
    }

    /// Returns the number of elements that all windows span, with those outside of the image.
    pub(super) const fn span(&self, axis: usize) -> usize {
        match self.output[axis] {
            0 => 0,
            output => (output - 1) * self.stride[axis] + self.reach(axis),
        }
    }

    /// Returns the first and the end of the elements of window `window` that are inside the image, as numbers
    /// of the window's elements.
    #[inline(always)]
    pub(super) fn inside(&self, axis: usize, window: usize) -> [usize; 2] {
        let first = (window * self.stride[axis]) as isize - self.padding[axis][0] as isize;
        let dilation = self.dilation[axis] as isize;
        let kernel = self.kernel[axis] as isize;
        // smallest t with first + t * dilation >= 0, smallest t with first + t * dilation >= size
        let begin = if first >= 0 { 0 } else { (dilation - 1 - first) / dilation };
        let left = self.size[axis] as isize - first;
        let end = if left > (kernel - 1) * dilation {
            kernel
        } else {
            (left.max(0) + dilation - 1) / dilation
        };
        let begin = begin.min(kernel);
        [begin as usize, end.max(begin) as usize]
    }

    /// Returns the place in the image of an element of a window.
    #[inline(always)]
    pub(super) fn place(&self, axis: usize, window: usize, element: usize) -> usize {
        window * self.stride[axis] + element * self.dilation[axis] - self.padding[axis][0]
    }

    /// Returns the number of rows or columns by which the sum of a window is divided.
    #[inline(always)]
    pub(super) fn count(&self, axis: usize, window: usize) -> usize {
        if !self.count_padding {
            let [begin, end] = self.inside(axis, window);
            return end - begin;
        }
        // with `ceil`, the last window may reach beyond the padding, which does not count
        let first = window * self.stride[axis];
        let [before, after] = self.padding[axis];
        let left = (self.size[axis] + before + after).saturating_sub(first);
        self.kernel[axis].min(left.div_ceil(self.dilation[axis]))
    }

    /// Returns the height and width of the output.
    #[must_use]
    pub const fn output_size(&self) -> [usize; 2] {
        self.output
    }

    /// Returns the number of scalars of a sample of the input.
    #[must_use]
    pub const fn input_len(&self) -> usize {
        self.channels * self.size[0] * self.size[1]
    }

    /// Returns the number of scalars of a sample of the output.
    #[must_use]
    pub const fn output_len(&self) -> usize {
        self.channels * self.output[0] * self.output[1]
    }

    /// Returns the number of scalars of scratch of each kernel, for any number of samples.
    #[must_use]
    pub const fn scratch(&self) -> usize {
        // a row of the image with its padding, a row of the output, a row of counts
        self.span(1) + self.stride[1] + 2 * self.output[1]
    }
}

/// Returns the number of windows along an axis: 0 if a window is larger than the `padded` size. With
/// `ceil`, a last one counts that reaches beyond the padding, unless it would begin at `begins` or later,
/// in the padding behind the image.
const fn windows(begins: usize, padded: usize, reach: usize, stride: usize, ceil: bool) -> usize {
    let padded = if ceil { padded + stride - 1 } else { padded };
    let windows = if padded < reach { 0 } else { (padded - reach) / stride + 1 };
    if ceil && windows > 0 && (windows - 1) * stride >= begins { windows - 1 } else { windows }
}

/// Returns the number of windows of a pooling with [`Pool::ceil`] along an axis, for the size, the padding
/// before, the size with padding less the reach of a window, and the stride.
#[must_use]
pub const fn ceil_windows([size, before, room, stride]: [usize; 4]) -> usize {
    let stride = if stride == 0 { 1 } else { stride };
    windows(size + before, room, 0, stride, true)
}
