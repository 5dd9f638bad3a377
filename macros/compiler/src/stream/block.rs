//! The form that takes a block of steps at once: values have as many current elements as the block has
//! steps, so that products of many rows take the place of many products of one row.

use super::state::State;
use super::{Form, Stepper, Stream, needed};
use crate::ast::Element;
use crate::ir::kernel::Slice;
use crate::ir::step::{AxisMode, Refusal, Stepped};
use crate::ir::{Graph, Op, Root, Value};
use crate::program::Length;
use crate::size::{Size, length_name};
use std::collections::HashSet;

/// The form of a network that takes a block of steps.
pub struct Block {
    /// The graph of the block.
    pub graph: Graph,
    /// The outputs, and the next values of states.
    pub roots: Vec<Root>,
    /// The states, those of the step, with their loops in this graph.
    pub states: Vec<State>,
    /// The run-time sizes: the number of steps up to the end of the block, the number of steps in it,
    /// and the number of the last ones whose outputs are wanted.
    pub lengths: Vec<Length>,
}

/// Derives the form that takes a block of steps at once, for a network whose step is derived already.
/// Returns `None` if there is none.
#[must_use]
pub fn block(lengths: &[Length], from: &Graph, outputs: &[Value], step: &Stream) -> Option<Block> {
    let length = lengths.iter().find(|length| !length.of_targets)?;
    let [now, wanted] = ["block", "wanted"].map(|wish| name_beside(length, wish));
    let form = Form { now: Size::dynamic(&*now), wanted: Size::dynamic(&*wanted) };
    let begin = || {
        let mut stepper = Stepper::new(from, length, form.clone(), outputs);
        stepper.states.clone_from(&step.states);
        stepper.found = Some(vec![false; step.states.len()]);
        stepper
    };
    // what the states need is computed for all steps of the block: the outputs of the last ones are
    // found from there on
    let mut all = begin();
    let roots = all.roots(outputs, AxisMode::Now).ok()?;
    let whole = all.of_all_steps(&roots);
    let mut stepper = begin();
    stepper.whole = whole;
    let roots = stepper.roots(outputs, AxisMode::Wanted).ok()?;
    if stepper.found.is_some_and(|found| found.contains(&false)) {
        return None;
    }
    let block = |name: String| Length { name, bound: None, of_targets: false };
    let lengths = vec![length.clone(), block(now), block(wanted)];
    Some(Block { graph: stepper.to, roots, states: stepper.states, lengths })
}

/// Returns a name for a run-time size whose variable is not that of `length`.
fn name_beside(length: &Length, wish: &str) -> String {
    match length_name(&length.name) == length_name(wish) {
        true => format!("{wish}_steps"),
        false => wish.to_owned(),
    }
}

impl Stepper<'_> {
    /// Returns the values of the whole pass that are computed for all current steps because a state
    /// needs them.
    fn of_all_steps(&self, roots: &[Root]) -> HashSet<Value> {
        let is_state = |root: &&Root| matches!(root, Root::State { .. });
        let mut kept: Vec<Value> = roots.iter().filter(is_state).map(Root::value).collect();
        kept.extend(self.to.values().filter(|value| self.to.writes_state(*value)));
        let needed = needed(&self.to, &kept);
        let current = self.known.iter().filter(|((_, modes), stepped)| {
            modes.contains(&AxisMode::Now) && needed.contains(&stepped.value)
        });
        current.map(|((value, _), _)| *value).collect()
    }

    /// Returns true if the wanted elements of a value are a part of all current ones, which are
    /// computed anyway: because others need them, in a loop, or from class numbers.
    pub(super) fn takes_wanted_of_current(&self, value: Value) -> bool {
        let in_loop = self.from[value].region.is_some();
        let whole = match &self.from[value].op {
            Op::Leaf(_) | Op::Carried(_) | Op::Final | Op::Collect(_) => true,
            Op::View | Op::Window(_) | Op::Stack | Op::Scalar(_) | Op::Kernel(_) => false,
        };
        // class numbers are read as a whole: a part of them is not copied
        let mut operands = self.from[value].operands.iter();
        let of_classes = operands.any(|operand| self.from.ty(*operand).element != Element::Real);
        whole || in_loop || of_classes || self.whole.contains(&value)
    }

    /// Returns the wanted elements of a value as a part of all current ones.
    pub(super) fn last_of_current(
        &mut self,
        value: Value,
        modes: &[AxisMode],
    ) -> Result<Stepped, Refusal> {
        let Some(axis) = modes.iter().position(|mode| *mode == AxisMode::Wanted) else {
            return self.refuse(value, "no part of it is wanted");
        };
        let mut now = modes.to_vec();
        now[axis] = AxisMode::Now;
        let region = self.to.region;
        let all = self.at(value, &now)?;
        self.to.region = region;
        let Form { now, wanted } = self.form.clone();
        let slice = Slice { axis, start: now.minus(&wanted), len: wanted };
        Ok(Stepped { value: self.to.kernel(slice, vec![all.value]), ..all })
    }
}

impl Graph {
    /// Returns true if a value is written to a state where it is computed.
    fn writes_state(&self, value: Value) -> bool {
        match &self[value].op {
            Op::Kernel(kernel) => kernel.is::<crate::ir::kernel::CacheWrite>(),
            _ => false,
        }
    }
}
