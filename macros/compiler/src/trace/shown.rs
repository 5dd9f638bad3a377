//! The values that are shown for layers and named values: outputs, slopes and gradients.

use super::{Role, Tracer, is_traceable};
use crate::ast::Element;
use crate::ir::function::Function;
use crate::ir::{Op, Value};

/// A layer or a named value.
pub struct Shown {
    /// The row of the summary, if it is a layer.
    pub row: Option<usize>,
    /// The name of the value, empty if it has none.
    pub name: String,
    /// The number of the traced output.
    pub output: usize,
    /// The number of the traced slope, if it is the output of an activation.
    pub slope: Option<usize>,
    /// The number of the traced gradient, if there is one.
    pub gradient: Option<usize>,
}

/// The functions that saturate, beside activations.
const SATURATING: [&str; 2] = ["tanh", "sigmoid"];

impl Tracer<'_> {
    /// Traces the outputs of layers and the named values, with the slopes of those that are the outputs of
    /// activations.
    pub fn shown(&mut self) -> Vec<Shown> {
        let program = self.program;
        let layers = program.rows.iter().enumerate();
        let layers = layers.filter_map(|(row, layer)| Some((Some(row), layer.result?)));
        let mut of: Vec<(Option<usize>, Value)> = layers.collect();
        for (_, value) in &program.named {
            if !of.iter().any(|(_, known)| known == value) {
                of.push((None, *value));
            }
        }
        of.sort_by_key(|(_, value)| *value);
        of.into_iter().filter_map(|(row, of)| self.show(row, of)).collect()
    }

    fn show(&mut self, row: Option<usize>, of: Value) -> Option<Shown> {
        let mut value = self.present(of);
        let named = self.program.named.iter().rev().find(|(_, named)| *named == of);
        let name = named.map_or_else(String::new, |(name, _)| name.clone());
        let slope = self.slope(of, value);
        if !is_traceable(&self.graph, value) {
            let ty = self.graph.ty(value);
            if ty.is_number() || ty.element != Element::Real {
                return None;
            }
            value = self.beside(value, |graph| graph.copy(value));
        }
        let output = self.trace(of, value, Role::Result)?;
        self.values[output].order = self.present(of);
        Some(Shown { row, name, output, slope, gradient: None })
    }

    /// Traces the slope of an activation whose output `value` is.
    fn slope(&mut self, of: Value, value: Value) -> Option<usize> {
        let node = self.graph[value].clone();
        // dropout, which does nothing here, is no activation
        if self.program.graph[of].op != node.op {
            return None;
        }
        let Op::Scalar(function) = node.op else { return None };
        let saturates = match &function {
            Function::Activate(_) => true,
            Function::Named(named) => SATURATING.contains(&named.name),
            _ => false,
        };
        if !saturates || node.ty.is_number() {
            return None;
        }
        let slope = self.beside(value, |graph| {
            let one = graph.number(1.0);
            let slopes = function.derivative(graph, &node.operands, value, one, &[true]);
            let slope = slopes.into_iter().flatten().next().unwrap_or(one);
            graph.expand(slope, &node.ty)
        });
        self.trace(of, slope, Role::Slope)
    }

    /// Adds the numbers of the gradients to what is shown.
    pub fn with_gradients(&self, shown: &mut [Shown]) {
        for shown in shown {
            let of = self.present(self.values[shown.output].of);
            shown.gradient = self.whole_gradients.get(&of).copied();
        }
    }
}
