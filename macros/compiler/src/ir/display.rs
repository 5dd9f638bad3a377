//! Graphs as text, one value a line, for snapshots and for reading.

use super::function::Function;
use super::{Direction, Graph, Leaf, Op, Type, Value};
use crate::ast::Element;
use crate::case::snake_case;
use std::fmt;

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}", self.0)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.element == Element::Index {
            f.write_str("u32")?;
        }
        write!(f, "{}", ShapeText(&self.shape))?;
        f.write_str(if self.batched { "" } else { " shared" })
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A shape, displayed as `[3, 4 * D]`.
pub struct ShapeText<'a>(pub &'a [crate::size::Size]);

impl fmt::Display for ShapeText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        write!(f, "[{}]", sizes.join(", "))
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leaf(Leaf::Number(x)) => write!(f, "{x}"),
            Self::Leaf(Leaf::Count(size)) => write!(f, "{size}"),
            Self::Leaf(Leaf::Constant(constant)) => write!(f, "{constant:?}"),
            Self::Leaf(leaf) => write!(f, "{leaf:?}"),
            Self::Scalar(function) => write!(f, "{function}"),
            Self::View => f.write_str("View"),
            Self::Window(slice) => write!(f, "Window of {slice:?}"),
            Self::Kernel(kernel) => write!(f, "{kernel:?}"),
            Self::Carried(_) => f.write_str("Carried"),
            Self::Final => f.write_str("Final"),
            Self::Collect(_) => f.write_str("Collect"),
            Self::Stack => f.write_str("Stack"),
        }
    }
}

impl Op {
    /// Returns the variable name of a result that has no name of its own: `cross_entropy`,
    /// `product`.
    #[must_use]
    pub fn noun(&self) -> String {
        let word = match self {
            Self::Scalar(Function::Add) => "sum".to_owned(),
            Self::Scalar(Function::Subtract) => "difference".to_owned(),
            Self::Scalar(Function::Multiply) => "product".to_owned(),
            Self::Scalar(Function::Divide) => "quotient".to_owned(),
            Self::Scalar(Function::Negate) => "negative".to_owned(),
            Self::Scalar(Function::Activate(activation)) => {
                activation.text.rsplit(':').next().unwrap_or_default().to_owned()
            }
            Self::Scalar(Function::Save(_)) => "kept".to_owned(),
            Self::Window(_) => "slice".to_owned(),
            Self::Scalar(Function::UserFn(own)) => {
                format!("{}_value", own.text.rsplit(':').next().unwrap_or_default())
            }
            Self::Scalar(Function::UserFnSlope(..)) => "slope".to_owned(),
            other => other.to_string(),
        };
        // the first word of `CrossEntropy(..)`
        let end = word.find(|c: char| !c.is_alphanumeric() && c != '_');
        snake_case(&word[..end.unwrap_or(word.len())])
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(named) => f.write_str(named.name),
            Self::Gate => f.write_str("chosen"),
            Self::Power(p) => write!(f, "pow {p}"),
            Self::Activate(activation) => write!(f, "{activation:?}"),
            Self::Save(activation) => write!(f, "keep {activation:?}"),
            Self::Chain(activation) => write!(f, "chain {activation:?}"),
            Self::UserFn(own) => write!(f, "{own:?}"),
            Self::UserFnSlope(own, by) => write!(f, "slope {own:?} by {by}"),
            other => f.write_str(&format!("{other:?}").to_lowercase()),
        }
    }
}

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for value in self.values() {
            let node = &self[value];
            let pass = if node.direction == Direction::Backward { "<" } else { " " };
            write!(f, "{pass}{value} = {}", node.op)?;
            for (i, operand) in node.operands.iter().enumerate() {
                write!(f, "{}{operand}", if i == 0 { " " } else { ", " })?;
            }
            write!(f, ": {}", node.ty)?;
            if !node.name.is_empty() {
                write!(f, " ({})", node.name)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
