//! The operations that are not kernels in the streaming form: scalar functions and views.

use super::Stepper;
use crate::ir::function::Function;
use crate::ir::step::{AxisMode, Mask, Refusal, Stepped};
use crate::ir::{Op, Value};
use crate::size::Size;

impl Stepper<'_> {
    /// Adds the same function of the step's operands.
    pub(super) fn scalar(
        &mut self,
        value: Value,
        function: &Function,
        modes: &[AxisMode],
    ) -> Result<Stepped, Refusal> {
        let from = self.from;
        let region = self.to.region;
        let (mut operands, mut masks) = (Vec::new(), Vec::new());
        for operand in &from[value].operands {
            // axes correspond from the last one on; surplus axes have size 1
            let shape = from.shape(*operand);
            let of = |(axis, size): (usize, &Size)| match (axis + modes.len())
                .checked_sub(shape.len())
            {
                Some(axis) if *size != Size::one() => modes[axis],
                _ => AxisMode::Fixed,
            };
            let own: Vec<AxisMode> = shape.iter().enumerate().map(of).collect();
            let stepped = self.at(*operand, &own)?;
            operands.push(stepped.value);
            masks.push(stepped.mask);
        }
        self.to.region = region;
        let ty = self.ty(value, modes);
        let mask = match (function, &operands[..]) {
            (Function::Multiply, [a, b]) => scaled(self, (*a, masks[0]), (*b, masks[1])),
            (Function::Divide, [_, b]) if self.to.known_number(*b).is_some_and(|b| b > 0.0) => {
                masks[0]
            }
            _ => None,
        };
        let mask = mask.or_else(|| mask_after(function, &masks));
        let value = self.to.add(Op::Scalar(function.clone()), operands, ty);
        Ok(Stepped { value, mask })
    }

    /// Adds the view in the step, if it leaves the streamed axis as one axis.
    pub(super) fn view(&mut self, value: Value, modes: &[AxisMode]) -> Result<Stepped, Refusal> {
        let from = self.from;
        let operand = from[value].operands[0];
        let (old, new) = (from.shape(operand), from.shape(value));
        let mut own = vec![AxisMode::Fixed; old.len()];
        for (axis, mode) in modes.iter().enumerate().filter(|(_, mode)| **mode != AxisMode::Fixed) {
            let before = Size::product(&new[..axis]);
            let same = (0..old.len())
                .find(|i| old[*i] == self.length && Size::product(&old[..*i]) == before);
            match same {
                Some(axis) => own[axis] = *mode,
                None => {
                    let reason = format!("it takes the axis of `{}` apart", self.length);
                    return self.refuse(value, reason);
                }
            }
        }
        if old.iter().zip(&own).any(|(size, mode)| size.is_dynamic() && *mode == AxisMode::Fixed) {
            let reason = format!("it takes the axis of `{}` apart", self.length);
            return self.refuse(value, reason);
        }
        let region = self.to.region;
        let stepped = self.at(operand, &own)?;
        self.to.region = region;
        let shape = self.ty(value, modes).shape;
        Ok(Stepped { value: self.to.view(stepped.value, shape), ..stepped })
    }
}

/// Returns the mask that remains after scaling by a positive number.
fn scaled(
    stepper: &Stepper<'_>,
    (a, of_a): (Value, Option<Mask>),
    (b, of_b): (Value, Option<Mask>),
) -> Option<Mask> {
    let positive = |value| stepper.to.known_number(value).is_some_and(|x: f64| x > 0.0);
    match (of_a, of_b) {
        (Some(mask), None) if positive(b) => Some(mask),
        (None, Some(mask)) if positive(a) => Some(mask),
        _ => None,
    }
}

/// Returns the mask of a function's result, given those of its operands.
fn mask_after(function: &Function, masks: &[Option<Mask>]) -> Option<Mask> {
    use Mask::{MinusInfinity, Zero};
    match (function, masks) {
        (Function::Expand | Function::Stop, [mask, ..]) => *mask,
        (Function::Add | Function::Subtract, [Some(MinusInfinity), _])
        | (Function::Add, [_, Some(MinusInfinity)]) => Some(MinusInfinity),
        (Function::Add | Function::Subtract, [Some(Zero), Some(Zero)]) => Some(Zero),
        (Function::Multiply, [Some(Zero), _] | [_, Some(Zero)]) => Some(Zero),
        (Function::Divide, [Some(Zero), _]) | (Function::Negate, [Some(Zero)]) => Some(Zero),
        _ => None,
    }
}
