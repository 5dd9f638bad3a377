//! Scalar functions, of which elementwise loops are made, with their derivatives.

mod build;
mod named;

pub use named::{NAMED, Named};

use super::float::Float;
use super::kernel::sum_to;
use super::{Graph, Op, Value};
use proc_macro2::{Ident, TokenStream};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// The type of an activation, as the user wrote it.
#[derive(Clone)]
pub struct Activation {
    /// The path.
    pub path: TokenStream,
    /// The path as text, by which activations are compared.
    pub text: Rc<str>,
}

impl fmt::Debug for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Activation {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for Activation {}

impl Hash for Activation {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

/// A user function, generic over `Number`, as it was written.
#[derive(Clone)]
pub struct UserFn {
    /// The path.
    pub path: TokenStream,
    /// The path as text, by which functions are compared.
    pub text: Rc<str>,
    /// The name of the function in generated code.
    pub name: Ident,
    /// Number of arguments.
    pub arity: usize,
}

impl fmt::Debug for UserFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for UserFn {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for UserFn {}

impl Hash for UserFn {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

/// The effort of computing a function for one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effort {
    /// It is computed again as fast as its result is read.
    Low,
    /// It is faster to read its result.
    Medium,
    /// It takes many instructions, as an exponential does, or may take them as far as is known
    /// here.
    High,
}

/// A function of scalars.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// a + b
    Add,
    /// a - b
    Subtract,
    /// a * b
    Multiply,
    /// a / b
    Divide,
    /// The larger of a and b.
    Maximum,
    /// The smaller of a and b.
    Minimum,
    /// The first operand, clamped to the range from the second to the third.
    Clamp,
    /// 1 where a >= b, else 0.
    AtLeast,
    /// 1 where a > b, else 0.
    Above,
    /// 1 where a = b, else 0.
    Equal,
    /// 1 where a is not b, else 0.
    Unequal,
    /// The second operand where the first is not 0, else the third.
    Select,
    /// The second operand where the first is not 0, else 0: passes a gradient only where something
    /// was chosen. A product with 1 or 0 would be NaN for an infinite gradient.
    Gate,
    /// The operand itself, through which no gradient passes.
    Stop,
    /// A user function.
    UserFn(UserFn),
    /// The derivative of a user function with respect to the argument of this index.
    UserFnSlope(UserFn, usize),
    /// The binary cross entropy of sigmoid(a) with the target b.
    BceWithLogits,
    /// -a
    Negate,
    /// A function of one argument that the runtime has under this name.
    Named(&'static Named),
    /// a^p
    Power(Float),
    /// The operand, broadcast to the type of the node.
    Expand,
    /// An activation.
    Activate(Activation),
    /// The value that the backward pass needs of an activation: its output or its derivative, as
    /// the activation's type decides.
    Save(Activation),
    /// The gradient of an activation's argument, from the saved value and the gradient of the
    /// output.
    Chain(Activation),
}

impl Function {
    /// Returns true if the function is piecewise constant, or is to be treated as constant.
    #[must_use]
    pub fn is_flat(&self) -> bool {
        match self {
            Self::AtLeast | Self::Above | Self::Equal | Self::Unequal | Self::Stop => true,
            Self::Named(named) => named.derivative.is_none(),
            _ => false,
        }
    }

    /// Returns the effort of computing the function for one element.
    #[must_use]
    pub fn effort(&self) -> Effort {
        match self {
            Self::Add | Self::Subtract | Self::Multiply | Self::Negate => Effort::Low,
            Self::Maximum | Self::Minimum | Self::Clamp => Effort::Low,
            Self::AtLeast | Self::Above | Self::Equal | Self::Unequal => Effort::Low,
            Self::Select | Self::Gate | Self::Stop => Effort::Low,
            Self::Divide | Self::Expand | Self::Chain(_) => Effort::Medium,
            Self::Named(named) => named.effort,
            Self::BceWithLogits | Self::Power(_) => Effort::High,
            Self::UserFn(_) | Self::UserFnSlope(..) => Effort::High,
            Self::Activate(_) | Self::Save(_) => Effort::High,
        }
    }

    /// Adds the gradients of the `wanted` operands, given the result `y` and its gradient `dy`.
    /// Each has the type of its operand or is still to be broadcast to it.
    pub fn derivative(
        &self,
        g: &mut Graph,
        operands: &[Value],
        y: Value,
        dy: Value,
        wanted: &[bool],
    ) -> Vec<Option<Value>> {
        let a = operands[0];
        // an operand that was broadcast gets the sum over the axes along which it was broadcast
        let ty = g.ty(y).clone();
        let broadcast =
            operands.iter().zip(wanted).any(|(operand, wanted)| *wanted && *g.ty(*operand) != ty);
        let dy = if broadcast { g.expand(dy, &ty) } else { dy };
        let gradients = match self {
            Self::Add => vec![dy, dy],
            Self::Subtract => vec![dy, g.negate(dy)],
            Self::Multiply => vec![g.multiply(dy, operands[1]), g.multiply(dy, a)],
            Self::Divide => {
                let da = g.divide(dy, operands[1]);
                let product = g.multiply(da, y);
                vec![da, g.negate(product)]
            }
            Self::Maximum | Self::Minimum => {
                let (larger, smaller) =
                    if *self == Self::Maximum { (a, operands[1]) } else { (operands[1], a) };
                // each of two equal operands gets half
                let (equal, half) =
                    (g.scalar(Self::Equal, vec![larger, smaller]), g.times(dy, 0.5));
                let share = g.select(equal, half, dy);
                let sides = [(smaller, larger), (larger, smaller)];
                let gradients = sides.map(|(above, below)| {
                    let other = g.scalar(Self::Above, vec![above, below]);
                    let zero = g.number(0.0);
                    g.select(other, zero, share)
                });
                gradients.to_vec()
            }
            Self::Clamp => {
                let above = g.scalar(Self::Above, vec![a, operands[1]]);
                let below = g.scalar(Self::Above, vec![operands[2], a]);
                let inside = g.multiply(above, below);
                // the bounds are numbers, which get no gradient
                vec![g.gate(inside, dy)]
            }
            Self::BceWithLogits => {
                let probability = g.named("sigmoid", a);
                let slope = g.difference(probability, operands[1]);
                let target = g.negate(a);
                vec![g.multiply(dy, slope), g.multiply(dy, target)]
            }
            Self::Negate => vec![g.negate(dy)],
            Self::Named(Named { derivative: Some(derivative), .. }) => {
                vec![derivative(g, a, y, dy)]
            }
            Self::Power(p) => {
                let power = match p.0 - 1.0 {
                    1.0 => a,
                    p => g.scalar(Self::Power(Float(p)), vec![a]),
                };
                let slope = g.times(power, p.0);
                vec![g.multiply(dy, slope)]
            }
            Self::Expand => vec![dy],
            Self::Activate(activation) => {
                // computed in the same iteration as the activation
                let (region, ty) = (g[y].region, g.ty(a).clone());
                let keep = Op::Scalar(Self::Save(activation.clone()));
                let kept = g.add_in(region, keep, vec![a], ty);
                vec![g.scalar(Self::Chain(activation.clone()), vec![kept, dy])]
            }
            Self::Select => {
                let zero = g.number(0.0);
                let other = g.scalar(Self::Equal, vec![a, zero]);
                vec![dy, g.gate(a, dy), g.gate(other, dy)]
            }
            Self::UserFn(own) => {
                let each = (0..operands.len()).map(|index| {
                    let slope = Self::UserFnSlope(own.clone(), index);
                    let slope = g.scalar(slope, operands.to_vec());
                    // the slope may be 0 because the function chose another argument
                    let product = g.multiply(dy, slope);
                    g.gate(slope, product)
                });
                each.collect()
            }
            _ => return vec![None; operands.len()],
        };
        gradients
            .into_iter()
            .zip(operands.iter().zip(wanted))
            .map(|(gradient, (operand, wanted))| {
                let ty = g.ty(*operand).clone();
                wanted.then(|| sum_to(g, gradient, &ty))
            })
            .collect()
    }
}
