//! The passes that show the values of a network to whoever looks into it: what each operation of the
//! forward pass computes, and the gradients as they flow in the backward pass.
//!
//! Each traced value is a [`Root::Trace`], so that all later stages keep it in memory until it is shown: at
//! the end of the iteration, or of the function, in which it is computed. The runtime puts the values in
//! the order of the graph.

mod shown;

pub use shown::Shown;

use crate::ast::Element;
use crate::differentiate::Flow;
use crate::ir::function::Function;
use crate::ir::kernel::OutBuffer;
use crate::ir::loops::Region;
use crate::ir::{Direction, Graph, Leaf, Op, Root, Value};
use crate::pass::PassGraph;
use crate::program::Program;
use crate::size::Size;
use std::collections::HashMap;

/// The traced values of a pass, by number, and what is shown of each layer.
pub struct Trace {
    /// The values.
    pub values: Vec<Traced>,
    /// The layers and named values.
    pub shown: Vec<Shown>,
}

/// A traced value.
pub struct Traced {
    /// The value in the graph of the pass.
    pub value: Value,
    /// The value by whose place in the graph it is put in order: itself, unless it is a copy.
    pub order: Value,
    /// The operation of the checked graph that it belongs to.
    pub of: Value,
    /// Its part in the pass.
    pub role: Role,
    /// The operands that it is computed from; for a gradient, the value whose gradient it is.
    pub sources: Vec<Source>,
}

/// The part of a traced value in a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The result of an operation.
    Result,
    /// The term that the derivative of an operation adds to the gradient of an operand.
    Contribution,
    /// The whole gradient of the result of an operation.
    Gradient,
    /// The slope of an activation.
    Slope,
}

/// A value that another is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A traced value, by its number.
    Traced(usize),
    /// An input.
    Input(usize),
    /// A target.
    Target(usize),
}

/// Returns true if an operation of its own computes the value, into memory of its own: it can be traced as
/// it is.
#[must_use]
pub fn is_traceable(graph: &Graph, value: Value) -> bool {
    let node = &graph[value];
    let is_computed = match &node.op {
        Op::Scalar(function) => !matches!(function, Function::Save(_)),
        Op::Kernel(kernel) => !kernel.is::<OutBuffer>() && graph.movement(value).is_none(),
        _ => false,
    };
    is_computed && node.ty.element == Element::Real && !node.ty.is_number()
}

/// Returns the loops around a region from the outermost, each with the number of the current iteration. A
/// loop over groups of iterations is left out: the loops in it know the iteration.
#[must_use]
pub fn courses(graph: &Graph, region: Option<Region>) -> Vec<(Region, Size)> {
    let mut around: Vec<Region> = graph.enclosing(region).collect();
    around.retain(|region| !graph.is_over_groups(*region));
    around.reverse();
    around.into_iter().map(|region| (region, graph.course(region).0)).collect()
}

/// A pass with traced values under construction.
pub struct Tracer<'a> {
    program: &'a Program,
    graph: Graph,
    /// The value in `graph` of each value of the checked graph, if it is another.
    remap: &'a HashMap<Value, Value>,
    values: Vec<Traced>,
    /// The numbers of the traced values.
    numbers: HashMap<Value, usize>,
    /// The numbers of the whole gradients of values.
    whole_gradients: HashMap<Value, usize>,
}

impl<'a> Tracer<'a> {
    /// Begins with the graph of a pass.
    #[must_use]
    pub fn new(program: &'a Program, graph: Graph, remap: &'a HashMap<Value, Value>) -> Self {
        let (numbers, whole_gradients) = (HashMap::new(), HashMap::new());
        Self { program, graph, remap, values: Vec::new(), numbers, whole_gradients }
    }

    /// Traces what every operation of the forward pass computes, and what it computes it from.
    pub fn results(&mut self) {
        let mut sources = Vec::new();
        for of in self.program.graph.values() {
            let value = self.present(of);
            if is_traceable(&self.graph, value) && !self.numbers.contains_key(&value) {
                sources.extend(self.trace(of, value, Role::Result));
            }
        }
        for number in sources {
            let value = self.values[number].value;
            let operands = self.graph[value].operands.clone();
            self.values[number].sources = self.sources(&operands);
        }
    }

    /// Traces the gradients of the backward pass.
    pub fn gradients(&mut self, flows: &[Flow]) {
        let back: HashMap<Value, Value> =
            self.program.graph.values().rev().map(|of| (self.present(of), of)).collect();
        for Flow { of, operand, gradient } in flows {
            let Some(checked) = back.get(of) else { continue };
            let role = if operand.is_some() { Role::Contribution } else { Role::Gradient };
            let Some(number) = self.trace(*checked, *gradient, role) else { continue };
            match operand {
                Some(index) if self.values[number].role == Role::Contribution => {
                    let operand = self.graph[*of].operands[*index];
                    self.values[number].sources = self.sources(&[operand]);
                }
                Some(_) => {}
                None => {
                    self.whole_gradients.insert(*of, number);
                }
            }
        }
    }

    /// Returns the pass.
    #[must_use]
    pub fn finish(self, mut roots: Vec<Root>, shown: Vec<Shown>) -> (PassGraph, Trace) {
        let traced = self.values.iter().enumerate();
        roots.extend(traced.map(|(number, traced)| Root::Trace(number, traced.value)));
        (PassGraph { graph: self.graph, roots }, Trace { values: self.values, shown })
    }

    /// Returns the value of this pass for one of the checked graph.
    fn present(&self, of: Value) -> Value {
        self.remap.get(&of).copied().unwrap_or(of)
    }

    /// Traces a value, and returns its number; none for numbers that are in no memory, and for class
    /// numbers.
    fn trace(&mut self, of: Value, value: Value, role: Role) -> Option<usize> {
        let ty = self.graph.ty(value);
        if ty.is_number() || ty.element != Element::Real {
            return None;
        }
        if let Some(number) = self.numbers.get(&value) {
            return Some(*number);
        }
        let number = self.values.len();
        self.numbers.insert(value, number);
        self.values.push(Traced { value, order: value, of, role, sources: Vec::new() });
        Some(number)
    }

    /// Returns what operands are, as far as they can be shown.
    fn sources(&self, operands: &[Value]) -> Vec<Source> {
        operands.iter().filter_map(|operand| self.source(*operand)).collect()
    }

    fn source(&self, mut value: Value) -> Option<Source> {
        loop {
            if let Some(number) = self.numbers.get(&value) {
                return Some(Source::Traced(*number));
            }
            let node = &self.graph[value];
            match node.op {
                Op::Leaf(Leaf::Input(index)) => return Some(Source::Input(index)),
                Op::Leaf(Leaf::Target(index)) => return Some(Source::Target(index)),
                Op::View | Op::Scalar(Function::Expand) => value = node.operands[0],
                _ => return None,
            }
        }
    }

    /// Calls `add` with the graph, to add values that are computed beside `value`, in its iteration.
    ///
    /// They are of the backward pass, as what activations keep for it: a loop of the forward pass does not
    /// end with them.
    fn beside(&mut self, value: Value, add: impl FnOnce(&mut Graph) -> Value) -> Value {
        let node = &self.graph[value];
        (self.graph.region, self.graph.line) = (node.region, node.line);
        self.graph.direction = Direction::Backward;
        let added = add(&mut self.graph);
        self.graph.region = None;
        added
    }
}
