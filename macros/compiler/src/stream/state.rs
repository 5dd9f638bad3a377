//! States: the values that are kept from step to step.

use super::Stepper;
use super::shift::Shift;
use crate::ir::function::Function;
use crate::ir::kernel::{CacheWrite, Delayed, Ring, Slice, Taps};
use crate::ir::loops::Region;
use crate::ir::step::{AxisMode, Refusal};
use crate::ir::{Leaf, Op, Root, Type, Value};
use crate::size::Size;

/// The part of the whole pass that a state keeps, by which a step and a block find the same state.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// All elements of a value up to the current one, with these modes of its axes.
    Past(Value, Vec<AxisMode>),
    /// The last elements of a value along an axis, so many.
    Last(Value, usize, Size),
    /// The elements of a value that the taps of a kernel reach, so many.
    Taps(Value, Size),
    /// A carried value of a loop along the streamed axis.
    Carried(Value),
    /// The running sum that a value is.
    Sum(Value),
    /// The first element of a value along an axis.
    First(Value, usize),
}

/// A value that is kept from step to step; zeros at first.
#[derive(Clone, Debug)]
pub struct State {
    /// The part of the whole pass that it keeps.
    pub kept: Kept,
    /// Number of scalars, in one iteration of the enclosing loops.
    pub len: Size,
    /// The loops whose iterations have a state each.
    pub iterations: Vec<Region>,
}

impl Kept {
    fn value(&self) -> Value {
        match self {
            Self::Past(value, _)
            | Self::Last(value, ..)
            | Self::Taps(value, _)
            | Self::Carried(value)
            | Self::Sum(value)
            | Self::First(value, _) => *value,
        }
    }
}

impl Stepper<'_> {
    /// Adds a state to the current region; a block finds that of the step. Returns its index, and its
    /// value before the current steps.
    pub(super) fn state(
        &mut self,
        kept: Kept,
        shape: Vec<Size>,
        len: Size,
        name: &str,
    ) -> Result<(usize, Value), Refusal> {
        let region = self.to.region;
        let mut iterations: Vec<Region> = self.to.enclosing(region).collect();
        iterations.reverse();
        let known = self.states.iter().position(|state| {
            let around = match self.found {
                Some(_) => state.iterations.len() == iterations.len(),
                None => state.iterations == iterations,
            };
            state.kept == kept && state.len == len && around
        });
        let index = match (known, &mut self.found) {
            (Some(index), None) => index,
            (Some(index), Some(found)) => {
                (found[index], self.states[index].iterations) = (true, iterations);
                index
            }
            (None, None) => {
                self.states.push(State { kept, len, iterations });
                self.states.len() - 1
            }
            (None, Some(_)) => return self.refuse(kept.value(), "a step does not keep it"),
        };
        let leaf = Op::Leaf(Leaf::State(index));
        let value = self.to.add_in(region, leaf, Vec::new(), Type::sample(shape));
        self.to.name(value, &format!("{name}_before"));
        Ok((index, value))
    }

    /// Returns the number of steps before the current ones.
    pub(super) fn before(&self) -> Size {
        self.length.minus(&self.form.now)
    }

    /// Returns all elements of a value up to the current one, kept in a state.
    pub(super) fn history(&mut self, value: Value, modes: &[AxisMode]) -> Result<Value, Refusal> {
        let Some(axis) = modes.iter().position(|mode| *mode == AxisMode::Past) else {
            return self.refuse(value, "it has no past");
        };
        let length = self.length.clone();
        if Size::product(&self.from.shape(value)[..axis]) != Size::one() {
            let reason = format!("its past is needed, which takes `{length}` as the first axis");
            return self.refuse(value, reason);
        }
        let Some(bound) = self.bound.clone() else {
            let reason = format!("its past is kept, which takes a bound: `dyn {length} <= 1024`");
            return self.refuse(value, reason);
        };
        let present: Vec<AxisMode> =
            modes.iter().map(|m| if *m == AxisMode::Past { AxisMode::Now } else { *m }).collect();
        let now = self.at(value, &present)?.value;
        let now = self.whole(now);
        let ty = self.ty(value, modes);
        let row = Size::product(&ty.shape[axis + 1..]);
        let name = self.from[value].name.clone();
        let kept = Kept::Past(value, modes.to_vec());
        let (index, state) = self.state(kept, ty.shape.clone(), bound.times(&row), &name)?;
        let put = CacheWrite { state: index, axis, start: self.before() };
        Ok(self.to.kernel(put, vec![state, now]))
    }

    /// Returns the elements of a value along an axis that were current `by` steps ago; `fill` before
    /// the first step.
    pub(super) fn delayed(
        &mut self,
        value: Value,
        axis: usize,
        by: &Size,
        fill: f64,
    ) -> Result<Value, Refusal> {
        let now = self.shifted(value, &Shift { axis, start: Size::default() })?;
        if *by == Size::default() {
            return Ok(now);
        }
        let now = self.whole(now);
        let ty = self.to.ty(now).clone();
        // a ring buffer: the oldest element is at the position that the next step overwrites
        let count = by.plus(&Size::one());
        let each: Vec<Size> = (0..ty.shape.len())
            .map(|at| if at == axis { Size::one() } else { ty.shape[at].clone() })
            .collect();
        let len = count.times(&Size::product(&each));
        let name = self.from[value].name.clone();
        let kept = Kept::Last(value, axis, by.clone());
        if self.is_block() {
            let (state, before) = self.state(kept, vec![len.clone()], len, &name)?;
            let ring = Ring {
                outer: Size::product(&each[..axis]),
                inner: Size::product(&each[axis + 1..]),
                count,
                before: self.before(),
                outer_first: false,
            };
            self.put(Root::State { state, value: now, ring: Some(ring.clone()) });
            let delayed = Delayed { ring, by: by.clone(), fill: fill.into() };
            return Ok(self.to.kernel(delayed, vec![before, now]));
        }
        let mut shape = each;
        shape.insert(0, count.clone());
        let (index, ring) = self.state(kept, shape, len, &name)?;
        let place = |steps: &Size| {
            let rounds = steps.over(&count).unwrap_or_default();
            steps.minus(&rounds.times(&count))
        };
        let put = CacheWrite { state: index, axis: 0, start: place(&self.before()) };
        let ring = self.to.kernel(put, vec![ring, now]);
        let slice = Slice { axis: 0, start: place(&self.length), len: Size::one() };
        let oldest = self.to.kernel(slice, vec![ring]);
        let oldest = self.to.view(oldest, ty.shape.clone());
        if fill == 0.0 {
            return Ok(oldest);
        }
        let (before, by) = (self.before(), by.clone());
        let (before, by, fill) = (self.to.count(&before), self.to.count(&by), self.to.number(fill));
        let filled = self.to.scalar(Function::AtLeast, vec![before, by]);
        Ok(self.to.scalar(Function::Select, vec![filled, oldest, fill]))
    }

    /// Returns what the taps of a kernel cover at the current elements along the last axis of a value
    /// `[channels, ..]`.
    pub(super) fn taps(
        &mut self,
        value: Value,
        kernel: &Size,
        dilation: &Size,
    ) -> Result<Value, Refusal> {
        let modes = self.now(value);
        let region = self.to.region;
        let now = self.at(value, &modes)?.value;
        self.to.region = region;
        let now = self.whole(now);
        let outer = Size::product(&self.to.shape(now)[..modes.len() - 1]);
        let count = dilation.times(&kernel.minus(&Size::one())).plus(&Size::one());
        let mut len = outer.times(&count);
        for region in self.to.enclosing(region) {
            // an iteration whose ring is shorter leaves the rest of its memory unused
            let (iteration, iterations) = self.to.course(region);
            len = len.most(&iteration.to_string(), &iterations);
        }
        let name = self.from[value].name.clone();
        let (state, before) =
            self.state(Kept::Taps(value, count.clone()), vec![len.clone()], len, &name)?;
        let (inner, steps) = (Size::one(), self.before());
        let ring = Ring { outer, inner, count, before: steps, outer_first: true };
        self.put(Root::State { state, value: now, ring: Some(ring.clone()) });
        let taps = Taps { ring, kernel: kernel.clone(), dilation: dilation.clone() };
        Ok(self.to.kernel(taps, vec![before, now]))
    }

    /// Returns a state that is `initial` at the first step.
    pub(super) fn beginning(&mut self, state: Value, initial: Value) -> Value {
        // states are zeros at first
        if self.to.known_elements(initial) == Some(0.0) {
            return state;
        }
        let before = self.before();
        let (before, one) = (self.to.count(&before), self.to.number(1.0));
        let later = self.to.scalar(Function::AtLeast, vec![before, one]);
        self.to.scalar(Function::Select, vec![later, state, initial])
    }

    /// Writes a state at the end of the current steps, unless that is done already.
    fn put(&mut self, root: Root) {
        let state_of = |root: &Root| match root {
            Root::State { state, .. } => Some(*state),
            _ => None,
        };
        if !self.puts.iter().any(|other| state_of(other) == state_of(&root)) {
            self.puts.push(root);
        }
    }

    /// Sets the next value of a state. Returns that value, in memory.
    pub(super) fn keep(&mut self, state: usize, value: Value) -> Value {
        let value = self.whole(value);
        self.put(Root::State { state, value, ring: None });
        value
    }

    /// Returns a value that every sample has, in memory that this region computes.
    pub(super) fn whole(&mut self, value: Value) -> Value {
        let ty = Type { batched: true, ..self.to.ty(value).clone() };
        let value = self.to.expand(value, &ty);
        let base = self.to.base(value);
        let own = self.to[base].region == self.to.region;
        let computed = !matches!(self.to[base].op, Op::Leaf(_) | Op::Carried(_));
        if own && computed { value } else { self.to.copy(value) }
    }

    /// Returns the next values of states.
    pub(super) fn next_states(&mut self) -> Result<Vec<Root>, Refusal> {
        let mut roots = Vec::new();
        while let Some((state, next)) = self.later.pop() {
            let modes = self.now(next);
            let around = self.to.region;
            self.to.region = self.region_of(self.from[next].region)?;
            let value = self.at(next, &modes)?.value;
            let region = self.states[state].iterations.last().copied();
            self.to.region = region;
            let value = self.whole(value);
            self.to.region = around;
            roots.push(Root::State { state, value, ring: None });
        }
        roots.append(&mut self.puts);
        Ok(roots)
    }
}
