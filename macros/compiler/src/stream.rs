//! The streaming form of a network: a pass that computes one step along a run-time axis at a time.
//!
//! Every value of the step is derived from one of the whole pass. AxisMode the streamed axis a value
//! has the current element alone (`Now`), or all up to the current one (`Past`), kept in a state.
//! Loop-carried values of a recurrence are states as well. Operations that look ahead are refused.

mod late;
mod loops;
mod operations;
mod shift;
mod state;
mod step;

pub use state::State;

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

/// Returns the reasons that there are beside the `first` one: those that remain when the values with
/// a reason are taken to be known, except for reasons that such a value leads to.
pub fn further(
    lengths: &[Length],
    from: &Graph,
    outputs: &[Value],
    first: &Refusal,
) -> Vec<Refusal> {
    let (mut known, mut further) = (HashSet::from([first.value]), Vec::new());
    while let Err(refusal) = stream_without(lengths, from, outputs, &known) {
        let follows = depends_on(from, refusal.value, |value| known.contains(&value));
        if !known.insert(refusal.value) || known.len() > MOST_REASONS {
            break;
        }
        // one reason may refuse all values of a loop, or all that are longer than the streamed axis
        let shared = from[refusal.value].region.is_some()
            || from
                .shape(refusal.value)
                .iter()
                .any(|size| size.is_dynamic() && size.as_length().is_none());
        if !follows && !shared {
            further.push(refusal);
        }
    }
    further
}

/// The maximum number of reasons that are looked for.
const MOST_REASONS: usize = 16;

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
    let mut stepper = Stepper {
        late: late::late(from, &Size::dynamic(length.name.clone())),
        from,
        to: Graph::default(),
        length: Size::dynamic(length.name.clone()),
        bound: length.bound.clone(),
        known: HashMap::new(),
        regions: HashMap::new(),
        states: Vec::new(),
        later: Vec::new(),
        puts: Vec::new(),
        given: given.clone(),
    };
    let mut roots = Vec::new();
    for (index, value) in outputs.iter().enumerate() {
        let modes = stepper.now(*value);
        if modes.iter().filter(|mode| **mode == AxisMode::Now).count() > 1 {
            let name = &length.name;
            let reason = format!("an output has two axes of `{name}`");
            return Err(Refusal { value: *value, reason });
        }
        roots.push(Root::Output(index, stepper.at(*value, &modes)?.value));
    }
    roots.extend(stepper.next_states()?);
    let dynamic = |value: &Value| stepper.to.shape(*value).iter().any(Size::is_dynamic);
    if stepper.bound.is_none() && stepper.to.values().any(|value| dynamic(&value)) {
        let name = &length.name;
        return Err(refuse(&format!(
            "its past is kept, which takes a bound: `dyn {name} <= 1024`"
        )));
    }
    Ok(Stream { graph: stepper.to, roots, states: stepper.states })
}

/// The step under construction.
pub struct Stepper<'a> {
    from: &'a Graph,
    /// The values that are known only after the last step.
    late: HashSet<Value>,
    to: Graph,
    /// The streamed size; in the step, the number of steps so far, including the current one.
    length: Size,
    bound: Option<Size>,
    known: HashMap<(Value, Vec<AxisMode>), Stepped>,
    /// The copies of the loops that remain loops in the step, by the original.
    regions: HashMap<Region, Region>,
    states: Vec<State>,
    /// States whose next value is still to be computed, with the whole pass's value for it.
    later: Vec<(usize, Value)>,
    /// Values that are written to states at the end of a step.
    puts: Vec<Root>,
    /// The values that are taken to be any numbers.
    given: HashSet<Value>,
}

impl Stepper<'_> {
    /// Returns the modes of a value's axes with the current element along the streamed axis, if it
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
            AxisMode::Now => Size::one(),
            AxisMode::Fixed | AxisMode::Past => size.clone(),
        });
        Type { shape: shape.collect(), ..ty.clone() }
    }

    fn refuse<T>(&self, value: Value, reason: impl Into<String>) -> Result<T, Refusal> {
        Err(Refusal { value, reason: reason.into() })
    }

    /// Returns the value of the step for a value of the whole pass, with these modes of its axes.
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
                return self.refuse(value, format!("it has {size} elements along an axis"));
            }
        }
        self.within_a_step(value)?;
        let past = modes.contains(&AxisMode::Past);
        if past && !modes.contains(&AxisMode::Now) && !self.is_derived(value, modes) {
            return self.history(value, modes).map(Stepped::from);
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
