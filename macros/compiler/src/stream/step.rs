//! One operation in the streaming form: what kernels make of their operands for it.

use super::shift::Shift;
use super::{Along, Mask, Refusal, Stepped, Stepper};
use crate::ir::kernel::Kernel;
use crate::ir::{Graph, Type, Value};
use crate::size::Size;

/// An operation that is done for one step.
pub struct Step<'s, 'a> {
    pub(super) stepper: &'s mut Stepper<'a>,
    pub(super) value: Value,
    /// What the result has of its axes.
    pub modes: &'s [Along],
}

impl Step<'_, '_> {
    /// The type of an operand in the whole pass.
    #[must_use]
    pub fn whole(&self, operand: usize) -> &Type {
        let from = self.stepper.from;
        from.ty(from[self.value].operands[operand])
    }

    /// The step's graph.
    pub fn graph(&mut self) -> &mut Graph {
        &mut self.stepper.to
    }

    /// How many operands there are.
    #[must_use]
    pub fn operands(&self) -> usize {
        self.stepper.from[self.value].operands.len()
    }

    /// Whether a size is the streamed one.
    #[must_use]
    pub fn is_length(&self, size: &Size) -> bool {
        *size == self.stepper.length
    }

    /// The type of the result in the step.
    #[must_use]
    pub fn ty(&self) -> Type {
        self.stepper.ty(self.value, self.modes)
    }

    /// An operand in the step.
    ///
    /// # Errors
    /// Where it looks ahead.
    pub fn operand(&mut self, operand: usize, modes: &[Along]) -> Result<Stepped, Refusal> {
        let value = self.stepper.from[self.value].operands[operand];
        let region = self.stepper.to.region;
        let stepped = self.stepper.at(value, modes);
        self.stepper.to.region = region;
        stepped
    }

    /// An operand of which the step has what the result has, axis by axis.
    ///
    /// # Errors
    /// Where it looks ahead.
    pub fn alike(&mut self) -> Result<Stepped, Refusal> {
        let modes = self.modes.to_vec();
        self.operand(0, &modes)
    }

    /// Operands that do not have the streamed axis.
    ///
    /// # Errors
    /// Where they look ahead.
    pub fn fixed(&mut self, operand: usize) -> Result<Value, Refusal> {
        let modes = vec![Along::Fixed; self.whole(operand).shape.len()];
        Ok(self.operand(operand, &modes)?.value)
    }

    /// The operation as it is, where nothing has the streamed axis.
    ///
    /// # Errors
    /// Where something has.
    pub fn unchanged(&mut self) -> Result<Stepped, Refusal> {
        let from = self.stepper.from;
        let node = &from[self.value];
        let along = |value: &Value| from.shape(*value).iter().any(Size::is_dynamic);
        if node.operands.iter().chain([&self.value]).any(along) {
            let (what, length) = (node.op.noun(), self.length());
            return self.refuse(format!("`{what}` takes all of `{length}` at once"));
        }
        let mut operands = Vec::new();
        for index in 0..node.operands.len() {
            operands.push(self.fixed(index)?);
        }
        Ok(self.stepper.to.add(node.op.clone(), operands, node.ty.clone()).into())
    }

    /// An operand of the same axes that hides the future.
    ///
    /// # Errors
    /// Where it does not.
    pub fn up_to_present_alike(&mut self, hidden: Mask) -> Result<Value, Refusal> {
        let stepped = self.alike()?;
        self.hiding_future(stepped, hidden)
    }

    /// The value of what hides the future by `hidden`.
    fn hiding_future(&self, stepped: Stepped, hidden: Mask) -> Result<Value, Refusal> {
        if stepped.mask == Some(hidden) {
            return Ok(stepped.value);
        }
        let length = self.length();
        self.refuse(format!(
            "it takes all of `{length}`, also what is to come: hide that with `mask_future`"
        ))
    }

    /// Of an operand that has the streamed axis where the result has 1 because it is summed up or
    /// searched: all up to the present, for each present element of another axis, with what stands
    /// for the future.
    ///
    /// # Errors
    /// Where there is no such axis, the operand looks ahead, or nothing hides the future.
    pub fn up_to_present(&mut self, axes: &[usize], hidden: Mask) -> Result<Value, Refusal> {
        let mut modes = self.modes.to_vec();
        let shape = self.whole(0).shape.clone();
        let past: Vec<usize> =
            axes.iter().copied().filter(|axis| self.is_length(&shape[*axis])).collect();
        for axis in &past {
            modes[*axis] = Along::Past;
        }
        if past.is_empty() {
            return Ok(self.operand(0, &modes)?.value);
        }
        if !modes.contains(&Along::Now) {
            let length = self.length();
            return self.refuse(format!("it takes all of `{length}` at once"));
        }
        let stepped = self.operand(0, &modes)?;
        self.hiding_future(stepped, hidden)
    }

    /// The result of a kernel.
    pub fn kernel(&mut self, kernel: impl Kernel + 'static, operands: Vec<Value>) -> Stepped {
        self.stepper.to.kernel(kernel, operands).into()
    }

    /// The element at `start`, plus the number of steps before, along an axis of the first operand.
    ///
    /// # Errors
    /// Where it looks ahead.
    pub fn shifted(&mut self, axis: usize, start: &Size) -> Result<Stepped, Refusal> {
        let value = self.stepper.from[self.value].operands[0];
        self.along_axis(value, &Shift { axis, start: start.clone() })
    }

    /// The present element of the result along an axis on which operands are one behind the other.
    ///
    /// # Errors
    /// Where it looks ahead.
    pub fn shifted_result(&mut self, axis: usize) -> Result<Stepped, Refusal> {
        if self.modes[axis] == Along::Past {
            let length = self.length();
            return self.refuse(format!("it takes all of `{length}` at once"));
        }
        self.along_axis(self.value, &Shift { axis, start: Size::default() })
    }

    fn along_axis(&mut self, value: Value, shift: &Shift) -> Result<Stepped, Refusal> {
        let region = self.stepper.to.region;
        let shifted = self.stepper.shifted(value, shift);
        self.stepper.to.region = region;
        // what looks ahead is this operation, not what it takes
        let elsewhere = self.stepper.elsewhere();
        let shifted = shifted.map_err(|refusal| match refusal.reason == elsewhere {
            true => Refusal { value: self.value, ..refusal },
            false => refusal,
        });
        Ok(shifted?.into())
    }

    /// A size as it is in the present step.
    #[must_use]
    pub fn present(&self, size: &Size) -> Size {
        self.stepper.present(self.value, size)
    }

    /// How many steps were before the present one.
    #[must_use]
    pub fn before(&self) -> Size {
        self.stepper.before()
    }

    /// Whether a size is the number of the iteration of a loop along the streamed axis.
    #[must_use]
    pub fn is_present_iteration(&self, size: &Size) -> bool {
        self.stepper.is_present(self.value, size)
    }

    /// The running sum of an operand along the streamed axis.
    ///
    /// # Errors
    /// Where the operand looks ahead.
    pub fn running_sum(&mut self) -> Result<Stepped, Refusal> {
        let now = self.alike()?.value;
        let ty = self.ty();
        let stepper = &mut *self.stepper;
        let (index, state) = stepper.state(ty.shape.clone(), ty.len(), "sum");
        let sum = stepper.to.sum(state, now);
        Ok(stepper.keep(index, sum).into())
    }

    /// The first element of an operand along the streamed axis, of which the step has `modes`.
    ///
    /// # Errors
    /// Where the operand looks ahead.
    pub fn first(&mut self, modes: &[Along]) -> Result<Stepped, Refusal> {
        let now = self.operand(0, modes)?.value;
        let stepper = &mut *self.stepper;
        let ty = stepper.to.ty(now).clone();
        let (index, state) = stepper.state(ty.shape.clone(), ty.len(), "first");
        let first = stepper.beginning(state, now);
        Ok(stepper.keep(index, first).into())
    }

    /// Why there is no such step.
    ///
    /// # Errors
    /// Always.
    pub fn refuse<T>(&self, reason: impl Into<String>) -> Result<T, Refusal> {
        self.stepper.refuse(self.value, reason)
    }

    /// Why there is no step of what takes other elements than the present.
    #[must_use]
    pub fn elsewhere(&self) -> String {
        self.stepper.elsewhere()
    }

    /// The streamed size as it is written.
    #[must_use]
    pub fn length(&self) -> String {
        self.stepper.length.to_string()
    }
}
