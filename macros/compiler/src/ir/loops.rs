//! Loops: nodes that are computed once per iteration, and loop-carried values.
//!
//! A graph stays one list. A node of a loop body belongs to the loop's [`Region`]; it may read any
//! value from outside of the loop and, in a backward pass, the values of the forward iteration that
//! it mirrors.

mod groups;

pub use groups::Groups;

use super::function::Function;
use super::{Direction, Graph, Op, Type, Value};
use crate::size::Size;

/// A loop of a graph, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(pub usize);

/// The iterations of a loop and its loop-carried values.
#[derive(Clone, Debug)]
pub struct Loop {
    /// The loop that directly contains this one.
    pub parent: Option<Region>,
    /// Number of iterations.
    pub count: Size,
    /// The name of the iteration number, in sizes and in generated code. A loop and its mirror
    /// share it.
    pub index: String,
    /// `true` if the last iteration comes first.
    pub reversed: bool,
    /// `true` if each iteration has parameters of its own.
    pub per_iteration_params: bool,
    /// `true` if the backward pass computes an iteration's values again instead of keeping them.
    pub checkpoint: bool,
    /// Number of iterations in a group, between which no gradient flows: `#[truncate(16)]`.
    pub truncate: Option<Size>,
    /// The groups of a loop whose iterations are not kept for the backward pass but computed again
    /// group by group; both this loop and the backward loop over the groups have them.
    pub groups: Option<Groups>,
    /// The loop whose iterations, or those of one of its groups, this one computes again.
    pub recomputed: Option<Region>,
    /// The forward loop whose iterations this one differentiates in reverse.
    pub mirror: Option<Region>,
    /// The loop-carried values.
    pub carried: Vec<Carried>,
}

/// A loop-carried value.
#[derive(Clone, Copy, Debug)]
pub struct Carried {
    /// The value at the beginning of an iteration.
    pub value: Value,
    /// The value at the end of an iteration; until that is known, the same as `value`.
    pub next: Value,
}

impl Loop {
    /// Creates a loop of `count` iterations in the current region of a graph.
    #[must_use]
    pub fn new(graph: &Graph, count: Size, index: String) -> Self {
        Self {
            parent: graph.region,
            count,
            index,
            reversed: false,
            per_iteration_params: false,
            checkpoint: false,
            truncate: None,
            groups: None,
            recomputed: None,
            mirror: None,
            carried: Vec::new(),
        }
    }

    /// Returns the iteration number, as a size.
    #[must_use]
    pub fn iteration(&self) -> Size {
        Size::symbol(self.index.clone())
    }
}

impl std::ops::Index<Region> for Graph {
    type Output = Loop;
    fn index(&self, region: Region) -> &Loop {
        &self.regions[region.0]
    }
}

impl Graph {
    /// Opens a loop: nodes that are added next are computed in each of its iterations.
    pub fn open(&mut self, iterations: Loop) -> Region {
        let region = Region(self.regions.len());
        self.regions.push(iterations);
        self.region = Some(region);
        region
    }

    /// Returns a loop for modification.
    pub fn iterations_mut(&mut self, region: Region) -> &mut Loop {
        &mut self.regions[region.0]
    }

    /// Adds a copy of a node to the current loop; nodes that are never deduplicated stay so.
    pub fn copy_node(&mut self, op: Op, operands: Vec<Value>, ty: Type) -> Value {
        match op {
            Op::Scalar(Function::Expand) | Op::Final | Op::Collect(_) => {
                self.push(op, operands, ty)
            }
            _ => self.add_in(self.region, op, operands, ty),
        }
    }

    /// Closes the current loop.
    pub fn close(&mut self) {
        self.region = self.region.and_then(|region| self[region].parent);
    }

    /// Adds a loop-carried value of the current loop that begins as `initial`.
    ///
    /// # Panics
    /// Outside of a loop.
    pub fn carry(&mut self, initial: Value) -> Value {
        let region = self.region.expect("a loop");
        let ty = self.ty(initial).clone();
        let value = self.push(Op::Carried(region), vec![initial], ty);
        self.regions[region.0].carried.push(Carried { value, next: value });
        value
    }

    /// Sets the value of a loop-carried value at the end of an iteration.
    pub fn set_next(&mut self, value: Value, next: Value) {
        let Op::Carried(region) = self[value].op else { return };
        let mut carried = self.regions[region.0].carried.iter_mut();
        if let Some(carried) = carried.find(|carried| carried.value == value) {
            carried.next = next;
        }
    }

    /// Returns `value` in a form that can become the next value of `carried`: another carried
    /// value, or a value from outside of the loop, is copied, so that no iteration overwrites a
    /// value that is still to be read.
    pub fn materialize_next(&mut self, value: Value, carried: Value) -> Value {
        let base = self.base(value);
        let other = self.is_carried(base) && value != carried;
        if other || self[base].region != self.region {
            return self.copy(value);
        }
        value
    }

    /// Returns `value` in a form that can be collected: a value that the current iteration does not
    /// compute is copied, and so is a carried value, which changes by the end of the iteration.
    pub fn materialize(&mut self, value: Value) -> Value {
        let base = self.base(value);
        let own = self[base].region == self.region && !self.is_carried(base);
        if own { value } else { self.copy(value) }
    }

    /// Returns the initial value of a carried value of type `ty`: `value`, broadcast to memory of
    /// its own if it has another type.
    pub fn init_carry(&mut self, value: Value, ty: &Type) -> Value {
        match self.ty(value) == ty {
            true => value,
            false => self.push(Op::Scalar(Function::Expand), vec![value], ty.clone()),
        }
    }

    /// Returns a copy of a value, in memory of its own.
    pub fn copy(&mut self, value: Value) -> Value {
        let ty = self.ty(value).clone();
        self.push(Op::Scalar(Function::Expand), vec![value], ty)
    }

    /// Returns a carried value after the last iteration, for use after the loop. If no iteration
    /// changes the value, this is its initial value: there may be nothing else to do in the loop.
    pub fn last(&mut self, carried: Value) -> Value {
        let regions = self.regions.iter().flat_map(|iterations| &iterations.carried);
        if regions.into_iter().any(|c| c.value == carried && c.next == carried) {
            return self[carried].operands[0];
        }
        let ty = self.ty(carried).clone();
        let last = self.push(Op::Final, vec![carried], ty);
        // within another loop, each of its iterations has a final value of its own
        if self.region.is_some() { self.copy(last) } else { last }
    }

    /// Returns the values of all iterations of a loop along a new first axis, for use after the
    /// loop.
    pub fn collect(&mut self, region: Region, value: Value) -> Value {
        let mut ty = Type { batched: true, ..self.ty(value).clone() };
        ty.shape.insert(0, self.course(region).1);
        self.push(Op::Collect(region), vec![value], ty)
    }

    /// Returns the values that `value` has in all iterations of the loops that have ended here, as
    /// they are kept. For use after these loops.
    pub fn stack(&mut self, value: Value) -> Value {
        let base = self.base(value);
        let ended = self.ended(base, self.region);
        let whole = |ty: &Type| {
            let iterations = std::iter::once(self.iterations(&ended));
            Type { shape: iterations.chain(ty.shape.iter().cloned()).collect(), ..ty.clone() }
        };
        let (ty, shape) = (whole(self.ty(base)), whole(self.ty(value)).shape);
        let stack = self.add(Op::Stack, vec![base], ty);
        self.view(stack, shape)
    }

    /// Adds a node that is never deduplicated.
    fn push(&mut self, op: Op, operands: Vec<Value>, ty: Type) -> Value {
        let region = self.region;
        self.insert(op, operands, ty, region)
    }

    /// Returns all loops.
    pub fn regions(&self) -> impl DoubleEndedIterator<Item = Region> + use<> {
        (0..self.regions.len()).map(Region)
    }

    /// Returns a loop and those around it, from the innermost.
    pub fn enclosing(&self, region: Option<Region>) -> impl Iterator<Item = Region> {
        std::iter::successors(region, |region| self[*region].parent)
    }

    /// Returns true if a value that is computed in `outer` can be read in `inner` as it is.
    #[must_use]
    pub fn is_within(&self, inner: Option<Region>, outer: Option<Region>) -> bool {
        outer.is_none_or(|outer| self.enclosing(inner).any(|region| region == outer))
    }

    /// Returns the loop directly inside of `outer` that is `inner` or contains it.
    #[must_use]
    pub fn child(&self, inner: Option<Region>, outer: Option<Region>) -> Option<Region> {
        self.enclosing(inner).find(|region| self[*region].parent == outer)
    }

    /// Returns the innermost loop whose iterations have parameters of their own.
    #[must_use]
    pub fn depth(&self) -> Option<Region> {
        self.depth_loops(self.region).pop()
    }

    /// Returns the loops around a region whose iterations have parameters of their own, from the
    /// outermost.
    #[must_use]
    pub fn depth_loops(&self, region: Option<Region>) -> Vec<Region> {
        let mut deep: Vec<Region> =
            self.enclosing(region).filter(|region| self[*region].per_iteration_params).collect();
        deep.reverse();
        deep
    }

    /// Returns the loops, from the outermost, whose iterations have to be kept apart for a value
    /// that is read in `reader`: those around the value but not around the reader.
    #[must_use]
    pub fn stacked(&self, value: Value, reader: Option<Region>) -> Vec<Region> {
        let own = self.enclosing(self[value].region);
        let mut apart: Vec<Region> =
            own.take_while(|region| !self.is_within(reader, Some(*region))).collect();
        apart.reverse();
        apart
    }

    /// Returns the value of an iteration of which `value` is the stack, if it is one.
    #[must_use]
    pub fn stack_of(&self, value: Value) -> Option<Value> {
        let node = &self[value];
        matches!(node.op, Op::Stack).then(|| node.operands[0])
    }

    /// Returns the loops around a value, from the outermost, that have ended in `reader`; a loop
    /// has not ended in its mirror.
    #[must_use]
    pub fn ended(&self, value: Value, reader: Option<Region>) -> Vec<Region> {
        let mut apart = self.stacked(value, reader);
        let goes_on = |own: &Region| self.enclosing(reader).any(|r| self[r].mirror == Some(*own));
        apart.retain(|region| !goes_on(region));
        apart
    }

    /// Returns the innermost loop that contains both regions.
    #[must_use]
    pub fn common(&self, a: Option<Region>, b: Option<Region>) -> Option<Region> {
        self.enclosing(a).find(|region| self.is_within(b, Some(*region)))
    }

    /// Returns true if a value is loop-carried and is read in `reader` as it is after its loop, not
    /// as it was in an iteration.
    #[must_use]
    pub fn is_after(&self, value: Value, reader: Option<Region>) -> bool {
        let own = self[value].region;
        let in_iteration = |region: Region| Some(region) == own || self[region].mirror == own;
        self.is_carried(value) && !self.enclosing(reader).any(in_iteration)
    }

    /// Returns true if a value is loop-carried, i.e. the one at the beginning of an iteration.
    #[must_use]
    pub fn is_carried(&self, value: Value) -> bool {
        matches!(self[value].op, Op::Carried(_))
    }

    /// Returns the product of the numbers of iterations that are kept of several loops.
    #[must_use]
    pub fn iterations(&self, regions: &[Region]) -> Size {
        regions
            .iter()
            .fold(Size::one(), |iterations, region| iterations.times(&self.kept(*region).1))
    }

    /// Returns the index of the current iteration among those that are kept of several loops, the
    /// last of which is the innermost.
    #[must_use]
    pub fn iteration(&self, regions: &[Region]) -> Size {
        regions.iter().fold(Size::default(), |number, region| {
            let (iteration, count) = self.kept(*region);
            number.times(&count).plus(&iteration)
        })
    }

    /// Returns the pass of a loop, which is that of its carried values.
    #[must_use]
    pub fn direction_of(&self, region: Region) -> Direction {
        if self[region].mirror.is_some() { Direction::Backward } else { Direction::Forward }
    }
}
