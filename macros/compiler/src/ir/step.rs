//! The streaming form, as kernels see it: every kernel says beside its shape and its derivative how
//! it is computed for the current steps, which are one, or those of a block.

use super::{Graph, Type, Value};
use crate::size::Size;

/// The mode of an axis: the part of it that the current steps have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AxisMode {
    /// All of it: the axis is not the streamed one.
    Fixed,
    /// The current elements: one in a step, as many as there are steps in a block.
    Now,
    /// The last ones of the current elements, those of the steps whose outputs are wanted.
    Wanted,
    /// Every element up to the last current one.
    Past,
}

impl AxisMode {
    /// Returns true if the axis has current elements alone.
    #[must_use]
    pub fn is_current(self) -> bool {
        matches!(self, Self::Now | Self::Wanted)
    }
}

/// The value of the whole pass at pairs of the current and a later element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// Zero, which adds nothing to a sum.
    Zero,
    /// Minus infinity, whose exponential is zero.
    MinusInfinity,
}

/// A value of the step.
#[derive(Clone, Copy, Debug)]
pub struct Stepped {
    /// The value.
    pub value: Value,
    /// The value that the whole pass has at pairs of the current and a later element, if it is a
    /// mask.
    pub mask: Option<Mask>,
}

impl From<Value> for Stepped {
    fn from(value: Value) -> Self {
        Self { value, mask: None }
    }
}

/// The reason why there is no streaming form.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The value whose operation looks ahead.
    pub value: Value,
    /// The reason, for the message.
    pub reason: String,
}

/// An operation of the whole pass that is computed for one step.
pub trait StreamStep {
    /// Returns the modes of the result's axes.
    fn modes(&self) -> &[AxisMode];

    /// Returns the number of operands.
    fn operands(&self) -> usize;

    /// Returns the type of an operand in the whole pass.
    fn whole(&self, operand: usize) -> &Type;

    /// Returns the type of the result in the step.
    fn ty(&self) -> Type;

    /// Returns the streamed size.
    fn length(&self) -> &Size;

    /// Returns the number of elements along an axis with a mode of current elements.
    fn count(&self, mode: AxisMode) -> Size;

    /// Returns the graph of the step.
    fn graph(&mut self) -> &mut Graph;

    /// Returns an operand in the step.
    ///
    /// # Errors
    /// If it looks ahead.
    fn operand(&mut self, operand: usize, modes: &[AxisMode]) -> Result<Stepped, Refusal>;

    /// Adds the operation as it is, if neither the operands nor the result have the streamed axis.
    ///
    /// # Errors
    /// If one of them has it.
    fn unchanged(&mut self) -> Result<Stepped, Refusal>;

    /// Returns the elements of the first operand along an axis from `start` plus the number of steps
    /// before on.
    ///
    /// # Errors
    /// If it looks ahead.
    fn shifted(&mut self, axis: usize, start: &Size) -> Result<Stepped, Refusal>;

    /// Returns the current elements of the result along an axis on which the operands are one after
    /// the other.
    ///
    /// # Errors
    /// If it looks ahead.
    fn shifted_result(&mut self, axis: usize) -> Result<Stepped, Refusal>;

    /// Returns the wanted elements of the result: the last ones of the current elements.
    ///
    /// # Errors
    /// If the operand looks ahead.
    fn last_of_current(&mut self) -> Result<Stepped, Refusal>;

    /// Returns what the taps of a kernel of this size and dilation cover at the current elements along
    /// the last axis of the first operand `[channels, ..]`, a row for each channel and tap.
    ///
    /// # Errors
    /// If the operand looks ahead.
    fn taps(&mut self, kernel: &Size, dilation: &Size) -> Result<Value, Refusal>;

    /// Returns a size in the current step.
    fn present(&self, size: &Size) -> Size;

    /// Returns true if a size is the iteration number of a loop along the streamed axis.
    fn is_present_iteration(&self, size: &Size) -> bool;

    /// Returns the element of the first operand at the iteration of the loop along the streamed axis;
    /// `modes` are those of its axes for the current elements.
    ///
    /// # Errors
    /// If the operand looks ahead.
    fn of_iteration(&mut self, axis: usize, modes: &[AxisMode]) -> Result<Stepped, Refusal>;

    /// Returns the running sum of the first operand along an axis, the streamed one.
    ///
    /// # Errors
    /// If the operand looks ahead.
    fn running_sum(&mut self, axis: usize) -> Result<Stepped, Refusal>;

    /// Returns the first element of the first operand along an axis, the streamed one; `modes` are
    /// those of its axes for the current elements.
    ///
    /// # Errors
    /// If the operand looks ahead.
    fn first(&mut self, axis: usize, modes: &[AxisMode]) -> Result<Stepped, Refusal>;

    /// Returns the refusal of the operation for a reason.
    fn refusal(&self, reason: String) -> Refusal;
}

impl dyn StreamStep + '_ {
    /// Returns true if a size is the streamed one.
    #[must_use]
    pub fn is_length(&self, size: &Size) -> bool {
        size == self.length()
    }

    /// Returns the number of steps before the elements of an axis with a mode of current elements.
    #[must_use]
    pub fn before(&self, mode: AxisMode) -> Size {
        self.length().minus(&self.count(mode))
    }

    /// Returns the first operand, with the modes of the result.
    ///
    /// # Errors
    /// If it looks ahead.
    pub fn alike(&mut self) -> Result<Stepped, Refusal> {
        let modes = self.modes().to_vec();
        self.operand(0, &modes)
    }

    /// Returns an operand that does not have the streamed axis.
    ///
    /// # Errors
    /// If it looks ahead.
    pub fn fixed(&mut self, operand: usize) -> Result<Value, Refusal> {
        let modes = vec![AxisMode::Fixed; self.whole(operand).shape.len()];
        Ok(self.operand(operand, &modes)?.value)
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
        let mut modes = self.modes().to_vec();
        let shape = self.whole(0).shape.clone();
        let past: Vec<usize> =
            axes.iter().copied().filter(|axis| self.is_length(&shape[*axis])).collect();
        for axis in &past {
            modes[*axis] = AxisMode::Past;
        }
        if past.is_empty() {
            return Ok(self.operand(0, &modes)?.value);
        }
        if !modes.iter().any(|mode| mode.is_current()) {
            return self.takes_all();
        }
        let stepped = self.operand(0, &modes)?;
        self.hiding_future(stepped, hidden)
    }

    /// Refuses the operation for a reason.
    ///
    /// # Errors
    /// Always.
    pub fn refuse<T>(&self, reason: impl Into<String>) -> Result<T, Refusal> {
        Err(self.refusal(reason.into()))
    }

    /// Refuses an operation that needs all of the streamed axis.
    ///
    /// # Errors
    /// Always.
    pub fn takes_all<T>(&self) -> Result<T, Refusal> {
        self.refuse(format!("it takes all of `{}` at once", self.length()))
    }

    /// Refuses an operation that needs other elements than the current one.
    ///
    /// # Errors
    /// Always.
    pub fn looks_elsewhere<T>(&self) -> Result<T, Refusal> {
        self.refuse(elsewhere(self.length()))
    }
}

/// Returns the reason for refusing an operation that needs other elements than the current one
/// along the axis of this size.
#[must_use]
pub fn elsewhere(length: &Size) -> String {
    format!("it takes elements of `{length}` from other places than the present")
}
