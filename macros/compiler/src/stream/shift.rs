//! Shifted elements: the current elements of a value that is longer or shorter than the streamed
//! axis was current some steps ago.

use super::Stepper;
use crate::ir::function::Function;
use crate::ir::kernel::{Movement, Slice};
use crate::ir::step::{Refusal, elsewhere};
use crate::ir::{Op, Value};
use crate::size::Size;

/// An axis of a value, and the index along it at the first step.
#[derive(Clone, Debug)]
pub(super) struct Shift {
    pub axis: usize,
    pub start: Size,
}

/// A value that is delayed by some steps, and the number that stands before its first element.
struct Behind {
    value: Value,
    by: Size,
    fill: f64,
}

impl Stepper<'_> {
    /// Returns the current elements along an axis: those from `start` plus the number of steps before on.
    pub(super) fn shifted(&mut self, value: Value, shift: &Shift) -> Result<Value, Refusal> {
        let Shift { axis, start } = shift;
        let from = self.from;
        let node = &from[value];
        self.within_a_step(value)?;
        let is_joined = node.ty.shape[*axis].is_dynamic() && self.is_joined(value, *axis);
        if !is_joined && node.ty.shape[*axis] == self.length && *start == Size::default() {
            let modes = self.now(value);
            return Ok(self.at(value, &modes)?.value);
        }
        let reason = elsewhere(&self.length);
        let mut others = node.ty.shape.iter().enumerate().filter(|(other, _)| other != axis);
        if others.any(|(_, size)| size.is_dynamic()) {
            return self.refuse(value, reason);
        }
        if !node.ty.shape[*axis].is_dynamic() {
            let x = self.at(value, &self.all_fixed(value))?.value;
            let (start, len) = (start.plus(&self.before()), self.form.now.clone());
            return Ok(self.to.kernel(Slice { axis: *axis, start, len }, vec![x]));
        }
        if is_joined {
            return match self.behind(value, shift) {
                Some(Behind { value, by, fill }) => self.delayed(value, *axis, &by, fill),
                None => self.refuse(value, reason),
            };
        }
        let mut ty = node.ty.clone();
        ty.shape[*axis].clone_from(&self.form.now);
        match &node.op {
            Op::Scalar(function) => {
                let mut operands = Vec::new();
                for operand in &node.operands {
                    operands.push(self.shifted_operand(value, *operand, shift)?);
                }
                Ok(self.to.add(Op::Scalar(function.clone()), operands, ty))
            }
            Op::Kernel(_) => match from.movement(value) {
                Some(Movement::Slice(slice)) if slice.axis == *axis => {
                    let start = start.plus(&slice.start);
                    self.shifted(node.operands[0], &Shift { axis: *axis, start })
                }
                Some(Movement::Slice(slice)) => {
                    let whole = self.shifted(node.operands[0], shift)?;
                    let start = self.present(value, &slice.start);
                    Ok(self.to.kernel(Slice { start, ..slice.clone() }, vec![whole]))
                }
                Some(Movement::Place(joined)) if joined.axis != *axis => {
                    let mut operands = Vec::new();
                    for operand in &node.operands {
                        operands.push(self.shifted(*operand, shift)?);
                    }
                    Ok(self.to.add(node.op.clone(), operands, ty))
                }
                _ => self.refuse(value, reason),
            },
            _ => self.refuse(value, reason),
        }
    }

    /// Returns true if a value consists of its operands along an axis, one after the other.
    fn is_joined(&self, value: Value, axis: usize) -> bool {
        match self.from.movement(value) {
            Some(Movement::Place(joined)) => joined.axis == axis,
            _ => false,
        }
    }

    /// Returns the value from an index on as a delayed operand, if it is padded, or concatenated
    /// with operands of one number before it, and no step looks ahead.
    fn behind(&self, value: Value, Shift { axis, start }: &Shift) -> Option<Behind> {
        let from = self.from;
        let Some(Movement::Place(joined)) = from.movement(value) else { return None };
        let operands = &from[value].operands;
        let types: Vec<_> = operands.iter().map(|operand| from.ty(*operand)).collect();
        let main = types.iter().position(|ty| ty.shape[*axis].is_dynamic())?;
        let fills: Option<Vec<f64>> =
            operands[..main].iter().map(|operand| self.filled_with(*operand)).collect();
        let fill = match fills?[..] {
            [] => joined.fill.0,
            [first, ref rest @ ..] if rest.iter().all(|other| *other == first) => first,
            _ => return None,
        };
        let (before, len) = (&joined.starts[main], &types[main].shape[*axis]);
        let is_last = from.shape(value)[*axis] == before.plus(len);
        let by = before.minus(start);
        // if something comes after the operand, no step may reach that
        let missing = self.length.minus(len);
        let ends = is_last || is_certain(&by.minus(&missing));
        let ahead = by.constant().is_some_and(|by| by < 0) || (!is_last && !is_certain(&by));
        (ends && !ahead).then_some(Behind { value: operands[main], by, fill })
    }

    /// Returns the number that all elements of a value are, if they are one.
    fn filled_with(&self, value: Value) -> Option<f64> {
        let node = &self.from[value];
        match node.op {
            Op::Scalar(Function::Expand) | Op::View => self.filled_with(node.operands[0]),
            _ => self.from.known_number(value),
        }
    }

    /// Returns an operand of a scalar function; if it has the axis, the same element of it.
    fn shifted_operand(
        &mut self,
        of: Value,
        operand: Value,
        Shift { axis, start }: &Shift,
    ) -> Result<Value, Refusal> {
        let from = self.from;
        let (whole, shape) = (from.shape(of), from.shape(operand));
        let own = (axis + shape.len()).checked_sub(whole.len());
        match own.filter(|axis| shape[*axis] != Size::one()) {
            Some(axis) => self.shifted(operand, &Shift { axis, start: start.clone() }),
            None => Ok(self.at(operand, &self.all_fixed(operand))?.value),
        }
    }
}

/// Returns true if a size is not negative, for any values of the names in it.
fn is_certain(size: &Size) -> bool {
    match size.constant() {
        Some(size) => size >= 0,
        None => Size::default().is_at_most(size),
    }
}
