//! The convolution and its gradients as plain loops.

use crate::kernels::conv::Conv;
use crate::scalar::Scalar;

/// The operands of a convolution and of its gradients.
pub struct Reference<'a, T> {
    pub conv: &'a Conv,
    pub samples: usize,
    pub x: &'a [T],
    pub dy: &'a [T],
    pub weight: &'a [T],
}

/// The output without bias, and the gradients.
pub struct Expected {
    pub y: Vec<f64>,
    pub dx: Vec<f64>,
    pub dw: Vec<f64>,
    pub db: Vec<f64>,
}

impl<T: Scalar> Reference<'_, T> {
    /// Visits each product of an input and a weight once.
    pub fn run(&self) -> Expected {
        let Self { conv, samples, x, dy, weight } = self;
        let mut expected = Expected {
            y: vec![0.0; dy.len()],
            dx: vec![0.0; x.len()],
            dw: vec![0.0; weight.len()],
            db: vec![0.0; conv.outputs],
        };
        let (group_inputs, group_outputs) =
            (conv.channels / conv.groups, conv.outputs / conv.groups);
        let [height, width] = conv.size;
        let [output_height, output_width] = conv.output;
        let place = |axis: usize, position: usize, tap: usize| {
            let place = position * conv.stride[axis] + tap * conv.dilation[axis];
            place.checked_sub(conv.padding[axis][0]).filter(|place| *place < conv.size[axis])
        };
        for sample in 0..*samples {
            for output in 0..conv.outputs {
                for row in 0..output_height {
                    for column in 0..output_width {
                        let at = ((sample * conv.outputs + output) * output_height + row)
                            * output_width
                            + column;
                        expected.db[output] += dy[at].to_f64();
                        for channel in 0..group_inputs {
                            for tap_row in 0..conv.kernel[0] {
                                let Some(y) = place(0, row, tap_row) else { continue };
                                for tap_column in 0..conv.kernel[1] {
                                    let Some(x_place) = place(1, column, tap_column) else {
                                        continue;
                                    };
                                    let w = ((output * group_inputs + channel) * conv.kernel[0]
                                        + tap_row)
                                        * conv.kernel[1]
                                        + tap_column;
                                    let input = output / group_outputs * group_inputs + channel;
                                    let from = ((sample * conv.channels + input) * height + y)
                                        * width
                                        + x_place;
                                    let (x, weight) = (x[from].to_f64(), weight[w].to_f64());
                                    expected.y[at] += x * weight;
                                    expected.dx[from] += dy[at].to_f64() * weight;
                                    expected.dw[w] += dy[at].to_f64() * x;
                                }
                            }
                        }
                    }
                }
            }
        }
        expected
    }
}
