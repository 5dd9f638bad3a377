//! The meaning of a graph, in plain loops in `f64`: no fusing, no memory shared.

use monograd::random::{Generator, Philox};
use monograd::{Activation, Gelu, Relu, Sigmoid, Silu, Tanh};
use monograd_compiler::ast::Element;
use monograd_compiler::ir::function::Function;
use monograd_compiler::ir::turns::Region;
use monograd_compiler::ir::{Graph, Leaf, Op, Type, Value};
use monograd_compiler::program::{Port, Program};
use monograd_compiler::size::Size;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// What a graph is evaluated on; class numbers are numbers here.
pub struct Data {
    samples: usize,
    pub inputs: Vec<Vec<f64>>,
    targets: Vec<Vec<f64>>,
    /// What the loss of a network that is a layer would give.
    pub output_gradients: Vec<Vec<f64>>,
    /// In the order of memory.
    pub parameters: Vec<Vec<f64>>,
}

fn size(size: &Size) -> usize {
    usize::try_from(size.constant().unwrap()).unwrap()
}

fn sizes(ty: &Type, samples: usize) -> Vec<usize> {
    let batch = if ty.batched { samples } else { 1 };
    std::iter::once(batch).chain(ty.shape.iter().map(size)).collect()
}

impl Data {
    pub fn random(program: &Program, samples: usize, seed: u64) -> Self {
        let mut random = Philox::new(seed).stream(5);
        let port = |random: &mut Generator, port: &Port| match port.element {
            Element::Index => {
                let len = samples * size(&Size::product(&port.shape));
                let classes = size(&port.classes.as_ref().unwrap().count);
                (0..len).map(|_| random.below(classes) as f64).collect()
            }
            _ => normals(random, samples * size(&Size::product(&port.shape))),
        };
        let inputs = program.inputs.iter().map(|p| port(&mut random, p)).collect();
        let targets = program.targets.iter().map(|p| port(&mut random, p)).collect();
        let parameters = program
            .parameters
            .iter()
            .map(|parameter| {
                let len = size(&Size::product(parameter.turns.iter().chain(&parameter.shape)));
                normals(&mut random, len)
            })
            .collect();
        let gradient = |(p, _): &(Port, Value)| port(&mut random, p);
        let output_gradients = program.outputs.iter().map(gradient).collect();
        Self { samples, inputs, targets, output_gradients, parameters }
    }
}

fn normals(random: &mut Generator, len: usize) -> Vec<f64> {
    (0..len).map(|_| 0.7 * random.normal()).collect()
}

/// A value in the turns of the loops around it, from the outside in.
type Moment = (Value, Vec<usize>);

/// Computes what is asked of a graph.
pub struct Machine<'a> {
    graph: &'a Graph,
    data: &'a Data,
    training: bool,
    known: RefCell<HashMap<Moment, Rc<Vec<f64>>>>,
}

impl<'a> Machine<'a> {
    pub fn new(graph: &'a Graph, data: &'a Data, training: bool) -> Self {
        Self { graph, data, training, known: RefCell::new(HashMap::new()) }
    }

    /// A value outside of loops.
    pub fn value(&self, value: Value) -> Rc<Vec<f64>> {
        self.at(value, &[])
    }

    /// A value in every turn of the loops around it, with the turns' numbers.
    pub fn all_turns(&self, value: Value) -> Vec<(Vec<usize>, Rc<Vec<f64>>)> {
        let mut paths = vec![Vec::new()];
        for region in self.around(value) {
            let count = size(&self.graph[region].count);
            paths = (0..count)
                .flat_map(|turn| {
                    paths.iter().map(move |p| {
                        let mut path: Vec<usize> = p.clone();
                        path.push(turn);
                        path
                    })
                })
                .collect();
        }
        paths.into_iter().map(|path| (path.clone(), self.at(value, &path))).collect()
    }

    /// The loops around a value, from the outside in.
    fn around(&self, value: Value) -> Vec<Region> {
        let mut around: Vec<Region> = self.graph.enclosing(self.graph[value].region).collect();
        around.reverse();
        around
    }

    fn at(&self, value: Value, path: &[usize]) -> Rc<Vec<f64>> {
        let moment = (value, path.to_vec());
        if let Some(known) = self.known.borrow().get(&moment) {
            return Rc::clone(known);
        }
        let result = Rc::new(self.compute(value, path));
        let node = &self.graph[value];
        let len: usize = sizes(&node.ty, self.data.samples).iter().product();
        assert_eq!(result.len(), len, "{value} = {}", node.op);
        self.known.borrow_mut().insert(moment, Rc::clone(&result));
        result
    }

    /// An operand as a value in these turns reads it: a loop and its mirror are in the same turn.
    fn operand(&self, reader: Value, path: &[usize], operand: Value) -> Rc<Vec<f64>> {
        let readers = self.around(reader);
        let turn = |region: Region| {
            let same = |at: &Region| *at == region || self.graph[*at].mirror == Some(region);
            path[readers.iter().position(same).expect("a turn that is there")]
        };
        let path: Vec<usize> = self.around(operand).into_iter().map(turn).collect();
        self.at(operand, &path)
    }

    fn compute(&self, value: Value, path: &[usize]) -> Vec<f64> {
        let graph = self.graph;
        let node = &graph[value];
        let around = self.around(value);
        match node.op {
            Op::Carried(region) => return self.carried(value, region, path),
            Op::Final => {
                let carried = node.operands[0];
                let region = graph[carried].region.expect("a loop");
                let turns = &graph[region];
                let last = if turns.reversed { 0 } else { size(&turns.count) - 1 };
                let next = turns.carried.iter().find(|c| c.value == carried).unwrap().next;
                let path: Vec<usize> = path.iter().copied().chain([last]).collect();
                return self.operand(carried, &path, next).to_vec();
            }
            Op::Collect(region) => {
                let inside = node.operands[0];
                let turns: Vec<_> = (0..size(&graph[region].count))
                    .map(|turn| {
                        let path: Vec<usize> = path.iter().copied().chain([turn]).collect();
                        self.operand(inside, &path, inside)
                    })
                    .collect();
                let len = turns[0].len() / self.data.samples;
                let samples = (0..self.data.samples).map(|i| i * len..(i + 1) * len);
                return samples
                    .flat_map(|sample| turns.iter().flat_map(move |t| t[sample.clone()].to_vec()))
                    .collect();
            }
            Op::Stack => {
                let turns = self.stacked(value, path);
                return turns
                    .iter()
                    .flat_map(|turn| self.at(node.operands[0], turn).to_vec())
                    .collect();
            }
            _ => {}
        }
        let read: Vec<Rc<Vec<f64>>> =
            node.operands.iter().map(|operand| self.operand(value, path, *operand)).collect();
        let operands: Vec<Operand<'_>> = node
            .operands
            .iter()
            .zip(&read)
            .map(|(operand, values)| {
                let shape = sizes(graph.ty(*operand), self.data.samples);
                Operand { values, shape }
            })
            .collect();
        let shape = sizes(&node.ty, self.data.samples);
        match &node.op {
            Op::Leaf(Leaf::Parameter(index)) => {
                let turn = around
                    .iter()
                    .zip(path)
                    .fold(0, |number, (region, turn)| number * size(&graph[*region].count) + turn);
                let len: usize = shape.iter().product();
                self.data.parameters[*index][turn * len..][..len].to_vec()
            }
            Op::Leaf(leaf) => of_leaf(leaf, self.data),
            Op::View | Op::Window(_) if graph.is_window(value) => {
                let mut base = value;
                while let Op::View | Op::Window(_) = graph[base].op {
                    base = graph[base].operands[0];
                }
                self.window(value, path, &self.operand(value, path, base))
            }
            Op::View => operands[0].values.to_vec(),
            Op::Scalar(function) => each(&shape, |index| {
                let at = |i: usize| operands[i].broadcast(index);
                scalar(function, &at)
            }),
            Op::Kernel(kernel) => {
                let mut text = format!("{kernel:?}");
                for (region, turn) in around.iter().zip(path) {
                    let index = &graph[*region].index;
                    text = text.replace(&format!("start: {index},"), &format!("start: {turn},"));
                    text = text.replace(&format!("start: {index} "), &format!("start: {turn} "));
                    text = text.replace(&format!("[{index}]"), &format!("[{turn}]"));
                }
                self::kernel(&text, &operands, &shape, self.training)
            }
            Op::Window(_) | Op::Carried(_) | Op::Final | Op::Collect(_) | Op::Stack => {
                unreachable!()
            }
        }
    }

    /// A part of another value's memory, found by strides.
    fn window(&self, value: Value, path: &[usize], base: &[f64]) -> Vec<f64> {
        let layout = self.graph.layout(value).expect("strides");
        let around = self.around(value);
        let turn =
            |(region, turn): (&Region, &usize)| (self.graph[*region].index.clone(), *turn as f64);
        let turns: HashMap<String, f64> = around.iter().zip(path).map(turn).collect();
        let number = |size: &Size| size.estimate(&turns) as usize;
        let mut places = vec![number(&layout.start())];
        let mut along = |size: usize, stride: usize| {
            places = places.iter().flat_map(|at| (0..size).map(move |i| at + i * stride)).collect();
        };
        if let Some(stride) = &layout.sample {
            along(self.data.samples, number(stride));
        }
        layout.axes.iter().for_each(|axis| along(number(&axis.size), number(&axis.stride)));
        places.iter().map(|at| base[*at]).collect()
    }

    /// The turns of what `stack` is of, in the turns `path` of the loops that still go on.
    fn stacked(&self, stack: Value, path: &[usize]) -> Vec<Vec<usize>> {
        let node = &self.graph[stack];
        let ended = self.graph.ended(node.operands[0], node.region);
        let around = self.around(stack);
        let mut paths = vec![Vec::new()];
        for region in self.around(node.operands[0]) {
            let same = |at: &Region| *at == region || self.graph[*at].mirror == Some(region);
            let turns = match ended.contains(&region) {
                true => 0..size(&self.graph[region].count),
                false => {
                    let turn = path[around.iter().position(same).expect("a turn that is there")];
                    turn..turn + 1
                }
            };
            let longer = |path: &Vec<usize>| {
                let path = path.clone();
                turns.clone().map(move |turn| [&path[..], &[turn]].concat()).collect::<Vec<_>>()
            };
            paths = paths.iter().flat_map(longer).collect();
        }
        paths
    }

    /// What is carried is what it began with, or what the turn before made of it.
    fn carried(&self, value: Value, region: Region, path: &[usize]) -> Vec<f64> {
        let turns = &self.graph[region];
        let (outside, turn) = (&path[..path.len() - 1], path[path.len() - 1]);
        let first = if turns.reversed { size(&turns.count) - 1 } else { 0 };
        if turn == first {
            let initial = self.graph[value].operands[0];
            let outer = self.around(initial).len();
            // it is computed outside, perhaps in no loop at all
            return self.at(initial, &outside[..outer]).to_vec();
        }
        let before = if turns.reversed { turn + 1 } else { turn - 1 };
        let next = turns.carried.iter().find(|c| c.value == value).unwrap().next;
        let path: Vec<usize> = outside.iter().copied().chain([before]).collect();
        self.operand(value, &path, next).to_vec()
    }
}

/// A value that is read, with the batch as its first axis.
struct Operand<'a> {
    values: &'a [f64],
    shape: Vec<usize>,
}

impl Operand<'_> {
    fn at(&self, index: &[usize]) -> f64 {
        let place = index.iter().zip(&self.shape).fold(0, |place, (i, size)| place * size + i);
        self.values[place]
    }

    /// The element that an index of a shape which this one broadcasts to stands for.
    fn broadcast(&self, index: &[usize]) -> f64 {
        // from the last axis; the batch is always the first
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

    /// Rows along the last axis.
    fn rows(&self) -> std::slice::Chunks<'_, f64> {
        self.values.chunks(*self.shape.last().unwrap())
    }
}

/// A tensor from its elements' indices, in row-major order.
fn each(shape: &[usize], mut element: impl FnMut(&[usize]) -> f64) -> Vec<f64> {
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

fn of_leaf(leaf: &Leaf, data: &Data) -> Vec<f64> {
    match leaf {
        Leaf::Input(index) => data.inputs[*index].clone(),
        Leaf::Target(index) => data.targets[*index].clone(),
        Leaf::OutputGradient(index) => data.output_gradients[*index].clone(),
        Leaf::State(_) | Leaf::Constant(_) => panic!("the generated networks have none"),
        Leaf::Parameter(_) => panic!("a parameter is that of a turn"),
        Leaf::Number(x) => vec![*x],
        Leaf::Count(count) => vec![size(count) as f64],
        Leaf::BatchMean => vec![1.0 / data.samples as f64],
        // the generated networks have one row of logits a sample, all of weight 1
        Leaf::Normaliser(_) => vec![1.0],
    }
}

fn scalar(function: &Function, at: &dyn Fn(usize) -> f64) -> f64 {
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
        Function::Power(p) => a.powf(*p),
        Function::Expand | Function::Slope(_) | Function::Stop => a,
        Function::Own(_) | Function::OwnSlope(..) => panic!("no functions of one's own here"),
        Function::Activate(activation) => activate(&activation.text, a).0,
        Function::Keep(activation) => activate(&activation.text, a).1,
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

/// An activation and its derivative.
fn activate(name: &str, x: f64) -> (f64, f64) {
    match name {
        "Gelu" => Gelu::forward_and_derivative(x),
        "Relu" => Relu::forward_and_derivative(x),
        "Sigmoid" => Sigmoid::forward_and_derivative(x),
        "Silu" => Silu::forward_and_derivative(x),
        "Tanh" => Tanh::forward_and_derivative(x),
        other => panic!("no activation {other}"),
    }
}

/// A kernel by the text that tells it from others.
fn kernel(text: &str, operands: &[Operand<'_>], shape: &[usize], training: bool) -> Vec<f64> {
    let name = text.split([' ', '(']).next().unwrap();
    let a = &operands[0];
    let last = shape.len() - 1;
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
        "Embed" => {
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
        "Softmax" => a.rows().flat_map(softmax).collect(),
        "LogSoftmax" => a.rows().flat_map(log_softmax).collect(),
        "SoftmaxGradient" => row_pairs(operands, |y, dy| {
            let mean: f64 = y.iter().zip(dy).map(|(y, dy)| y * dy).sum();
            y.iter().zip(dy).map(|(y, dy)| y * (dy - mean)).collect()
        }),
        "LogSoftmaxGradient" => row_pairs(operands, |y, dy| {
            let sum: f64 = dy.iter().sum();
            y.iter().zip(dy).map(|(y, dy)| dy - y.exp() * sum).collect()
        }),
        // the generated networks reduce the last axis
        "Extreme" if text.contains("Max") => {
            a.rows().map(|x| x.iter().fold(f64::MIN, |a, b| a.max(*b))).collect()
        }
        "Extreme" => a.rows().map(|x| x.iter().fold(f64::MAX, |a, b| a.min(*b))).collect(),
        "ExtremeGradient" => row_pairs(operands, |x, y| {
            let first = x.iter().position(|x| *x == y[0]);
            (0..x.len()).map(|i| f64::from(Some(i) == first)).collect()
        })
        .iter()
        .enumerate()
        .map(|(i, hit)| hit * operands[2].values[i / a.shape[last]])
        .collect(),
        "LogSumExp" => a.rows().map(|x| x.iter().map(|x| x.exp()).sum::<f64>().ln()).collect(),
        "LogSumExpGradient" => {
            row_pairs(operands, |x, dy| softmax(x).into_iter().map(|share| share * dy[0]).collect())
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

/// The probabilities that cross entropy compares with.
fn shares(classes: usize, target: f64, smooth: f64) -> Vec<f64> {
    let share = |class: usize| if class as f64 == target { 1.0 - smooth } else { 0.0 };
    (0..classes).map(|class| share(class) + smooth / classes as f64).collect()
}

fn softmax(row: &[f64]) -> Vec<f64> {
    log_softmax(row).into_iter().map(f64::exp).collect()
}

fn log_softmax(row: &[f64]) -> Vec<f64> {
    let sum: f64 = row.iter().map(|x| x.exp()).sum();
    row.iter().map(|x| x - sum.ln()).collect()
}

/// Of the differences to the largest.
fn exponentials(row: &[f64]) -> Vec<f64> {
    let largest = row.iter().fold(f64::MIN, |a, b| a.max(*b));
    row.iter().map(|x| (x - largest).exp()).collect()
}

fn row_pairs(operands: &[Operand<'_>], f: impl Fn(&[f64], &[f64]) -> Vec<f64>) -> Vec<f64> {
    operands[0].rows().zip(operands[1].rows()).flat_map(|(a, b)| f(a, b)).collect()
}

/// A field of a kernel's text: `axis: 1`, or a constant size, `start: Size { terms: {{}: 3} }`.
fn number(text: &str, field: &str) -> f64 {
    let rest = text.split_once(&format!("{field}: ")).expect("the field").1;
    let rest = rest.strip_prefix("Size { terms: {").unwrap_or(rest);
    if rest.starts_with('}') {
        return 0.0;
    }
    let rest = rest.strip_prefix("{}: ").unwrap_or(rest);
    let end = rest.find([',', ' ', '}', ')']).unwrap();
    rest[..end].parse().expect("a number")
}
