//! Scalar functions: what elementwise loops are made of, with their derivatives.

use super::{Graph, Op, Type, Value, kernel::sum_to};
use proc_macro2::TokenStream;
use std::fmt;
use std::rc::Rc;

/// An activation's type, as the user wrote it.
#[derive(Clone)]
pub struct Activation {
    /// The path.
    pub path: TokenStream,
    /// The same as text, which tells one from another.
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

/// A function of scalars.
#[derive(Clone, Debug, PartialEq)]
pub enum Function {
    /// a + b
    Add,
    /// a - b
    Subtract,
    /// a * b
    Multiply,
    /// a / b
    Divide,
    /// The larger.
    Maximum,
    /// The smaller.
    Minimum,
    /// 1 where a >= b, else 0.
    AtLeast,
    /// The binary cross entropy of sigmoid(a) with the target b.
    BceWithLogits,
    /// -a
    Negate,
    /// A function of one argument that the runtime has under this name.
    Named(&'static Named),
    /// a^p
    Power(f64),
    /// The value itself, broadcast to the node's type.
    Expand,
    /// An activation.
    Activate(Activation),
    /// What the backward pass needs of an activation: its output or its derivative, as the
    /// activation's type says.
    Keep(Activation),
    /// The activation's derivative, from what was kept.
    Slope(Activation),
}

/// A function of one argument.
pub struct Named {
    /// In the language, as `PyTorch` has it.
    pub name: &'static str,
    /// In the runtime.
    pub runtime: &'static str,
    /// The gradient of the argument, from argument, result and the result's gradient.
    pub derivative: fn(&mut Graph, Value, Value, Value) -> Value,
}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Named {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The functions of one argument that the language has: one line each.
pub static NAMED: &[Named] = &[
    Named { name: "exp", runtime: "exp", derivative: |g, _, y, dy| g.multiply(dy, y) },
    Named {
        name: "expm1",
        runtime: "exp_m1",
        derivative: |g, _, y, dy| {
            let slope = g.plus(y, 1.0);
            g.multiply(dy, slope)
        },
    },
    Named { name: "log", runtime: "ln", derivative: |g, x, _, dy| g.divide(dy, x) },
    Named {
        name: "log1p",
        runtime: "ln_1p",
        derivative: |g, x, _, dy| {
            let x1 = g.plus(x, 1.0);
            g.divide(dy, x1)
        },
    },
    Named {
        name: "sqrt",
        runtime: "sqrt",
        derivative: |g, _, y, dy| {
            let half = g.times(dy, 0.5);
            g.divide(half, y)
        },
    },
    Named {
        name: "sin",
        runtime: "sin",
        derivative: |g, x, _, dy| {
            let slope = g.named("cos", x);
            g.multiply(dy, slope)
        },
    },
    Named {
        name: "cos",
        runtime: "cos",
        derivative: |g, x, _, dy| {
            let sin = g.named("sin", x);
            let product = g.multiply(dy, sin);
            g.negate(product)
        },
    },
    Named {
        name: "tanh",
        runtime: "tanh",
        derivative: |g, _, y, dy| {
            let square = g.multiply(y, y);
            let slope = g.from(1.0, square);
            g.multiply(dy, slope)
        },
    },
    Named {
        name: "sigmoid",
        runtime: "sigmoid",
        derivative: |g, _, y, dy| {
            let rest = g.from(1.0, y);
            let slope = g.multiply(y, rest);
            g.multiply(dy, slope)
        },
    },
    Named {
        name: "softplus",
        runtime: "softplus",
        derivative: |g, x, _, dy| {
            let slope = g.named("sigmoid", x);
            g.multiply(dy, slope)
        },
    },
    Named {
        name: "erf",
        runtime: "erf",
        derivative: |g, x, _, dy| {
            let square = g.multiply(x, x);
            let exponent = g.negate(square);
            let bell = g.named("exp", exponent);
            let slope = g.times(bell, std::f64::consts::FRAC_2_SQRT_PI);
            g.multiply(dy, slope)
        },
    },
    Named {
        name: "abs",
        runtime: "abs",
        derivative: |g, x, _, dy| {
            let sign = g.named("sign", x);
            g.multiply(dy, sign)
        },
    },
    Named { name: "sign", runtime: "sign", derivative: |g, _, _, dy| g.times(dy, 0.0) },
];

/// Builds scalar expressions, folding what is known.
impl Graph {
    /// A function of operands that broadcast.
    ///
    /// # Panics
    /// When the operands do not broadcast; the checker sees to that.
    pub fn scalar(&mut self, function: Function, operands: Vec<Value>) -> Value {
        let ty = operands.iter().fold(Type::shared(Vec::new()), |ty, operand| {
            ty.broadcast(self.ty(*operand)).expect("operands that broadcast")
        });
        self.add(Op::Scalar(function), operands, ty)
    }

    /// a + b
    pub fn sum(&mut self, a: Value, b: Value) -> Value {
        match (self.known_number(a), self.known_number(b)) {
            (Some(x), Some(y)) => self.number(x + y),
            (_, Some(0.0)) => a,
            (Some(0.0), _) => b,
            _ => self.scalar(Function::Add, vec![a, b]),
        }
    }

    /// a - b
    pub fn difference(&mut self, a: Value, b: Value) -> Value {
        match (self.known_number(a), self.known_number(b)) {
            (Some(x), Some(y)) => self.number(x - y),
            (_, Some(0.0)) => a,
            (Some(0.0), _) => self.negate(b),
            _ => self.scalar(Function::Subtract, vec![a, b]),
        }
    }

    /// a * b
    pub fn multiply(&mut self, a: Value, b: Value) -> Value {
        match (self.known_number(a), self.known_number(b)) {
            (Some(x), Some(y)) => self.number(x * y),
            (_, Some(1.0)) => a,
            (Some(1.0), _) => b,
            _ => self.scalar(Function::Multiply, vec![a, b]),
        }
    }

    /// a / b
    pub fn divide(&mut self, a: Value, b: Value) -> Value {
        match (self.known_number(a), self.known_number(b)) {
            (Some(x), Some(y)) => self.number(x / y),
            (_, Some(1.0)) => a,
            _ => self.scalar(Function::Divide, vec![a, b]),
        }
    }

    /// -a
    pub fn negate(&mut self, a: Value) -> Value {
        match self.known_number(a) {
            Some(x) => self.number(-x),
            None => self.scalar(Function::Negate, vec![a]),
        }
    }

    /// a + x
    pub fn plus(&mut self, a: Value, x: f64) -> Value {
        let x = self.number(x);
        self.sum(a, x)
    }

    /// x - a
    pub fn from(&mut self, x: f64, a: Value) -> Value {
        let x = self.number(x);
        self.difference(x, a)
    }

    /// a * x
    pub fn times(&mut self, a: Value, x: f64) -> Value {
        let x = self.number(x);
        self.multiply(a, x)
    }

    /// A function of [`NAMED`].
    ///
    /// # Panics
    /// When there is none of that name.
    pub fn named(&mut self, name: &str, a: Value) -> Value {
        let named = NAMED.iter().find(|named| named.name == name).expect("a function");
        self.scalar(Function::Named(named), vec![a])
    }

    /// The value broadcast to `ty`.
    pub fn expand(&mut self, value: Value, ty: &Type) -> Value {
        if self.ty(value) == ty {
            return value;
        }
        self.add(Op::Scalar(Function::Expand), vec![value], ty.clone())
    }
}

impl Function {
    /// The gradients of the operands that are `wanted`, each of its operand's type or still to be
    /// broadcast to it.
    pub fn derivative(
        &self,
        g: &mut Graph,
        operands: &[Value],
        y: Value,
        dy: Value,
        wanted: &[bool],
    ) -> Vec<Option<Value>> {
        let a = operands[0];
        // an operand that was broadcast gets the sum over what it was broadcast to
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
                let first = g.scalar(Function::AtLeast, vec![larger, smaller]);
                let second = g.from(1.0, first);
                vec![g.multiply(dy, first), g.multiply(dy, second)]
            }
            Self::BceWithLogits => {
                let probability = g.named("sigmoid", a);
                let slope = g.difference(probability, operands[1]);
                let target = g.negate(a);
                vec![g.multiply(dy, slope), g.multiply(dy, target)]
            }
            Self::Negate => vec![g.negate(dy)],
            Self::Named(named) => vec![(named.derivative)(g, a, y, dy)],
            Self::Power(p) => {
                let power = match p - 1.0 {
                    1.0 => a,
                    p => g.scalar(Self::Power(p), vec![a]),
                };
                let slope = g.times(power, *p);
                vec![g.multiply(dy, slope)]
            }
            Self::Expand => vec![dy],
            Self::Activate(activation) => {
                let kept = g.scalar(Self::Keep(activation.clone()), vec![a]);
                let slope = g.scalar(Self::Slope(activation.clone()), vec![kept]);
                vec![g.multiply(dy, slope)]
            }
            Self::AtLeast | Self::Keep(_) | Self::Slope(_) => {
                return vec![None; operands.len()];
            }
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
