//! The step of one kernel: what its rule asks of the pass of a step.

use super::Stepper;
use super::shift::Shift;
use super::state::Kept;
use crate::ir::kernel::{Cumsum, Slice};
use crate::ir::step::{AxisMode, Refusal, Stepped, StreamStep, elsewhere};
use crate::ir::{Graph, Type, Value};
use crate::size::Size;

/// A kernel of the whole pass that is computed for one step.
pub(super) struct KernelStep<'s, 'a> {
    pub stepper: &'s mut Stepper<'a>,
    pub value: Value,
    pub modes: &'s [AxisMode],
}

impl StreamStep for KernelStep<'_, '_> {
    fn modes(&self) -> &[AxisMode] {
        self.modes
    }

    fn operands(&self) -> usize {
        self.stepper.from[self.value].operands.len()
    }

    fn whole(&self, operand: usize) -> &Type {
        let from = self.stepper.from;
        from.ty(from[self.value].operands[operand])
    }

    fn ty(&self) -> Type {
        self.stepper.ty(self.value, self.modes)
    }

    fn length(&self) -> &Size {
        &self.stepper.length
    }

    fn count(&self, mode: AxisMode) -> Size {
        self.stepper.count(mode).clone()
    }

    fn graph(&mut self) -> &mut Graph {
        &mut self.stepper.to
    }

    fn operand(&mut self, operand: usize, modes: &[AxisMode]) -> Result<Stepped, Refusal> {
        let value = self.stepper.from[self.value].operands[operand];
        let region = self.stepper.to.region;
        let stepped = self.stepper.at(value, modes);
        self.stepper.to.region = region;
        stepped
    }

    fn unchanged(&mut self) -> Result<Stepped, Refusal> {
        let from = self.stepper.from;
        let node = &from[self.value];
        let along = |value: &Value| from.shape(*value).iter().any(Size::is_dynamic);
        if node.operands.iter().chain([&self.value]).any(along) {
            return (self as &dyn StreamStep).takes_all();
        }
        let mut operands = Vec::new();
        for (index, operand) in node.operands.iter().enumerate() {
            let modes = vec![AxisMode::Fixed; from.shape(*operand).len()];
            operands.push(self.operand(index, &modes)?.value);
        }
        Ok(self.stepper.to.add(node.op.clone(), operands, node.ty.clone()).into())
    }

    fn shifted(&mut self, axis: usize, start: &Size) -> Result<Stepped, Refusal> {
        let value = self.stepper.from[self.value].operands[0];
        self.along_axis(value, &Shift { axis, start: start.clone() })
    }

    fn shifted_result(&mut self, axis: usize) -> Result<Stepped, Refusal> {
        if self.modes[axis] == AxisMode::Past {
            return (self as &dyn StreamStep).takes_all();
        }
        self.along_axis(self.value, &Shift { axis, start: Size::default() })
    }

    fn present(&self, size: &Size) -> Size {
        self.stepper.present(self.value, size)
    }

    fn is_present_iteration(&self, size: &Size) -> bool {
        self.stepper.is_present(self.value, size)
    }

    fn running_sum(&mut self, axis: usize) -> Result<Stepped, Refusal> {
        let now = self.operand(0, self.modes)?.value;
        let mut one = self.ty();
        one.shape[axis] = Size::one();
        let kept = Kept::Sum(self.value);
        let stepper = &mut *self.stepper;
        let (index, state) = stepper.state(kept, one.shape.clone(), one.len(), "sum")?;
        if !stepper.is_block() {
            let sum = stepper.to.sum(state, now);
            return Ok(stepper.keep(index, sum).into());
        }
        let sums = stepper.to.kernel(Cumsum { axis, reversed: false }, vec![now]);
        let sums = stepper.to.sum(sums, state);
        let start = stepper.form.now.minus(&Size::one());
        let last = stepper.to.kernel(Slice { axis, start, len: Size::one() }, vec![sums]);
        stepper.keep(index, last);
        Ok(sums.into())
    }

    fn first(&mut self, axis: usize, modes: &[AxisMode]) -> Result<Stepped, Refusal> {
        let now = self.operand(0, modes)?.value;
        let kept = Kept::First(self.stepper.from[self.value].operands[0], axis);
        let stepper = &mut *self.stepper;
        let mut ty = stepper.to.ty(now).clone();
        let mut first = now;
        if stepper.is_block() {
            ty.shape[axis] = Size::one();
            let slice = Slice { axis, start: Size::default(), len: Size::one() };
            first = stepper.to.kernel(slice, vec![now]);
        }
        let (index, state) = stepper.state(kept, ty.shape.clone(), ty.len(), "first")?;
        let first = stepper.beginning(state, first);
        Ok(stepper.keep(index, first).into())
    }

    fn of_iteration(&mut self, axis: usize, modes: &[AxisMode]) -> Result<Stepped, Refusal> {
        let (value, now) = (self.value, self.operand(0, modes)?);
        let stepper = &mut *self.stepper;
        if !stepper.is_block() {
            return Ok(now);
        }
        let from = stepper.from;
        let mut around = from.enclosing(from[value].region);
        let Some(along) = around.find(|region| stepper.is_along(*region)) else {
            return Err(self.refusal("it is in no loop".to_owned()));
        };
        let slice = Slice { axis, start: from[along].iteration(), len: Size::one() };
        Ok(stepper.to.kernel(slice, vec![now.value]).into())
    }

    fn last_of_current(&mut self) -> Result<Stepped, Refusal> {
        self.stepper.last_of_current(self.value, self.modes)
    }

    fn taps(&mut self, kernel: &Size, dilation: &Size) -> Result<Value, Refusal> {
        let value = self.stepper.from[self.value].operands[0];
        self.stepper.taps(value, kernel, dilation)
    }

    fn refusal(&self, reason: String) -> Refusal {
        Refusal { value: self.value, reason }
    }
}

impl KernelStep<'_, '_> {
    fn along_axis(&mut self, value: Value, shift: &Shift) -> Result<Stepped, Refusal> {
        let region = self.stepper.to.region;
        let shifted = self.stepper.shifted(value, shift);
        self.stepper.to.region = region;
        // the operation that looks ahead is this one, not its operand
        let elsewhere = elsewhere(&self.stepper.length);
        let shifted = shifted.map_err(|refusal| match refusal.reason == elsewhere {
            true => Refusal { value: self.value, ..refusal },
            false => refusal,
        });
        Ok(shifted?.into())
    }
}
