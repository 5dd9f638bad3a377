//! States: the values that are kept from step to step.

use super::Stepper;
use super::shift::Shift;
use crate::ir::function::Function;
use crate::ir::kernel::{CacheWrite, Slice};
use crate::ir::loops::Region;
use crate::ir::step::{AxisMode, Refusal};
use crate::ir::{Leaf, Op, Root, Type, Value};
use crate::size::Size;

/// A value that is kept from step to step; zeros at first.
#[derive(Clone, Debug)]
pub struct State {
    /// Number of scalars, in one iteration of the enclosing loops.
    pub len: Size,
    /// The loops whose iterations have a state each.
    pub iterations: Vec<Region>,
}

impl Stepper<'_> {
    /// Adds a state to the current region. Returns its index, and its value at the beginning of the
    /// step.
    pub(super) fn state(&mut self, shape: Vec<Size>, len: Size, name: &str) -> (usize, Value) {
        let index = self.states.len();
        let region = self.to.region;
        let mut iterations: Vec<Region> = self.to.enclosing(region).collect();
        iterations.reverse();
        self.states.push(State { len, iterations });
        let leaf = Op::Leaf(Leaf::State(index));
        let value = self.to.add_in(region, leaf, Vec::new(), Type::sample(shape));
        self.to.name(value, &format!("{name}_before"));
        (index, value)
    }

    /// Returns the number of steps before the current one.
    pub(super) fn before(&self) -> Size {
        self.length.minus(&Size::one())
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
        let (index, state) = self.state(ty.shape.clone(), bound.times(&row), &name);
        let put = CacheWrite { state: index, axis, start: self.before() };
        Ok(self.to.kernel(put, vec![state, now]))
    }

    /// Returns the element of a value along an axis that was current `by` steps ago; `fill` before
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
        let mut shape = ty.shape.clone();
        shape.insert(0, count.clone());
        let name = self.from[value].name.clone();
        let (index, ring) = self.state(shape, count.times(&ty.len()), &name);
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

    /// Sets the next value of a state. Returns that value, in memory.
    pub(super) fn keep(&mut self, state: usize, value: Value) -> Value {
        let value = self.whole(value);
        self.puts.push(Root::State { state, value, start: Size::default() });
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
            roots.push(Root::State { state, value, start: Size::default() });
        }
        roots.append(&mut self.puts);
        Ok(roots)
    }
}
