//! Convolutions and pooling by their definitions. A signal is an image of height 1.

use super::{Operand, list, number};

/// The sizes of windows that slide over an image.
struct Windows {
    channels: usize,
    size: [usize; 2],
    output: [usize; 2],
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
    padding: [[usize; 2]; 2],
}

impl Windows {
    fn of(text: &str) -> Self {
        let pair = |field: &str| list(text, field).try_into().expect("two sizes");
        let ends = list(text, "padding");
        Self {
            channels: number(text, "channels") as usize,
            size: pair("size"),
            output: pair("output"),
            kernel: pair("kernel"),
            stride: pair("stride"),
            dilation: pair("dilation"),
            padding: [[ends[0], ends[1]], [ends[2], ends[3]]],
        }
    }

    /// Returns the place within an axis that a tap of a window falls on, if it is not in the padding.
    fn place(&self, axis: usize, window: usize, tap: usize) -> Option<usize> {
        let place = window * self.stride[axis] + tap * self.dilation[axis];
        place.checked_sub(self.padding[axis][0]).filter(|place| *place < self.size[axis])
    }

    /// Calls `each` with every window, tap and place that it falls on.
    fn taps(&self, mut each: impl FnMut(usize, usize, usize)) {
        for window in 0..self.output[0] * self.output[1] {
            for tap in 0..self.kernel[0] * self.kernel[1] {
                let row = self.place(0, window / self.output[1], tap / self.kernel[1]);
                let column = self.place(1, window % self.output[1], tap % self.kernel[1]);
                if let (Some(row), Some(column)) = (row, column) {
                    each(window, tap, row * self.size[1] + column);
                }
            }
        }
    }

    fn pixels(&self) -> usize {
        self.size[0] * self.size[1]
    }

    fn windows(&self) -> usize {
        self.output[0] * self.output[1]
    }
}

/// Computes a kernel of images, if it is one.
pub(super) fn of_images(
    name: &str,
    text: &str,
    operands: &[Operand<'_>],
    shape: &[usize],
) -> Option<Vec<f64>> {
    let len = shape.iter().product();
    Some(match name {
        _ if text.contains("conv: Conv") => convolution(name, text, operands, len),
        "ChannelSums" => {
            let dy = &operands[0];
            let positions: usize = dy.shape[2..].iter().product();
            let mut sums = vec![0.0; len];
            let planes = dy.values.chunks(positions).enumerate();
            planes.for_each(|(plane, dy)| sums[plane % len] += dy.iter().sum::<f64>());
            sums
        }
        "Pooled" | "MaxGradient" | "AverageGradient" => pooling(name, text, operands, len),
        _ => return None,
    })
}

/// Computes a convolution, a transposed one, or a gradient of these.
fn convolution(name: &str, text: &str, operands: &[Operand<'_>], len: usize) -> Vec<f64> {
    let windows = Windows::of(text);
    let (outputs, groups) = (number(text, "outputs") as usize, number(text, "groups") as usize);
    let (own, of_group) = (windows.channels / groups, outputs / groups);
    let taps = windows.kernel[0] * windows.kernel[1];
    let (pixels, positions) = (windows.pixels(), windows.windows());
    let back = name == "InputGradient" || text.contains("transposed: true");
    let (a, b) = (operands[0].values, operands[1].values);
    let samples = operands[0].shape[0];
    let mut result = vec![0.0; len];
    for sample in 0..samples {
        let (image, map) = (sample * windows.channels * pixels, sample * outputs * positions);
        for output in 0..outputs {
            for channel in 0..own {
                let from = image + (output / of_group * own + channel) * pixels;
                let to = map + output * positions;
                let weight = (output * own + channel) * taps;
                windows.taps(|window, tap, place| match name {
                    "WeightGradient" => result[weight + tap] += a[from + place] * b[to + window],
                    _ if back => result[from + place] += a[to + window] * b[weight + tap],
                    _ => result[to + window] += a[from + place] * b[weight + tap],
                });
            }
        }
    }
    if let ("Convolution", [_, _, bias, _]) = (name, operands) {
        let plane = len / samples / bias.values.len();
        let planes = result.chunks_mut(plane).zip(bias.values.iter().cycle());
        planes.for_each(|(plane, bias)| plane.iter_mut().for_each(|y| *y += bias));
    }
    result
}

fn pooling(name: &str, text: &str, operands: &[Operand<'_>], len: usize) -> Vec<f64> {
    let pair = |field: &str| -> [usize; 2] { list(text, field).try_into().expect("two sizes") };
    let (size, output) = (pair("size"), pair("output"));
    let (pixels, positions) = (size[0] * size[1], output[0] * output[1]);
    let mut result = vec![0.0; len];
    if text.contains("form: Max") {
        let windows = Windows::of(text);
        let planes = operands[0].values.chunks(pixels).enumerate();
        for (plane, x) in planes {
            let mut largest: Vec<Option<usize>> = vec![None; positions];
            windows.taps(|window, _, place| {
                if largest[window].is_none_or(|at| x[place] > x[at]) {
                    largest[window] = Some(place);
                }
            });
            for (window, place) in largest.into_iter().enumerate() {
                let place = place.expect("no window is all padding");
                match name {
                    "Pooled" => result[plane * positions + window] = x[place],
                    _ => {
                        let dy = operands[1].values[plane * positions + window];
                        result[plane * pixels + place] += dy;
                    }
                }
            }
        }
        return result;
    }
    let mut shares = Vec::new();
    if text.contains("form: Adaptive") {
        for window in 0..positions {
            let [row, column] = [window / output[1], window % output[1]];
            let part = |axis: usize, at: usize| {
                at * size[axis] / output[axis]..((at + 1) * size[axis]).div_ceil(output[axis])
            };
            let (rows, columns) = (part(0, row), part(1, column));
            let share = 1.0 / (rows.len() * columns.len()) as f64;
            for row in rows {
                shares.extend(columns.clone().map(|c| (window, row * size[1] + c, share)));
            }
        }
    } else {
        let windows = Windows::of(text);
        let counts = text.contains("count_padding: true");
        let mut inside = vec![0_usize; positions];
        windows.taps(|window, _, _| inside[window] += 1);
        let reach = |axis: usize, at: usize| {
            let (start, [before, after]) = (at * windows.stride[axis], windows.padding[axis]);
            windows.kernel[axis].min(windows.size[axis] + before + after - start)
        };
        windows.taps(|window, _, place| {
            let whole = reach(0, window / output[1]) * reach(1, window % output[1]);
            let divisor = if counts { whole } else { inside[window] };
            shares.push((window, place, 1.0 / divisor as f64));
        });
    }
    let planes = operands[0].values.len() / if name == "Pooled" { pixels } else { positions };
    for plane in 0..planes {
        let (image, map) = (plane * pixels, plane * positions);
        for (window, place, share) in &shares {
            match name {
                "Pooled" => result[map + window] += share * operands[0].values[image + place],
                _ => result[image + place] += share * operands[0].values[map + window],
            }
        }
    }
    result
}
