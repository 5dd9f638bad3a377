//! The table of functions of one argument, one line each with the derivative.

use super::{Effort, Function};
use crate::ir::{Graph, Value};
use std::fmt;
use std::hash::{Hash, Hasher};

/// A function of one argument.
pub struct Named {
    /// The name in the language, which is that in `PyTorch`.
    pub name: &'static str,
    /// The name in the runtime.
    pub runtime: &'static str,
    /// The effort of computing it for one element.
    pub effort: Effort,
    /// The gradient of the argument; `None` if the function is piecewise constant.
    pub derivative: Option<Derivative>,
}

/// Returns the gradient of the argument, given the argument, the result and the gradient of the
/// result.
type Derivative = fn(&mut Graph, Value, Value, Value) -> Value;

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
impl Eq for Named {}

impl Hash for Named {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// The functions of one argument of the language.
pub static NAMED: &[Named] = &[
    Named {
        name: "exp",
        runtime: "exp",
        effort: Effort::High,
        derivative: Some(|g, _, y, dy| g.multiply(dy, y)),
    },
    Named {
        name: "expm1",
        runtime: "exp_m1",
        effort: Effort::High,
        derivative: Some(|g, _, y, dy| {
            let slope = g.plus(y, 1.0);
            g.multiply(dy, slope)
        }),
    },
    Named {
        name: "log",
        runtime: "ln",
        effort: Effort::High,
        derivative: Some(|g, x, _, dy| g.divide(dy, x)),
    },
    Named {
        name: "log1p",
        runtime: "ln_1p",
        effort: Effort::High,
        derivative: Some(|g, x, _, dy| {
            let x1 = g.plus(x, 1.0);
            g.divide(dy, x1)
        }),
    },
    Named {
        name: "sqrt",
        runtime: "sqrt",
        effort: Effort::Medium,
        derivative: Some(|g, _, y, dy| {
            let half = g.times(dy, 0.5);
            g.divide(half, y)
        }),
    },
    Named {
        name: "sin",
        runtime: "sin",
        effort: Effort::High,
        derivative: Some(|g, x, _, dy| {
            let slope = g.named("cos", x);
            g.multiply(dy, slope)
        }),
    },
    Named {
        name: "cos",
        runtime: "cos",
        effort: Effort::High,
        derivative: Some(|g, x, _, dy| {
            let sin = g.named("sin", x);
            let product = g.multiply(dy, sin);
            g.negate(product)
        }),
    },
    Named {
        name: "tanh",
        runtime: "tanh",
        effort: Effort::High,
        derivative: Some(|g, _, y, dy| {
            let square = g.multiply(y, y);
            let slope = g.from(1.0, square);
            g.multiply(dy, slope)
        }),
    },
    Named {
        name: "sigmoid",
        runtime: "sigmoid",
        effort: Effort::High,
        derivative: Some(|g, _, y, dy| {
            let rest = g.from(1.0, y);
            let slope = g.multiply(y, rest);
            g.multiply(dy, slope)
        }),
    },
    Named {
        name: "softplus",
        runtime: "softplus",
        effort: Effort::High,
        derivative: Some(|g, x, _, dy| {
            let slope = g.named("sigmoid", x);
            g.multiply(dy, slope)
        }),
    },
    Named {
        name: "erf",
        runtime: "erf",
        effort: Effort::High,
        derivative: Some(|g, x, _, dy| {
            let square = g.multiply(x, x);
            let exponent = g.negate(square);
            let bell = g.named("exp", exponent);
            let slope = g.times(bell, std::f64::consts::FRAC_2_SQRT_PI);
            g.multiply(dy, slope)
        }),
    },
    Named {
        name: "abs",
        runtime: "abs",
        effort: Effort::Medium,
        derivative: Some(|g, x, _, dy| {
            let zero = g.number(0.0);
            let negative = g.scalar(Function::Above, vec![zero, x]);
            let opposite = g.negate(dy);
            let signed = g.select(negative, opposite, dy);
            g.gate(x, signed)
        }),
    },
    Named { name: "sign", runtime: "sign", effort: Effort::Medium, derivative: None },
    Named { name: "floor", runtime: "floor", effort: Effort::Medium, derivative: None },
    Named { name: "ceil", runtime: "ceil", effort: Effort::Medium, derivative: None },
    Named { name: "round", runtime: "round", effort: Effort::Medium, derivative: None },
    Named {
        name: "atan",
        runtime: "atan",
        effort: Effort::High,
        derivative: Some(|g, x, _, dy| {
            let square = g.multiply(x, x);
            let below = g.plus(square, 1.0);
            g.divide(dy, below)
        }),
    },
    Named {
        name: "exp2",
        runtime: "exp2",
        effort: Effort::High,
        derivative: Some(|g, _, y, dy| {
            let slope = g.times(y, std::f64::consts::LN_2);
            g.multiply(dy, slope)
        }),
    },
];
