//! Interprets a graph with plain loops in `f64`, without fusion and shared memory.

mod operations;

use monograd::random::{Generator, Philox};
use monograd_compiler::ast::Element;
use monograd_compiler::ir::loops::Region;
use monograd_compiler::ir::{Graph, Leaf, Op, Value};
use monograd_compiler::program::{Port, Program};
use monograd_compiler::size::Size;
use operations::{Operand, each, of_leaf, scalar};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The data on which a graph is evaluated. Class indices are numbers here.
pub struct Data {
    samples: usize,
    pub inputs: Vec<Vec<f64>>,
    targets: Vec<Vec<f64>>,
    /// The gradients of the outputs, for a network that is applied as a layer.
    pub output_gradients: Vec<Vec<f64>>,
    /// The parameters, in the order of memory.
    pub parameters: Vec<Vec<f64>>,
}

/// Returns a size. That of scratch memory is the runtime's to tell; here it is one that the plan
/// takes for it.
pub fn size(size: &Size) -> usize {
    match size.constant() {
        None if ["scratch(", "most("].iter().any(|of| size.to_string().contains(of)) => 64,
        constant => usize::try_from(constant.unwrap()).unwrap(),
    }
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
                let len = size(&Size::product(parameter.iterations.iter().chain(&parameter.shape)));
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

fn operands_of(read: &[(Rc<Vec<f64>>, Vec<usize>)]) -> Vec<Operand<'_>> {
    read.iter().map(|(values, shape)| Operand { values, shape: shape.clone() }).collect()
}

/// A value in an iteration of each enclosing loop, outermost first.
type Moment = (Value, Vec<usize>);

/// An interpreter that computes the requested values of a graph.
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

    /// Returns a value outside of loops.
    pub fn value(&self, value: Value) -> Rc<Vec<f64>> {
        self.at(value, &[])
    }

    /// Returns a value in every iteration of its enclosing loops, with the iteration numbers.
    pub fn all_iterations(&self, value: Value) -> Vec<(Vec<usize>, Rc<Vec<f64>>)> {
        let mut paths = vec![Vec::new()];
        for region in self.around(value) {
            let longer = |path: &Vec<usize>| {
                let path = path.clone();
                let count = self.size(value, &path, &self.graph[region].count);
                (0..count)
                    .map(move |iteration| [&path[..], &[iteration]].concat())
                    .collect::<Vec<_>>()
            };
            paths = paths.iter().flat_map(longer).collect();
        }
        paths.into_iter().map(|path| (path.clone(), self.at(value, &path))).collect()
    }

    /// Returns a size in an iteration of the enclosing loops of a value: the last group of a loop may be
    /// shorter than the others.
    fn size(&self, value: Value, path: &[usize], of: &Size) -> usize {
        let mut of = of.clone();
        for (region, iteration) in self.around(value).into_iter().zip(path) {
            if self.graph.is_over_groups(region) {
                of = of.with(&self.graph[region].index, &Size::from(*iteration as u64));
            }
        }
        size(&of)
    }

    /// Returns the shape of a value in an iteration, with the batch axis first.
    fn sizes(&self, reader: Value, path: &[usize], value: Value) -> Vec<usize> {
        let ty = self.graph.ty(value);
        let batch = if ty.batched { self.data.samples } else { 1 };
        let shape = ty.shape.iter().map(|axis| self.size(reader, path, axis));
        std::iter::once(batch).chain(shape).collect()
    }

    /// Returns the index variables of the enclosing loops with their iteration numbers. For an iteration
    /// within a group, the number among all iterations is included.
    fn numbers(&self, value: Value, path: &[usize]) -> Vec<(String, usize)> {
        let around = self.around(value);
        let mut numbers: Vec<(String, usize)> = Vec::new();
        for (region, iteration) in around.iter().zip(path) {
            numbers.push((self.graph[*region].index.clone(), *iteration));
            if let Some((name, number)) = self.graph.place_in_course(*region) {
                let number =
                    number.with(&self.graph[*region].index, &Size::from(*iteration as u64));
                numbers.push((name.to_owned(), self.size(value, path, &number)));
            }
        }
        numbers
    }

    /// Returns the enclosing loops of a value, outermost first.
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
        let len: usize = self.sizes(value, path, value).iter().product();
        assert_eq!(result.len(), len, "{value} = {}", node.op);
        self.known.borrow_mut().insert(moment, Rc::clone(&result));
        result
    }

    /// Returns an operand as a value in this iteration reads it. A loop and its mirror are in the same
    /// iteration.
    fn operand(&self, reader: Value, path: &[usize], operand: Value) -> Rc<Vec<f64>> {
        let readers = self.around(reader);
        let iteration = |region: Region| {
            let same = |at: &Region| *at == region || self.graph[*at].mirror == Some(region);
            let iteration =
                path[readers.iter().position(same).expect("an iteration that is there")];
            // a loop over groups reads the value at the beginning of each group
            match &self.graph[region].groups {
                Some(groups) if !readers.contains(&region) => {
                    let iterations = &self.graph[region];
                    let first = iteration * size(&groups.len);
                    if iterations.reversed { size(&iterations.count) - 1 - first } else { first }
                }
                _ => iteration,
            }
        };
        let path: Vec<usize> = self.around(operand).into_iter().map(iteration).collect();
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
                let iterations = &graph[region];
                let count = self.size(value, path, &iterations.count);
                let last = if iterations.reversed { 0 } else { count - 1 };
                let next = iterations.carried.iter().find(|c| c.value == carried).unwrap().next;
                let path: Vec<usize> = path.iter().copied().chain([last]).collect();
                return self.operand(carried, &path, next).to_vec();
            }
            Op::Collect(region) => {
                let inside = node.operands[0];
                let iteration = |iteration: usize| {
                    let mut path = path.to_vec();
                    if let Some((whole, groups)) = graph.grouped(region) {
                        // the iteration's group, and its position in the group
                        let (whole, len) = (&graph[whole], size(&groups.len));
                        let all = size(&whole.count);
                        let before = if whole.reversed { all - 1 - iteration } else { iteration };
                        path.extend([before / len, before % len]);
                    } else {
                        path.push(iteration);
                    }
                    self.operand(inside, &path, inside)
                };
                let iterations: Vec<_> =
                    (0..size(&graph.course(region).1)).map(iteration).collect();
                let len = iterations[0].len() / self.data.samples;
                let samples = (0..self.data.samples).map(|i| i * len..(i + 1) * len);
                return samples
                    .flat_map(|sample| {
                        iterations.iter().flat_map(move |t| t[sample.clone()].to_vec())
                    })
                    .collect();
            }
            Op::Stack => {
                let iterations = self.stacked(value, path);
                return iterations
                    .iter()
                    .flat_map(|iteration| self.at(node.operands[0], iteration).to_vec())
                    .collect();
            }
            _ => {}
        }
        if let Op::Kernel(kernel) = &node.op
            && format!("{kernel:?}") == "ReadBuffer"
        {
            let [room, writer] = node.operands[..] else { panic!("a buffer and its writer") };
            let room = graph[writer].operands.iter().position(|operand| *operand == room);
            return self.of_kernel(writer, path, Some(room.expect("its buffer")));
        }
        if let Op::Kernel(_) = node.op {
            return self.of_kernel(value, path, None);
        }
        let read = self.read(value, path);
        let operands = operands_of(&read);
        let shape = self.sizes(value, path, value);
        match &node.op {
            Op::Leaf(Leaf::Count(of)) => {
                let of = self
                    .numbers(value, path)
                    .into_iter()
                    .fold(of.clone(), |of, (name, n)| of.with(&name, &Size::from(n as u64)));
                vec![size(&of) as f64]
            }
            Op::Leaf(Leaf::Parameter(index)) => {
                let deep = |(region, _): &(&Region, &usize)| graph[**region].per_iteration_params;
                let iteration =
                    around.iter().zip(path).filter(deep).fold(0, |number, (region, iteration)| {
                        number * size(&graph[*region].count) + iteration
                    });
                let len: usize = shape.iter().product();
                self.data.parameters[*index][iteration * len..][..len].to_vec()
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
            Op::Kernel(_)
            | Op::Window(_)
            | Op::Carried(_)
            | Op::Final
            | Op::Collect(_)
            | Op::Stack => unreachable!(),
        }
    }

    /// Returns the result of a kernel, or what it leaves in the operand `room`, a buffer.
    fn of_kernel(&self, value: Value, path: &[usize], room: Option<usize>) -> Vec<f64> {
        let node = &self.graph[value];
        let Op::Kernel(kernel) = &node.op else { panic!("a kernel") };
        let read = self.read(value, path);
        let mut text = format!("{kernel:?}");
        for (index, iteration) in self.numbers(value, path) {
            text = text.replace(&format!("start: {index},"), &format!("start: {iteration},"));
            text = text.replace(&format!("start: {index} "), &format!("start: {iteration} "));
            text = text.replace(&format!("[{index}]"), &format!("[{iteration}]"));
        }
        let shape = self.sizes(value, path, value);
        operations::kernel(&text, &operands_of(&read), &shape, self.training, room)
    }

    /// Returns the operands of a value, with their shapes.
    fn read(&self, value: Value, path: &[usize]) -> Vec<(Rc<Vec<f64>>, Vec<usize>)> {
        let operands = self.graph[value].operands.iter();
        operands
            .map(|operand| (self.operand(value, path, *operand), self.sizes(value, path, *operand)))
            .collect()
    }

    /// Returns a strided part of another value.
    fn window(&self, value: Value, path: &[usize], base: &[f64]) -> Vec<f64> {
        let layout = self.graph.layout(value).expect("strides");
        let numbers = self.numbers(value, path).into_iter();
        let iterations: HashMap<String, f64> = numbers.map(|(name, n)| (name, n as f64)).collect();
        let number = |size: &Size| size.estimate(&iterations) as usize;
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

    /// Returns the iterations of the operand of `stack`, in the iteration `path` of the loops that have not
    /// ended.
    fn stacked(&self, stack: Value, path: &[usize]) -> Vec<Vec<usize>> {
        let node = &self.graph[stack];
        let ended = self.graph.ended(node.operands[0], node.region);
        let around = self.around(stack);
        let mut paths = vec![Vec::new()];
        for region in self.around(node.operands[0]) {
            let same = |at: &Region| *at == region || self.graph[*at].mirror == Some(region);
            let iterations = match ended.contains(&region) {
                true => 0..self.size(stack, path, &self.graph[region].count),
                false => {
                    let iteration =
                        path[around.iter().position(same).expect("an iteration that is there")];
                    iteration..iteration + 1
                }
            };
            let longer = |path: &Vec<usize>| {
                let path = path.clone();
                iterations
                    .clone()
                    .map(move |iteration| [&path[..], &[iteration]].concat())
                    .collect::<Vec<_>>()
            };
            paths = paths.iter().flat_map(longer).collect();
        }
        paths
    }

    /// Returns a loop-carried value: the initial value in the first iteration, else the result of the
    /// previous iteration.
    fn carried(&self, value: Value, region: Region, path: &[usize]) -> Vec<f64> {
        let iterations = &self.graph[region];
        let (outside, iteration) = (&path[..path.len() - 1], path[path.len() - 1]);
        let count = self.size(value, path, &iterations.count);
        let first = if iterations.reversed { count - 1 } else { 0 };
        if iteration == first {
            let initial = self.graph[value].operands[0];
            // the initial value is computed outside of the loop, perhaps in no loop at all
            return self.operand(value, &[outside, &[iteration]].concat(), initial).to_vec();
        }
        let before = if iterations.reversed { iteration + 1 } else { iteration - 1 };
        let next = iterations.carried.iter().find(|c| c.value == value).unwrap().next;
        let path: Vec<usize> = outside.iter().copied().chain([before]).collect();
        self.operand(value, &path, next).to_vec()
    }
}
