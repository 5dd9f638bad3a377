//! The intermediate representation: a list of nodes in the order in which they are computed. Each
//! value is computed once; its shape is that of one sample.

mod below;
pub mod display;
mod element;
pub mod float;
mod flops;
pub mod function;
pub mod kernel;
pub mod layout;
pub mod loops;
mod op;
mod root;
pub mod step;
mod types;

pub use op::{Constant, Leaf, Op};
pub use root::{Assignment, Contribution, Root};
pub use types::Type;

use crate::size::Size;
use float::Float;
use function::Function;
use kernel::{Kernel, Movement};
use loops::{Loop, Region};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::rc::Rc;

/// A value of a graph: the result of one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value(pub usize);

/// The pass that a node belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From inputs to outputs and loss.
    Forward,
    /// From the loss to the parameters.
    Backward,
}

/// A node: one operation with its operands.
#[derive(Clone, Debug)]
pub struct Node {
    /// The operation.
    pub op: Op,
    /// The operands of the operation.
    pub operands: Vec<Value>,
    /// The type of the result.
    pub ty: Type,
    /// The pass that the node belongs to.
    pub direction: Direction,
    /// The innermost loop that contains the node, `None` outside of all loops.
    pub region: Option<Region>,
    /// The name of the result in generated code, empty if it has none.
    pub name: String,
    /// The function of the language whose result it is, for a name in generated code.
    pub function: Option<&'static str>,
    /// The source line that the node came from, an index into the program's lines.
    pub line: usize,
}

/// A graph: nodes in an order in which they can be computed.
#[derive(Clone, Debug)]
pub struct Graph {
    nodes: Vec<Node>,
    /// The nodes by the hash of what they compute.
    known: HashMap<u64, Vec<Value>>,
    regions: Vec<Loop>,
    /// The pass of the nodes that are added next.
    pub direction: Direction,
    /// The loop of the nodes that are added next.
    pub region: Option<Region>,
    /// The source line of the nodes that are added next.
    pub line: usize,
}

impl Default for Graph {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            known: HashMap::new(),
            regions: Vec::new(),
            direction: Direction::Forward,
            region: None,
            line: 0,
        }
    }
}

impl std::ops::Index<Value> for Graph {
    type Output = Node;
    fn index(&self, value: Value) -> &Node {
        &self.nodes[value.0]
    }
}

impl Graph {
    /// Returns all values in order.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = Value> + ExactSizeIterator + use<> {
        (0..self.nodes.len()).map(Value)
    }

    /// Returns the type of a value.
    #[must_use]
    pub fn ty(&self, value: Value) -> &Type {
        &self[value].ty
    }

    /// Returns the shape of a value.
    #[must_use]
    pub fn shape(&self, value: Value) -> &[Size] {
        &self[value].ty.shape
    }

    /// Names a value for generated code, unless it has a name already.
    pub fn name(&mut self, value: Value, name: &str) {
        let node = &mut self.nodes[value.0];
        if node.name.is_empty() {
            node.name = name.to_owned();
        }
    }

    /// Notes the function whose result a value is, which names it if nothing else does.
    pub fn result_of(&mut self, value: Value, function: &'static str) {
        self.nodes[value.0].function.get_or_insert(function);
    }

    /// Adds a node, or returns an existing one that computes the same.
    pub fn add(&mut self, op: Op, operands: Vec<Value>, ty: Type) -> Value {
        let region = self.region_of(&op, &operands, &ty);
        self.add_in(region, op, operands, ty)
    }

    /// Does the same as [`add`](Self::add) for a node in the given loop.
    pub fn add_in(
        &mut self,
        region: Option<Region>,
        op: Op,
        operands: Vec<Value>,
        ty: Type,
    ) -> Value {
        let mut hasher = DefaultHasher::new();
        (&op, &operands, &ty).hash(&mut hasher);
        let hash = hasher.finish();
        let same = |value: &&Value| {
            let node = &self[**value];
            node.op == op
                && node.operands == operands
                && node.ty == ty
                && self.is_within(region, node.region)
        };
        if let Some(value) = self.known.get(&hash).into_iter().flatten().find(same) {
            return *value;
        }
        let value = self.insert(op, operands, ty, region);
        self.known.entry(hash).or_default().push(value);
        value
    }

    fn insert(&mut self, op: Op, operands: Vec<Value>, ty: Type, region: Option<Region>) -> Value {
        let value = Value(self.nodes.len());
        let (direction, line) = (self.direction, self.line);
        self.nodes.push(Node {
            op,
            operands,
            ty,
            direction,
            region,
            name: String::new(),
            function: None,
            line,
        });
        value
    }

    /// Returns the region in which a node is computed: numbers are hoisted out of the loops that
    /// they do not depend on, leaves out of all loops; all other nodes stay in the current region.
    fn region_of(&self, op: &Op, operands: &[Value], ty: &Type) -> Option<Region> {
        let depends = |region: &Region| match op {
            Op::Leaf(Leaf::Count(size)) => {
                let whole = self.grouped(*region).map_or(*region, |(whole, _)| whole);
                size.mentions(&self[*region].index) || size.mentions(&self[whole].index)
            }
            Op::Scalar(_) if ty.is_number() => {
                operands.iter().any(|operand| self.is_within(self[*operand].region, Some(*region)))
            }
            Op::Leaf(_) => false,
            _ => true,
        };
        self.enclosing(self.region).find(depends)
    }

    /// Adds a copy of `node` with other operands; used to rebuild a graph.
    pub fn adopt(&mut self, node: &Node, operands: Vec<Value>) -> Value {
        (self.direction, self.line) = (node.direction, node.line);
        let (op, ty) = (node.op.clone(), node.ty.clone());
        let value = match op {
            // never deduplicated: carried values that start alike may go on differently
            Op::Carried(_) | Op::Scalar(Function::Expand) => {
                self.insert(op, operands, ty, node.region)
            }
            _ => self.add_in(node.region, op, operands, ty),
        };
        self.name(value, &node.name);
        if let Some(function) = node.function {
            self.result_of(value, function);
        }
        value
    }

    /// Takes over the loops of another graph whose nodes are rebuilt in this one; `remap` maps a
    /// value of the other graph to the one here.
    pub fn adopt_regions(&mut self, other: &Self, remap: impl Fn(Value) -> Option<Value>) {
        self.regions.clone_from(&other.regions);
        for carried in self.regions.iter_mut().flat_map(|iterations| &mut iterations.carried) {
            if let (Some(value), Some(next)) = (remap(carried.value), remap(carried.next)) {
                (carried.value, carried.next) = (value, next);
            }
        }
    }

    /// Adds a leaf: a value that exists before the graph runs.
    pub fn leaf(&mut self, leaf: Leaf, ty: Type) -> Value {
        self.add(Op::Leaf(leaf), Vec::new(), ty)
    }

    /// Adds a number.
    pub fn number(&mut self, x: f64) -> Value {
        self.leaf(Leaf::Number(Float(x)), Type::shared(Vec::new()))
    }

    /// Adds `size` as a number: a constant if it is known, else a [`Leaf::Count`].
    pub fn count(&mut self, size: &Size) -> Value {
        match size.constant() {
            #[allow(clippy::cast_precision_loss)]
            Some(n) => self.number(n as f64),
            None => self.leaf(Leaf::Count(size.clone()), Type::shared(Vec::new())),
        }
    }

    /// Returns the elements of a value under another shape, in the same memory if they are in
    /// memory.
    pub fn view(&mut self, value: Value, shape: Vec<Size>) -> Value {
        if self.shape(value) == shape {
            return value;
        }
        if self.ty(value).is_number() {
            // a number is in a register, but a value with axes is in memory
            return self.expand(value, &Type::shared(shape));
        }
        if shape.is_empty() && !self.ty(value).batched {
            // a number is in a register, but this value is in memory: each sample gets its own
            let one = self.view(value, vec![Size::one()]);
            return self.expand(one, &Type::sample(shape));
        }
        let ty = Type { shape, ..self.ty(value).clone() };
        match self.expanded_number(value) {
            Some(number) => self.expand(number, &ty),
            None => self.add(Op::View, vec![value], ty),
        }
    }

    /// Adds a kernel; the type of the result follows from the operands.
    pub fn kernel(&mut self, kernel: impl Kernel, operands: Vec<Value>) -> Value {
        let types: Vec<&Type> = operands.iter().map(|v| self.ty(*v)).collect();
        let ty = kernel.result(&types);
        self.add(Op::Kernel(Rc::new(kernel)), operands, ty)
    }

    /// Returns the value in whose memory `value` lies: the end of a chain of views, windows and
    /// final values.
    #[must_use]
    pub fn base(&self, mut value: Value) -> Value {
        while let Op::View | Op::Window(_) | Op::Final = self[value].op {
            value = self[value].operands[0];
        }
        value
    }

    /// Returns the operation of a value for modification.
    pub fn op_mut(&mut self, value: Value) -> &mut Op {
        &mut self.nodes[value.0].op
    }

    /// Returns the number of a leaf, if the value is one with a known number.
    #[must_use]
    pub fn known_number(&self, value: Value) -> Option<f64> {
        match self[value].op {
            Op::Leaf(Leaf::Number(Float(x))) => Some(x),
            _ => None,
        }
    }

    /// Returns the number that all elements of a value are, if that is known.
    #[must_use]
    pub fn known_elements(&self, value: Value) -> Option<f64> {
        let moves =
            || matches!(self.movement(value), Some(Movement::Slice(_) | Movement::Permute(_)));
        match self[value].op {
            Op::View | Op::Window(_) | Op::Scalar(Function::Expand) => {
                self.known_elements(self[value].operands[0])
            }
            Op::Kernel(_) if moves() => self.known_elements(self[value].operands[0]),
            _ => self.known_number(value),
        }
    }
}
