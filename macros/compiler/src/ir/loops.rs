//! Loops: nodes that are computed once in every iteration, and what goes from one iteration to the next.
//!
//! A graph stays one list. A node of a loop's body belongs to the loop's [`Region`]; it may read
//! whatever is outside of the loop, and in a backward pass the values of the forward iteration that it
//! mirrors.

mod groups;

pub use groups::Groups;

use super::function::Function;
use super::{Direction, Graph, Op, Type, Value};
use crate::size::Size;

/// A loop of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(pub usize);

/// What a loop repeats.
#[derive(Clone, Debug)]
pub struct Loop {
    /// The loop that it stands in.
    pub parent: Option<Region>,
    /// How many iterations.
    pub count: Size,
    /// The name of an iteration's number, in sizes and in generated code. A loop and its mirror share it.
    pub index: String,
    /// Whether the last iteration comes first.
    pub reversed: bool,
    /// Whether the parameters inside are new ones in each iteration.
    pub per_iteration_params: bool,
    /// Whether the backward pass computes an iteration's values again instead of keeping them.
    pub checkpoint: bool,
    /// Iterations of a group, between which no gradient goes back: `#[truncate(16)]`.
    pub truncate: Option<Size>,
    /// Of a loop whose iterations are not kept for the backward pass, but gone through again group
    /// by group, and of the loop over these groups.
    pub groups: Option<Groups>,
    /// The loop whose iterations, or those of one of its groups, this one goes through again.
    pub recomputed: Option<Region>,
    /// The forward loop whose iterations this one goes back through.
    pub mirror: Option<Region>,
    /// What is carried from iteration to iteration.
    pub carried: Vec<Carried>,
}

/// A value that is carried from iteration to iteration.
#[derive(Clone, Copy, Debug)]
pub struct Carried {
    /// What it is at the beginning of an iteration.
    pub value: Value,
    /// What it is at the end; itself until that is known.
    pub next: Value,
}

impl Loop {
    /// A loop of `count` iterations in the present region of a graph.
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

    /// The iteration's number, as a size.
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
    /// Opens a loop: nodes to come are computed in each of its iterations.
    pub fn open(&mut self, iterations: Loop) -> Region {
        let region = Region(self.regions.len());
        self.regions.push(iterations);
        self.region = Some(region);
        region
    }

    /// A loop, to be said otherwise.
    pub fn iterations_mut(&mut self, region: Region) -> &mut Loop {
        &mut self.regions[region.0]
    }

    /// A node of the present loop like one of another; what is like no other stays so.
    pub fn copy_node(&mut self, op: Op, operands: Vec<Value>, ty: Type) -> Value {
        match op {
            Op::Scalar(Function::Expand) | Op::Final | Op::Collect(_) => {
                self.push(op, operands, ty)
            }
            _ => self.add_in(self.region, op, operands, ty),
        }
    }

    /// Closes the present loop.
    pub fn close(&mut self) {
        self.region = self.region.and_then(|region| self[region].parent);
    }

    /// A value of the present loop that begins as `initial` and is carried from iteration to iteration.
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

    /// Says what a carried value is at the end of an iteration.
    pub fn set_next(&mut self, value: Value, next: Value) {
        let Op::Carried(region) = self[value].op else { return };
        let mut carried = self.regions[region.0].carried.iter_mut();
        if let Some(carried) = carried.find(|carried| carried.value == value) {
            carried.next = next;
        }
    }

    /// A value as it can go on to the next iteration as `carried`: what another carried value is, or
    /// what comes from outside of the loop, is copied, so that no iteration overwrites what is still to
    /// be read.
    pub fn materialize_next(&mut self, value: Value, carried: Value) -> Value {
        let base = self.base(value);
        let other = self.is_carried(base) && value != carried;
        if other || self[base].region != self.region {
            return self.copy(value);
        }
        value
    }

    /// A value as it can be collected: computed in the present iteration, and not what goes from iteration to
    /// iteration, which is another by its end.
    pub fn materialize(&mut self, value: Value) -> Value {
        let base = self.base(value);
        let own = self[base].region == self.region && !self.is_carried(base);
        if own { value } else { self.copy(value) }
    }

    /// What a carried value of a type begins with: `value`, broadcast in memory of its own where it
    /// is smaller, so that the loop can begin there.
    pub fn init_carry(&mut self, value: Value, ty: &Type) -> Value {
        match self.ty(value) == ty {
            true => value,
            false => self.push(Op::Scalar(Function::Expand), vec![value], ty.clone()),
        }
    }

    /// A value in memory of its own.
    pub fn copy(&mut self, value: Value) -> Value {
        let ty = self.ty(value).clone();
        self.push(Op::Scalar(Function::Expand), vec![value], ty)
    }

    /// What a carried value is after the last iteration; for after the loop. What no iteration changes is
    /// what it began with: there may be nothing else to do in the loop.
    pub fn last(&mut self, carried: Value) -> Value {
        let regions = self.regions.iter().flat_map(|iterations| &iterations.carried);
        if regions.into_iter().any(|c| c.value == carried && c.next == carried) {
            return self[carried].operands[0];
        }
        let ty = self.ty(carried).clone();
        let last = self.push(Op::Final, vec![carried], ty);
        // within another loop every iteration of that has one of its own
        if self.region.is_some() { self.copy(last) } else { last }
    }

    /// The values of all iterations of a loop, along a new first axis; for after the loop.
    pub fn collect(&mut self, region: Region, value: Value) -> Value {
        let mut ty = Type { batched: true, ..self.ty(value).clone() };
        ty.shape.insert(0, self.course(region).1);
        self.push(Op::Collect(region), vec![value], ty)
    }

    /// The values of an iteration in all iterations, as they are kept; for after the loops that it is computed
    /// in.
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

    /// A node that is like no other.
    fn push(&mut self, op: Op, operands: Vec<Value>, ty: Type) -> Value {
        let region = self.region;
        self.insert(op, operands, ty, region)
    }

    /// All loops.
    pub fn regions(&self) -> impl DoubleEndedIterator<Item = Region> + use<> {
        (0..self.regions.len()).map(Region)
    }

    /// A loop and those around it, from the inside out.
    pub fn enclosing(&self, region: Option<Region>) -> impl Iterator<Item = Region> {
        std::iter::successors(region, |region| self[*region].parent)
    }

    /// Whether what is computed in `outer` can be read in `inner` as it is.
    #[must_use]
    pub fn is_within(&self, inner: Option<Region>, outer: Option<Region>) -> bool {
        outer.is_none_or(|outer| self.enclosing(inner).any(|region| region == outer))
    }

    /// The loop directly inside of `outer` that `inner` stands in or is.
    #[must_use]
    pub fn child(&self, inner: Option<Region>, outer: Option<Region>) -> Option<Region> {
        self.enclosing(inner).find(|region| self[*region].parent == outer)
    }

    /// The innermost loop whose iterations have parameters of their own.
    #[must_use]
    pub fn depth(&self) -> Option<Region> {
        self.depth_loops(self.region).pop()
    }

    /// The loops around a region, from the outside in, whose iterations have parameters of their own.
    #[must_use]
    pub fn depth_loops(&self, region: Option<Region>) -> Vec<Region> {
        let mut deep: Vec<Region> =
            self.enclosing(region).filter(|region| self[*region].per_iteration_params).collect();
        deep.reverse();
        deep
    }

    /// The loops, from the outside in, whose iterations have to be kept apart when a value is read in
    /// `reader`: none where that is in the same iteration, else those that it mirrors.
    #[must_use]
    pub fn stacked(&self, value: Value, reader: Option<Region>) -> Vec<Region> {
        let own = self.enclosing(self[value].region);
        let mut apart: Vec<Region> =
            own.take_while(|region| !self.is_within(reader, Some(*region))).collect();
        apart.reverse();
        apart
    }

    /// What a value is the stack of, if it is one: the value of an iteration.
    #[must_use]
    pub fn stack_of(&self, value: Value) -> Option<Value> {
        let node = &self[value];
        matches!(node.op, Op::Stack).then(|| node.operands[0])
    }

    /// The loops around a value, from the outside in, that are over in `reader`; a loop goes on in
    /// the one that mirrors it.
    #[must_use]
    pub fn ended(&self, value: Value, reader: Option<Region>) -> Vec<Region> {
        let mut apart = self.stacked(value, reader);
        let goes_on = |own: &Region| self.enclosing(reader).any(|r| self[r].mirror == Some(*own));
        apart.retain(|region| !goes_on(region));
        apart
    }

    /// The innermost loop that both stand in.
    #[must_use]
    pub fn common(&self, a: Option<Region>, b: Option<Region>) -> Option<Region> {
        self.enclosing(a).find(|region| self.is_within(b, Some(*region)))
    }

    /// Whether a value is a carried one that is read in `reader` as it is after its loop, not as it
    /// was in an iteration.
    #[must_use]
    pub fn is_after(&self, value: Value, reader: Option<Region>) -> bool {
        let own = self[value].region;
        let in_iteration = |region: Region| Some(region) == own || self[region].mirror == own;
        self.is_carried(value) && !self.enclosing(reader).any(in_iteration)
    }

    /// Whether a value is a carried one, at the beginning of an iteration.
    #[must_use]
    pub fn is_carried(&self, value: Value) -> bool {
        matches!(self[value].op, Op::Carried(_))
    }

    /// The iterations of several loops together, as many as are kept.
    #[must_use]
    pub fn iterations(&self, regions: &[Region]) -> Size {
        regions
            .iter()
            .fold(Size::one(), |iterations, region| iterations.times(&self.kept(*region).1))
    }

    /// The number of an iteration among those of several loops that are kept; the last loop is the
    /// innermost.
    #[must_use]
    pub fn iteration(&self, regions: &[Region]) -> Size {
        regions.iter().fold(Size::default(), |number, region| {
            let (iteration, count) = self.kept(*region);
            number.times(&count).plus(&iteration)
        })
    }

    /// The pass of a loop: that of its carried values.
    #[must_use]
    pub fn direction_of(&self, region: Region) -> Direction {
        if self[region].mirror.is_some() { Direction::Backward } else { Direction::Forward }
    }
}
