//! The context in which a kernel builds its operation of the streaming form.

use super::shift::Shift;
use super::{Along, Mask, Refusal, Stepped, Stepper};
use crate::ir::kernel::Kernel;
use crate::ir::{Graph, Type, Value};
use crate::size::Size;

/// An operation that is computed for one step.
pub struct Step<'s, 'a> {
    pub(super) stepper: &'s mut Stepper<'a>,
    pub(super) value: Value,
    /// The modes of the result's axes.
    pub modes: &'s [Along],
}

impl Step<'_, '_> {
    /// Returns the type of an operand in the whole pass.
    #[must_use]
    pub fn whole(&self, operand: usize) -> &Type {
        let from = self.stepper.from;
        from.ty(from[self.value].operands[operand])
    }

    /// Returns the graph of the step.
    pub fn graph(&mut self) -> &mut Graph {
        &mut self.stepper.to
    }

    /// Returns the number of operands.
    #[must_use]
    pub fn operands(&self) -> usize {
        self.stepper.from[self.value].operands.len()
    }

    /// Returns true if a size is the streamed one.
    #[must_use]
    pub fn is_length(&self, size: &Size) -> bool {
        *size == self.stepper.length
    }

    /// Returns the type of the result in the step.
    #[must_use]
    pub fn ty(&self) -> Type {
        self.stepper.ty(self.value, self.modes)
    }

    /// Returns an operand in the step.
    ///
    /// # Errors
    /// If it looks ahead.
    pub fn operand(&mut self, operand: usize, modes: &[Along]) -> Result<Stepped, Refusal> {
        let value = self.stepper.from[self.value].operands[operand];
        let region = self.stepper.to.region;
        let stepped = self.stepper.at(value, modes);
        self.stepper.to.region = region;
        stepped
    }

    /// Returns the first operand, with the modes of the result.
    ///
    /// # Errors
    /// If it looks ahead.
    pub fn alike(&mut self) -> Result<Stepped, Refusal> {
        let modes = self.modes.to_vec();
        self.operand(0, &modes)
    }

    /// Returns an operand that does not have the streamed axis.
    ///
    /// # Errors
    /// If it looks ahead.
    pub fn fixed(&mut self, operand: usize) -> Result<Value, Refusal> {
        let modes = vec![Along::Fixed; self.whole(operand).shape.len()];
        Ok(self.operand(operand, &modes)?.value)
    }

    /// Adds the operation as it is, if neither the operands nor the result have the streamed axis.
    ///
    /// # Errors
    /// If one of them has it.
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

    /// Returns the first operand, with the modes of the result, if it masks later elements by
    /// `hidden`.
    ///
    /// # Errors
    /// If it does not.
    pub fn up_to_present_alike(&mut self, hidden: Mask) -> Result<Value, Refusal> {
        let stepped = self.alike()?;
        self.hiding_future(stepped, hidden)
    }

    /// Returns the value if it masks later elements by `hidden`, else a refusal.
    fn hiding_future(&self, stepped: Stepped, hidden: Mask) -> Result<Value, Refusal> {
        if stepped.mask == Some(hidden) {
            return Ok(stepped.value);
        }
        let length = self.length();
        self.refuse(format!(
            "it takes all of `{length}`, also what is to come: hide that with `mask_future`"
        ))
    }

    /// Returns the operand of a reduction over `axes`. If one of these is the streamed axis, the
    /// operand has all elements up to the current one along it, for the current element along
    /// another axis, and has to mask later elements by `hidden`.
    ///
    /// # Errors
    /// If there is no such other axis, the operand looks ahead, or it does not mask later elements.
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

    /// Adds a kernel.
    pub fn kernel(&mut self, kernel: impl Kernel + 'static, operands: Vec<Value>) -> Stepped {
        self.stepper.to.kernel(kernel, operands).into()
    }

    /// Returns the element of the first operand along an axis at `start` plus the number of steps
    /// before.
    ///
    /// # Errors
    /// If it looks ahead.
    pub fn shifted(&mut self, axis: usize, start: &Size) -> Result<Stepped, Refusal> {
        let value = self.stepper.from[self.value].operands[0];
        self.along_axis(value, &Shift { axis, start: start.clone() })
    }

    /// Returns the current element of the result along an axis on which the operands are one after
    /// the other.
    ///
    /// # Errors
    /// If it looks ahead.
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
        // the operation that looks ahead is this one, not its operand
        let elsewhere = self.stepper.elsewhere();
        let shifted = shifted.map_err(|refusal| match refusal.reason == elsewhere {
            true => Refusal { value: self.value, ..refusal },
            false => refusal,
        });
        Ok(shifted?.into())
    }

    /// Returns a size in the current step.
    #[must_use]
    pub fn present(&self, size: &Size) -> Size {
        self.stepper.present(self.value, size)
    }

    /// Returns the number of steps before the current one.
    #[must_use]
    pub fn before(&self) -> Size {
        self.stepper.before()
    }

    /// Returns true if a size is the iteration number of a loop along the streamed axis.
    #[must_use]
    pub fn is_present_iteration(&self, size: &Size) -> bool {
        self.stepper.is_present(self.value, size)
    }

    /// Returns the running sum of the first operand along the streamed axis.
    ///
    /// # Errors
    /// If the operand looks ahead.
    pub fn running_sum(&mut self) -> Result<Stepped, Refusal> {
        let now = self.alike()?.value;
        let ty = self.ty();
        let stepper = &mut *self.stepper;
        let (index, state) = stepper.state(ty.shape.clone(), ty.len(), "sum");
        let sum = stepper.to.sum(state, now);
        Ok(stepper.keep(index, sum).into())
    }

    /// Returns the first element of the first operand along the streamed axis; `modes` are those of
    /// its axes for the current element.
    ///
    /// # Errors
    /// If the operand looks ahead.
    pub fn first(&mut self, modes: &[Along]) -> Result<Stepped, Refusal> {
        let now = self.operand(0, modes)?.value;
        let stepper = &mut *self.stepper;
        let ty = stepper.to.ty(now).clone();
        let (index, state) = stepper.state(ty.shape.clone(), ty.len(), "first");
        let first = stepper.beginning(state, now);
        Ok(stepper.keep(index, first).into())
    }

    /// Refuses the operation for a reason.
    ///
    /// # Errors
    /// Always.
    pub fn refuse<T>(&self, reason: impl Into<String>) -> Result<T, Refusal> {
        self.stepper.refuse(self.value, reason)
    }

    /// Returns the reason for refusing an operation that needs other elements than the current one.
    #[must_use]
    pub fn elsewhere(&self) -> String {
        self.stepper.elsewhere()
    }

    /// Returns the streamed size, as it is written.
    #[must_use]
    pub fn length(&self) -> String {
        self.stepper.length.to_string()
    }
}
