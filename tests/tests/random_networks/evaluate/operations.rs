//! Computes every operation with plain loops.

mod attention;
mod axis;
mod images;
mod moves;

use super::Data;
use axis::log_softmax;
use monograd::random::Philox;
use monograd::{Activation, Gelu, Relu, Sigmoid, Silu, Tanh};
use monograd_compiler::ir::Leaf;
use monograd_compiler::ir::function::Function;

/// An operand, with the batch as its first axis.
pub(super) struct Operand<'a> {
    pub(super) values: &'a [f64],
    pub(super) shape: Vec<usize>,
}

impl Operand<'_> {
    pub(super) fn at(&self, index: &[usize]) -> f64 {
        let place = index.iter().zip(&self.shape).fold(0, |place, (i, size)| place * size + i);
        self.values[place]
    }

    /// Returns the element for an index of a shape to which this operand is broadcast.
    pub(super) fn broadcast(&self, index: &[usize]) -> f64 {
        // from the last axis on; the batch is always the first axis
        let (batch, axes) = (index[0], &index[1..]);
        let (samples, shape) = (self.shape[0], &self.shape[1..]);
        let mut own = vec![0; self.shape.len()];
        own[0] = if samples == 1 { 0 } else { batch };
        for (axis, index) in axes.iter().rev().enumerate().take(shape.len()) {
            let axis = shape.len() - axis;
            own[axis] = if self.shape[axis] == 1 { 0 } else { *index };
        }
        self.at(&own)
    }

    /// Returns the rows along the last axis.
    pub(super) fn rows(&self) -> std::slice::Chunks<'_, f64> {
        self.values.chunks(*self.shape.last().unwrap())
    }
}

/// Returns a tensor computed from the indices of its elements, in row-major order.
pub(super) fn each(shape: &[usize], mut element: impl FnMut(&[usize]) -> f64) -> Vec<f64> {
    let mut index = vec![0; shape.len()];
    let len: usize = shape.iter().product();
    let mut values = Vec::with_capacity(len);
    for _ in 0..len {
        values.push(element(&index));
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            if index[axis] < shape[axis] {
                break;
            }
            index[axis] = 0;
        }
    }
    values
}

pub(super) fn of_leaf(leaf: &Leaf, data: &Data) -> Vec<f64> {
    match leaf {
        Leaf::Input(index) => data.inputs[*index].clone(),
        Leaf::Target(index) => data.targets[*index].clone(),
        Leaf::OutputGradient(index) => data.output_gradients[*index].clone(),
        Leaf::State(_) | Leaf::Constant(_) | Leaf::Training => {
            panic!("the generated networks have none")
        }
        Leaf::Parameter(_) => panic!("a parameter is that of an iteration"),
        Leaf::Number(x) => vec![x.0],
        Leaf::Count(_) => panic!("a number may be that of an iteration"),
        Leaf::Samples => vec![data.samples as f64],
        Leaf::BatchMean => vec![1.0 / data.samples as f64],
        // the generated networks have one row of logits per sample, all with weight 1
        Leaf::Normaliser(_) => vec![1.0],
    }
}

pub(super) fn scalar(function: &Function, at: &dyn Fn(usize) -> f64) -> f64 {
    let a = at(0);
    match function {
        Function::Add => a + at(1),
        Function::Subtract => a - at(1),
        Function::Multiply => a * at(1),
        Function::Divide => a / at(1),
        Function::Maximum => a.max(at(1)),
        Function::Minimum => a.min(at(1)),
        Function::AtLeast => f64::from(a >= at(1)),
        Function::Above => f64::from(a > at(1)),
        Function::Equal => f64::from(a == at(1)),
        Function::Unequal => f64::from(a != at(1)),
        Function::Select => at(if a == 0.0 { 2 } else { 1 }),
        Function::BceWithLogits => a.max(0.0) - a * at(1) + (-a.abs()).exp().ln_1p(),
        Function::Negate => -a,
        Function::Power(p) => a.powf(p.0),
        Function::Clamp => a.max(at(1)).min(at(2)),
        Function::Expand | Function::Stop => a,
        Function::UserFn(_) | Function::UserFnSlope(..) => panic!("no functions of one's own here"),
        Function::Activate(activation) => activate(&activation.text, a).0,
        Function::Save(activation) => activate(&activation.text, a).1,
        Function::Gate | Function::Chain(_) if a == 0.0 => 0.0,
        Function::Gate => at(1),
        Function::Chain(_) => a * at(1),
        Function::Named(named) => match named.name {
            "exp" => a.exp(),
            "expm1" => a.exp_m1(),
            "log" => a.ln(),
            "log1p" => a.ln_1p(),
            "sqrt" => a.sqrt(),
            "sin" => a.sin(),
            "cos" => a.cos(),
            "tanh" => a.tanh(),
            "sigmoid" => 1.0 / (1.0 + (-a).exp()),
            "softplus" => a.exp().ln_1p(),
            "erf" => monograd::Number::erf(a),
            "abs" => a.abs(),
            "sign" if a == 0.0 => 0.0,
            "sign" => a.signum(),
            other => panic!("no function {other}"),
        },
    }
}

/// Returns an activation and its derivative.
pub(super) fn activate(name: &str, x: f64) -> (f64, f64) {
    // that of a described layer has a path
    match name.rsplit(':').next().unwrap_or_default() {
        "Gelu" => Gelu::forward_and_derivative(x),
        "Relu" => Relu::forward_and_derivative(x),
        "Sigmoid" => Sigmoid::forward_and_derivative(x),
        "Silu" => Silu::forward_and_derivative(x),
        "Tanh" => Tanh::forward_and_derivative(x),
        other => panic!("no activation {other}"),
    }
}

/// Computes a kernel, identified by its text; if `room` is given, the content of that operand, a buffer, after it.
pub(super) fn kernel(
    text: &str,
    operands: &[Operand<'_>],
    shape: &[usize],
    training: bool,
    room: Option<usize>,
) -> Vec<f64> {
    let name = text.split([' ', '(']).next().unwrap();
    if let Some(result) = attention::of_attention(name, text, operands, room) {
        return result;
    }
    let of_images = images::of_images(name, text, operands, shape);
    if let Some(result) = of_images.or_else(|| moves::of_moves(name, text, operands, shape)) {
        return result;
    }
    let a = &operands[0];
    let last = shape.len() - 1;
    if let Some(result) = axis::along(name, text, operands, shape) {
        return result;
    }
    match name {
        "Dense" => each(shape, |index| {
            let (weight, outputs) = (&operands[1], shape[last]);
            let row = index[..last].iter().zip(shape).fold(0, |row, (i, size)| row * size + i);
            let x = a.rows().nth(row).unwrap().iter().enumerate();
            let bias = operands.get(2).map_or(0.0, |bias| bias.values[index[last]]);
            bias + x.map(|(i, x)| x * weight.values[i * outputs + index[last]]).sum::<f64>()
        }),
        "InputGradient" => {
            let dy = a.rows();
            let weight = |row: &[f64], dy: &[f64]| row.iter().zip(dy).map(|(w, d)| w * d).sum();
            dy.flat_map(|dy| operands[1].rows().map(move |row| weight(row, dy))).collect()
        }
        "WeightGradient" => each(shape, |index| {
            let rows = a.rows().zip(operands[1].rows());
            rows.map(|(x, dy)| x[index[1]] * dy[index[2]]).sum()
        }),
        "BiasGradient" => each(shape, |index| a.rows().map(|dy| dy[index[1]]).sum()),
        "Sum" => {
            let mut sums = vec![0.0; shape.iter().product()];
            each(&a.shape, |index| {
                let to = index.iter().zip(shape);
                let to = to.fold(0, |to, (i, size)| to * size + if *size == 1 { 0 } else { *i });
                sums[to] += a.at(index);
                0.0
            });
            sums
        }
        "Concat" => {
            let axis = number(text, "axis") as usize + 1;
            each(shape, |index| {
                let mut index = index.to_vec();
                let mut parts = operands.iter();
                let mut part = parts.next().unwrap();
                while index[axis] >= part.shape[axis] {
                    index[axis] -= part.shape[axis];
                    part = parts.next().unwrap();
                }
                part.at(&index)
            })
        }
        "Slice" => {
            let (axis, start) = (number(text, "axis") as usize + 1, number(text, "start") as usize);
            each(shape, |index| {
                let mut index = index.to_vec();
                index[axis] += start;
                a.at(&index)
            })
        }
        "SliceGrad" => {
            let axis = number(text, "axis") as usize + 1;
            let (_, starts) = text.split_once("starts: [").unwrap();
            let starts = starts.split_once(']').unwrap().0.split(", ");
            let starts: Vec<usize> = starts.map(|start| start.parse().unwrap()).collect();
            each(shape, |index| {
                let part = operands.iter().zip(&starts).find_map(|(part, start)| {
                    let inside = index[axis].checked_sub(*start)?;
                    let mut index = index.to_vec();
                    index[axis] = inside;
                    (inside < part.shape[axis]).then(|| part.at(&index))
                });
                part.unwrap_or(0.0)
            })
        }
        "AddSlice" => {
            let (axis, start) = (number(text, "axis") as usize + 1, number(text, "start") as usize);
            let part = &operands[1];
            each(shape, |index| {
                let mut inside = index.to_vec();
                let added = match inside[axis].checked_sub(start) {
                    Some(at) if at < part.shape[axis] => {
                        inside[axis] = at;
                        part.at(&inside)
                    }
                    _ => 0.0,
                };
                a.at(index) + added
            })
        }
        "Dropout" => {
            let (p, site) = (number(text, "probability"), number(text, "site") as u64);
            let mut random = Philox::new(site).stream(1);
            let mut mask = || if random.uniform() < p { 0.0 } else { 1.0 / (1.0 - p) };
            a.values.iter().map(|x| if training { x * mask() } else { *x }).collect()
        }
        "Exponentials" => a.rows().flat_map(exponentials).collect(),
        "CrossEntropy" => {
            let smooth = number(text, "label_smoothing");
            let rows = a.rows().zip(operands[2].values);
            rows.map(|(x, target)| {
                let shares = shares(x.len(), *target, smooth);
                -log_softmax(x).iter().zip(shares).map(|(y, share)| share * y).sum::<f64>()
            })
            .collect()
        }
        "CrossEntropyGradient" => {
            let smooth = number(text, "label_smoothing");
            let scale = operands[2].values[0];
            let rows = a.rows().zip(operands[1].values);
            rows.flat_map(|(e, target)| {
                let (shares, sum) = (shares(e.len(), *target, smooth), e.iter().sum::<f64>());
                e.iter().zip(shares).map(move |(e, share)| scale * (e / sum - share))
            })
            .collect()
        }
        other => panic!("no kernel {other}: {text}"),
    }
}

/// Returns the target probabilities of cross entropy.
pub(super) fn shares(classes: usize, target: f64, smooth: f64) -> Vec<f64> {
    let share = |class: usize| if class as f64 == target { 1.0 - smooth } else { 0.0 };
    (0..classes).map(|class| share(class) + smooth / classes as f64).collect()
}

/// Returns the exponentials of the differences to the maximum.
pub(super) fn exponentials(row: &[f64]) -> Vec<f64> {
    let largest = row.iter().fold(f64::MIN, |a, b| a.max(*b));
    row.iter().map(|x| (x - largest).exp()).collect()
}

/// Parses a field of a kernel's text: `axis: 1`, or a constant size, `start: Size { terms: {{}: 3} }`.
pub(super) fn number(text: &str, field: &str) -> f64 {
    let rest = text.split_once(&format!("{field}: ")).expect("the field").1;
    let rest = rest.strip_prefix("Size { terms: {").unwrap_or(rest);
    if rest.starts_with('}') {
        return 0.0;
    }
    let rest = rest.strip_prefix("{}: ").unwrap_or(rest);
    let end = rest.find([',', ' ', '}', ')']).unwrap();
    rest[..end].parse().expect("a number")
}

/// Parses a field of a kernel's text that is a list of sizes, `axes: [1, 0]`, or lists of such.
pub(super) fn list(text: &str, field: &str) -> Vec<usize> {
    let rest = text.split_once(&format!("{field}: [")).expect("the field").1;
    let end = rest.find(": ").unwrap_or(rest.len());
    let inside = rest[..end].rsplit_once(']').expect("the end of the list").0;
    let numbers = inside.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    numbers.map(|number| number.parse().expect("a number")).collect()
}
