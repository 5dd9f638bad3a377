//! The intermediate representation: operations in the order in which they are computed, each
//! value computed once, with the shape of one sample.

mod below;
pub mod display;
mod element;
mod flops;
pub mod function;
pub mod kernel;
pub mod layout;
pub mod loops;
mod op;
mod types;

pub use op::{Constant, Leaf, Op};
pub use types::Type;

use crate::size::Size;
use function::Function;
use kernel::Kernel;
use loops::{Loop, Region};
use std::collections::HashMap;
use std::rc::Rc;

/// A value of a graph: the result of one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value(pub usize);

/// Where in the two passes a node belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From inputs to outputs and loss.
    Forward,
    /// From the loss to the parameters.
    Backward,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it computes.
    pub op: Op,
    /// Of what.
    pub operands: Vec<Value>,
    /// What the result is.
    pub ty: Type,
    /// The pass that it belongs to.
    pub direction: Direction,
    /// The loop whose iterations compute it.
    pub region: Option<Region>,
    /// What to call the result in generated code.
    pub name: String,
    /// The source line it came from, an index into the program's lines.
    pub line: usize,
}

/// Operations in an order in which they can be computed.
#[derive(Clone, Debug)]
pub struct Graph {
    nodes: Vec<Node>,
    known: HashMap<String, Vec<Value>>,
    regions: Vec<Loop>,
    /// The pass of nodes to come.
    pub direction: Direction,
    /// The loop of nodes to come.
    pub region: Option<Region>,
    /// The source line of nodes to come.
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
    /// All values in order.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = Value> + use<> {
        (0..self.nodes.len()).map(Value)
    }

    /// The type of a value.
    #[must_use]
    pub fn ty(&self, value: Value) -> &Type {
        &self[value].ty
    }

    /// The shape of a value.
    #[must_use]
    pub fn shape(&self, value: Value) -> &[Size] {
        &self[value].ty.shape
    }

    /// Names a value for generated code, unless it has a name of its own.
    pub fn name(&mut self, value: Value, name: &str) {
        let node = &mut self.nodes[value.0];
        if node.name.is_empty() {
            node.name = name.to_owned();
        }
    }

    /// Adds a node, or finds the one that computes the same.
    pub fn add(&mut self, op: Op, operands: Vec<Value>, ty: Type) -> Value {
        let region = self.region_of(&op, &operands, &ty);
        self.add_in(region, op, operands, ty)
    }

    /// The same for the iterations of a loop.
    pub fn add_in(
        &mut self,
        region: Option<Region>,
        op: Op,
        operands: Vec<Value>,
        ty: Type,
    ) -> Value {
        let key = format!("{op:?} {operands:?} {ty:?}");
        let same = self.known.get(&key).into_iter().flatten();
        if let Some(value) = same.copied().find(|v| self.is_within(region, self[*v].region)) {
            return value;
        }
        let value = self.insert(op, operands, ty, region);
        self.known.entry(key).or_default().push(value);
        value
    }

    fn insert(&mut self, op: Op, operands: Vec<Value>, ty: Type, region: Option<Region>) -> Value {
        let value = Value(self.nodes.len());
        let (direction, line) = (self.direction, self.line);
        self.nodes.push(Node { op, operands, ty, direction, region, name: String::new(), line });
        value
    }

    /// Where a node is computed: numbers outside of the loops that they do not depend on, all else
    /// where it stands.
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

    /// A copy of `node` over other operands, for rebuilding a graph.
    pub fn adopt(&mut self, node: &Node, operands: Vec<Value>) -> Value {
        (self.direction, self.line) = (node.direction, node.line);
        let (op, ty) = (node.op.clone(), node.ty.clone());
        let value = match op {
            // like no other: two that begin alike may go on differently
            Op::Carried(_) | Op::Scalar(Function::Expand) => {
                self.insert(op, operands, ty, node.region)
            }
            _ => self.add_in(node.region, op, operands, ty),
        };
        self.name(value, &node.name);
        value
    }

    /// The loops of another graph, whose nodes are rebuilt here; `remap` tells where each went.
    pub fn adopt_regions(&mut self, other: &Self, remap: impl Fn(Value) -> Option<Value>) {
        self.regions.clone_from(&other.regions);
        for carried in self.regions.iter_mut().flat_map(|iterations| &mut iterations.carried) {
            if let (Some(value), Some(next)) = (remap(carried.value), remap(carried.next)) {
                (carried.value, carried.next) = (value, next);
            }
        }
    }

    /// A value that exists beforehand.
    pub fn leaf(&mut self, leaf: Leaf, ty: Type) -> Value {
        self.add(Op::Leaf(leaf), Vec::new(), ty)
    }

    /// A number.
    pub fn number(&mut self, x: f64) -> Value {
        self.leaf(Leaf::Number(x), Type::shared(Vec::new()))
    }

    /// A number of elements, as a number to calculate with.
    pub fn count(&mut self, size: &Size) -> Value {
        match size.constant() {
            #[allow(clippy::cast_precision_loss)]
            Some(n) => self.number(n as f64),
            None => self.leaf(Leaf::Count(size.clone()), Type::shared(Vec::new())),
        }
    }

    /// The same memory under another shape.
    pub fn view(&mut self, value: Value, shape: Vec<Size>) -> Value {
        if self.shape(value) == shape {
            return value;
        }
        if self.ty(value).is_number() {
            // it is in a register, but what has axes is in memory
            return self.expand(value, &Type::shared(shape));
        }
        if shape.is_empty() && !self.ty(value).batched {
            // a number is in a register, but this one is in memory: each sample has its own
            let one = self.view(value, vec![Size::one()]);
            return self.expand(one, &Type::sample(shape));
        }
        let ty = Type { shape, ..self.ty(value).clone() };
        self.add(Op::View, vec![value], ty)
    }

    /// A kernel's result.
    pub fn kernel(&mut self, kernel: impl Kernel + 'static, operands: Vec<Value>) -> Value {
        let types: Vec<&Type> = operands.iter().map(|v| self.ty(*v)).collect();
        let ty = kernel.result(&types);
        self.add(Op::Kernel(Rc::new(kernel)), operands, ty)
    }

    /// The value whose memory a value is, or is a part of: what a chain of views is of.
    #[must_use]
    pub fn base(&self, mut value: Value) -> Value {
        while let Op::View | Op::Window(_) | Op::Final = self[value].op {
            value = self[value].operands[0];
        }
        value
    }

    /// What a value computes, to be said otherwise.
    pub fn op_mut(&mut self, value: Value) -> &mut Op {
        &mut self.nodes[value.0].op
    }

    /// The value of a leaf number, if it is one.
    #[must_use]
    pub fn known_number(&self, value: Value) -> Option<f64> {
        match self[value].op {
            Op::Leaf(Leaf::Number(x)) => Some(x),
            _ => None,
        }
    }
}
