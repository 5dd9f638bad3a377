//! Builders of scalar expressions, with constant folding.

use super::{Function, NAMED};
use crate::ir::{Graph, Op, Type, Value};

impl Graph {
    /// Adds a function of operands, which are broadcast to a common type.
    ///
    /// # Panics
    /// If the operands do not broadcast; the checker makes sure that they do.
    pub fn scalar(&mut self, function: Function, mut operands: Vec<Value>) -> Value {
        let ty = self.broadcast(&operands);
        // an expanded number is read as the number, so that no buffer has to be filled with it
        for index in 0..operands.len() {
            let expanded = operands[index];
            let Some(number) = self.expanded_number(expanded) else { continue };
            operands[index] = number;
            if self.broadcast(&operands) != ty {
                operands[index] = expanded;
            }
        }
        self.add(Op::Scalar(function), operands, ty)
    }

    /// Returns the common type that operands are broadcast to.
    fn broadcast(&self, operands: &[Value]) -> Type {
        operands.iter().fold(Type::shared(Vec::new()), |ty, operand| {
            ty.broadcast(self.ty(*operand)).expect("operands that broadcast")
        })
    }

    /// Returns the number that a value consists of, if it is the expansion of one.
    pub(in crate::ir) fn expanded_number(&self, value: Value) -> Option<Value> {
        let node = &self[value];
        let is_expanded = matches!(node.op, Op::Scalar(Function::Expand));
        let number = is_expanded.then(|| node.operands[0])?;
        self.ty(number).is_number().then_some(number)
    }

    /// Returns a + b.
    pub fn sum(&mut self, a: Value, b: Value) -> Value {
        match (self.known_number(a), self.known_number(b)) {
            (Some(x), Some(y)) => self.number(x + y),
            (_, Some(0.0)) => a,
            (Some(0.0), _) => b,
            _ => self.scalar(Function::Add, vec![a, b]),
        }
    }

    /// Returns a - b.
    pub fn difference(&mut self, a: Value, b: Value) -> Value {
        match (self.known_number(a), self.known_number(b)) {
            (Some(x), Some(y)) => self.number(x - y),
            (_, Some(0.0)) => a,
            (Some(0.0), _) => self.negate(b),
            _ => self.scalar(Function::Subtract, vec![a, b]),
        }
    }

    /// Returns a * b.
    pub fn multiply(&mut self, a: Value, b: Value) -> Value {
        match (self.known_number(a), self.known_number(b)) {
            (Some(x), Some(y)) => self.number(x * y),
            (_, Some(1.0)) => a,
            (Some(1.0), _) => b,
            _ => self.scalar(Function::Multiply, vec![a, b]),
        }
    }

    /// Returns a / b.
    pub fn divide(&mut self, a: Value, b: Value) -> Value {
        match (self.known_number(a), self.known_number(b)) {
            (Some(x), Some(y)) => self.number(x / y),
            (_, Some(1.0)) => a,
            _ => self.scalar(Function::Divide, vec![a, b]),
        }
    }

    /// Returns -a.
    pub fn negate(&mut self, a: Value) -> Value {
        match self.known_number(a) {
            Some(x) => self.number(-x),
            None => self.scalar(Function::Negate, vec![a]),
        }
    }

    /// Returns a + x.
    pub fn plus(&mut self, a: Value, x: f64) -> Value {
        let x = self.number(x);
        self.sum(a, x)
    }

    /// Returns x - a.
    pub fn from(&mut self, x: f64, a: Value) -> Value {
        let x = self.number(x);
        self.difference(x, a)
    }

    /// Returns a * x.
    pub fn times(&mut self, a: Value, x: f64) -> Value {
        let x = self.number(x);
        self.multiply(a, x)
    }

    /// Returns `yes` where `condition` is not 0, else `no`.
    pub fn select(&mut self, condition: Value, yes: Value, no: Value) -> Value {
        self.scalar(Function::Select, vec![condition, yes, no])
    }

    /// Returns `a` where `condition` is not 0, else 0.
    pub fn gate(&mut self, condition: Value, a: Value) -> Value {
        self.scalar(Function::Gate, vec![condition, a])
    }

    /// Adds the function of [`NAMED`] with this name.
    ///
    /// # Panics
    /// If there is none of that name.
    pub fn named(&mut self, name: &str, a: Value) -> Value {
        let named = NAMED.iter().find(|named| named.name == name).expect("a function");
        self.scalar(Function::Named(named), vec![a])
    }

    /// Returns the value broadcast to `ty`.
    pub fn expand(&mut self, value: Value, ty: &Type) -> Value {
        if self.ty(value) == ty {
            return value;
        }
        // a number that was broadcast already is broadcast from the number
        let value = self.expanded_number(value).unwrap_or(value);
        self.add(Op::Scalar(Function::Expand), vec![value], ty.clone())
    }
}
