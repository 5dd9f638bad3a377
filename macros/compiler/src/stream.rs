//! The streaming form of a network: a pass that computes one step along a run-time axis at a time,
//! and one that computes a block of steps at once.
//!
//! Every value of them is derived from one of the whole pass. Along the streamed axis a value has the
//! current elements alone (`Now`; of a step, this is one), or all up to the last current one (`Past`),
//! kept in a state. Loop-carried values of a recurrence are states as well. Operations that look ahead
//! are refused. Both passes find the same states, so that steps and blocks can follow each other.

mod block;
mod late;
mod loops;
mod operations;
mod reasons;
mod shift;
mod state;
mod step;

pub use block::{Block, block};
pub use reasons::further;
pub use state::{Kept, State};

use crate::ir::kernel::Movement;
use crate::ir::loops::Region;
use crate::ir::step::{AxisMode, Refusal, Stepped};
use crate::ir::{Graph, Leaf, Op, Root, Type, Value};
use crate::program::Length;
use crate::size::Size;
use std::collections::{HashMap, HashSet};
use step::KernelStep;

/// The streaming form of a network.
pub struct Stream {
    /// The graph of one step.
    pub graph: Graph,
    /// The outputs, and the next values of states.
    pub roots: Vec<Root>,
    /// The states, which are kept from step to step.
    pub states: Vec<State>,
}

/// Derives the streaming form of a network with one run-time size from its graph without
/// randomness; `outputs` are those of the network.
///
/// # Errors
/// If an operation looks ahead, or there is not one run-time size to go along.
pub fn stream(lengths: &[Length], from: &Graph, outputs: &[Value]) -> Result<Stream, Refusal> {
    stream_without(lengths, from, outputs, &HashSet::new())
}

/// Derives the streaming form, in which the values in `given` are any numbers.
fn stream_without(
    lengths: &[Length],
    from: &Graph,
    outputs: &[Value],
    given: &HashSet<Value>,
) -> Result<Stream, Refusal> {
    let first = outputs.first().copied().unwrap_or(Value(0));
    let refuse = |reason: &str| Refusal { value: first, reason: reason.to_owned() };
    let mut lengths = lengths.iter().filter(|length| !length.of_targets);
    let (Some(length), None) = (lengths.next(), lengths.next()) else {
        return Err(refuse("a stream goes along one run-time size, as in `x: [dyn T, 8]`"));
    };
    let mut stepper = Stepper::new(from, length, Form::step(), outputs);
    stepper.given.clone_from(given);
    let roots = stepper.roots(outputs, AxisMode::Now)?;
    let dynamic = |value: &Value| stepper.to.shape(*value).iter().any(Size::is_dynamic);
    if stepper.bound.is_none() && stepper.to.values().any(|value| dynamic(&value)) {
        let name = &length.name;
        return Err(refuse(&format!(
            "its past is kept, which takes a bound: `dyn {name} <= 1024`"
        )));
    }
    Ok(Stream { graph: stepper.to, roots, states: stepper.states })
}

/// The number of steps that a pass takes.
#[derive(Clone, Debug)]
struct Form {
    /// Number of steps.
    now: Size,
    /// The number of the last ones whose outputs are wanted.
    wanted: Size,
}

impl Form {
    /// Returns that of a single step.
    fn step() -> Self {
        Self { now: Size::one(), wanted: Size::one() }
    }
}

/// The pass under construction.
pub struct Stepper<'a> {
    from: &'a Graph,
    form: Form,
    /// The values of the whole pass that its outputs need.
    alive: HashSet<Value>,
    /// The values that are known only after the last step.
    late: HashSet<Value>,
    to: Graph,
    /// The streamed size; here, the number of steps so far, including the current ones.
    length: Size,
    bound: Option<Size>,
    known: HashMap<(Value, Vec<AxisMode>), Stepped>,
    /// The copies of the loops that remain loops in the step, by the original.
    regions: HashMap<Region, Region>,
    states: Vec<State>,
    /// For a block, whether it has found each of the states, which are those of the step.
    found: Option<Vec<bool>>,
    /// The values that are computed for all current steps anyway, so that the wanted ones are taken
    /// from them.
    whole: HashSet<Value>,
    /// States whose next value is still to be computed, with the whole pass's value for it.
    later: Vec<(usize, Value)>,
    /// Values that are written to states at the end of a step.
    puts: Vec<Root>,
    /// The values that are taken to be any numbers.
    given: HashSet<Value>,
}

impl<'a> Stepper<'a> {
    /// Begins a pass from a graph with these outputs.
    fn new(from: &'a Graph, length: &Length, form: Form, outputs: &[Value]) -> Self {
        let size = Size::dynamic(length.name.clone());
        Self {
            late: late::late(from, &size),
            from,
            form,
            alive: needed(from, outputs),
            to: Graph::default(),
            length: size,
            bound: length.bound.clone(),
            known: HashMap::new(),
            regions: HashMap::new(),
            states: Vec::new(),
            found: None,
            whole: HashSet::new(),
            later: Vec::new(),
            puts: Vec::new(),
            given: HashSet::new(),
        }
    }

    /// Derives the outputs, with `mode` along the streamed axis, and the next values of states.
    fn roots(&mut self, outputs: &[Value], mode: AxisMode) -> Result<Vec<Root>, Refusal> {
        let mut roots = Vec::new();
        for (index, value) in outputs.iter().enumerate() {
            let mut modes = self.now(*value);
            let axes: Vec<usize> =
                (0..modes.len()).filter(|axis| modes[*axis] == AxisMode::Now).collect();
            axes.iter().for_each(|axis| modes[*axis] = mode);
            if axes.len() > 1 {
                let reason = format!("an output has two axes of `{}`", self.length);
                return self.refuse(*value, reason);
            }
            roots.push(Root::Output(index, self.at(*value, &modes)?.value));
        }
        roots.extend(self.next_states()?);
        Ok(roots)
    }

    /// Returns true if the pass takes a block of steps.
    fn is_block(&self) -> bool {
        self.form.now != Size::one()
    }

    /// Returns the number of elements along an axis with a mode of current elements.
    fn count(&self, mode: AxisMode) -> &Size {
        match mode {
            AxisMode::Wanted => &self.form.wanted,
            _ => &self.form.now,
        }
    }
}

impl Stepper<'_> {
    /// Returns the modes of a value's axes with the current elements along the streamed axis, if it
    /// has that axis.
    fn now(&self, value: Value) -> Vec<AxisMode> {
        let of = |size: &Size| if *size == self.length { AxisMode::Now } else { AxisMode::Fixed };
        self.from.shape(value).iter().map(of).collect()
    }

    /// Returns the type of a value in the step.
    fn ty(&self, value: Value, modes: &[AxisMode]) -> Type {
        let ty = self.from.ty(value);
        let axes = ty.shape.iter().zip(modes);
        let shape = axes.map(|(size, mode)| match mode {
            AxisMode::Now | AxisMode::Wanted => self.count(*mode).clone(),
            AxisMode::Fixed | AxisMode::Past => size.clone(),
        });
        Type { shape: shape.collect(), ..ty.clone() }
    }

    fn refuse<T>(&self, value: Value, reason: impl Into<String>) -> Result<T, Refusal> {
        Err(Refusal { value, reason: reason.into() })
    }

    /// Returns the value here for a value of the whole pass, with these modes of its axes.
    fn at(&mut self, value: Value, modes: &[AxisMode]) -> Result<Stepped, Refusal> {
        let key = (value, modes.to_vec());
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let from = self.from;
        let around = self.to.region;
        self.to.region = self.region_of(from[value].region)?;
        let (line, name) = (from[value].line, from[value].name.clone());
        self.to.line = line;
        let stepped = match self.given.contains(&value) {
            true => {
                // there may be reasons of their own before it
                for operand in &from[value].operands {
                    let modes = self.now(*operand);
                    self.at(*operand, &modes)?;
                }
                let (ty, zero) = (self.ty(value, modes), self.to.number(0.0));
                self.to.expand(zero, &ty).into()
            }
            false => self.compute(value, modes)?,
        };
        if !matches!(from[value].op, Op::Leaf(_)) {
            self.to.name(stepped.value, &name);
        }
        (self.to.region, self.to.line) = (around, line);
        self.known.insert(key, stepped);
        Ok(stepped)
    }

    fn compute(&mut self, value: Value, modes: &[AxisMode]) -> Result<Stepped, Refusal> {
        let from = self.from;
        let node = &from[value];
        for (size, mode) in node.ty.shape.iter().zip(modes) {
            if size.lengths().is_empty() != (*mode == AxisMode::Fixed)
                || (*size != self.length && *mode != AxisMode::Fixed)
            {
                let told = match &node.op {
                    Op::Kernel(kernel) => kernel.changes_rate(&self.length),
                    _ => None,
                };
                let told = told.unwrap_or_else(|| format!("it has {size} elements along an axis"));
                return self.refuse(value, told);
            }
        }
        self.within_a_step(value)?;
        let past = modes.contains(&AxisMode::Past);
        let current = modes.iter().filter(|mode| mode.is_current()).count();
        if past && current == 0 && !self.is_derived(value, modes) {
            return self.history(value, modes).map(Stepped::from);
        }
        if current > 1 && self.is_block() {
            // in a step, this is the pair of the current step with itself
            return self.refuse(value, "a block has pairs of different steps");
        }
        if modes.contains(&AxisMode::Wanted) && self.takes_wanted_of_current(value) {
            return self.last_of_current(value, modes);
        }
        match &node.op {
            Op::Leaf(leaf) => self.leaf(value, leaf, modes).map(Stepped::from),
            Op::View => self.view(value, modes),
            Op::Scalar(function) => self.scalar(value, function, modes),
            Op::Kernel(kernel) => {
                let kernel = kernel.clone();
                kernel.step(&mut KernelStep { stepper: self, value, modes })
            }
            Op::Carried(region) => self.carried(value, *region).map(Stepped::from),
            Op::Final => self.last(value).map(Stepped::from),
            // the backward pass has stacks, and slices become windows once the step is complete
            Op::Stack | Op::Window(_) => self.refuse(value, "it is of a later stage"),
            Op::Collect(region) => self.collected(value, *region, modes).map(Stepped::from),
        }
    }

    fn leaf(&mut self, value: Value, leaf: &Leaf, modes: &[AxisMode]) -> Result<Value, Refusal> {
        if let Leaf::Count(size) = leaf {
            if size.is_dynamic() {
                let reason =
                    format!("it depends on {size}, which is not known before the last step");
                return self.refuse(value, reason);
            }
            let size = self.present(value, size);
            return Ok(self.to.count(&size));
        }
        let along = modes.iter().filter(|mode| **mode != AxisMode::Fixed).count();
        if matches!(leaf, Leaf::Input(_)) && along > 1 {
            let reason = format!("it has two axes of `{}`, of which no step has all", self.length);
            return self.refuse(value, reason);
        }
        let ty = self.ty(value, modes);
        let (region, name) = (self.to.region, self.from[value].name.clone());
        let region = if matches!(leaf, Leaf::Parameter(_)) { region } else { None };
        let leaf = self.to.add_in(region, Op::Leaf(leaf.clone()), Vec::new(), ty);
        self.to.name(leaf, &name);
        Ok(leaf)
    }

    /// Returns true if the past of a value is derived from its operands instead of being kept:
    /// views are free, values that depend on no input exist anyway, and only a state with the
    /// streamed axis first grows at its end.
    fn is_derived(&self, value: Value, modes: &[AxisMode]) -> bool {
        let node = &self.from[value];
        let by_itself = match &node.op {
            Op::View => true,
            _ => matches!(self.from.movement(value), Some(Movement::Permute(_))),
        };
        let before = modes.iter().take_while(|mode| **mode != AxisMode::Past).count();
        let leads = Size::product(&node.ty.shape[..before]) == Size::one();
        let is_leaf = matches!(node.op, Op::Leaf(_));
        by_itself || (!leads && !is_leaf) || !self.depends_on_input(value)
    }

    fn depends_on_input(&self, value: Value) -> bool {
        depends_on(self.from, value, |value| {
            matches!(self.from[value].op, Op::Leaf(Leaf::Input(_)) | Op::Carried(_))
        })
    }
}

/// Returns the values that others need. A carried value needs its value at the end of an iteration.
fn needed(from: &Graph, outputs: &[Value]) -> HashSet<Value> {
    let (mut waiting, mut seen) = (outputs.to_vec(), HashSet::new());
    while let Some(value) = waiting.pop() {
        if seen.insert(value) {
            waiting.extend_from_slice(&from[value].operands);
            if let Op::Carried(region) = from[value].op {
                let carried = from[region].carried.iter().filter(|c| c.value == value);
                waiting.extend(carried.map(|carried| carried.next));
            }
        }
    }
    seen
}

/// Returns true if a value, or one that it is computed from, is one of those that `is` tells.
fn depends_on(from: &Graph, value: Value, is: impl Fn(Value) -> bool) -> bool {
    let mut waiting = vec![value];
    let mut seen = HashSet::new();
    while let Some(value) = waiting.pop() {
        if is(value) {
            return true;
        }
        if seen.insert(value) {
            waiting.extend_from_slice(&from[value].operands);
        }
    }
    false
}
