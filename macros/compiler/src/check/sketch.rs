//! Records what is drawn of a network: its layers and operations, as they are written.

use super::{Binding, Checker, Result};
use crate::ast::{Argument, Expr, ExprKind, path_text};
use crate::ir::Value;
use crate::sketch::{Frame, Mark};
use std::ops::Range;

impl Checker<'_> {
    /// Records a mark, unless it is within the description of a layer, which is drawn as one.
    pub(super) fn mark(&mut self, mark: impl FnOnce(&Self) -> Mark) {
        if !self.frame.described {
            let mark = mark(self);
            self.program.sketch.push(mark);
        }
    }

    /// Records the last row of the summary: a layer, an activation or, without values, a parameter.
    pub(super) fn mark_row(&mut self, values: &[Value], parameters: Range<usize>) {
        let values = values.to_vec();
        self.mark(|checker| Mark::Row {
            row: checker.program.rows.len() - 1,
            reads: if values.is_empty() { Vec::new() } else { checker.read.clone() },
            values,
            parameters,
        });
    }

    /// Records an operation.
    pub(super) fn mark_operation(
        &mut self,
        values: &[Value],
        is_elementwise: bool,
        text: impl FnOnce(&Self) -> String,
    ) {
        let values = values.to_vec();
        self.mark(|checker| Mark::Operation {
            text: text(checker),
            is_elementwise,
            reads: checker.read.clone(),
            values,
        });
    }

    /// Computes the values of an expression, which are then read by the one around it.
    pub(super) fn reading(
        &mut self,
        values: impl FnOnce(&mut Self) -> Result<Vec<Value>>,
    ) -> Result<Vec<Value>> {
        let around = std::mem::take(&mut self.read);
        let values = values(self);
        self.read = around;
        self.read.extend(values.iter().flatten().copied());
        values
    }

    /// Records the beginning of a frame.
    pub(super) fn enter_frame(&mut self, frame: impl FnOnce(&Self) -> Frame) {
        self.mark(|checker| Mark::Enter(frame(checker)));
    }

    /// Records the end of a frame.
    pub(super) fn leave_frame(&mut self) {
        self.mark(|_| Mark::Leave);
    }

    /// Returns a call without the arguments that are values: `mean(axis = 1)`.
    pub(super) fn call_without_values(&self, name: &str, arguments: &[Argument]) -> String {
        let is_written = |argument: &&Argument| match &argument.value().kind {
            ExprKind::Number(_) | ExprKind::List(_) | ExprKind::Bool(_) => true,
            ExprKind::Path(path) => {
                let bound = self.scope.get(&path_text(path));
                match argument {
                    Argument::Positional(_) => {
                        matches!(bound, Some(Binding::Size(_) | Binding::Length(_)))
                    }
                    Argument::Option { .. } => !matches!(bound, Some(Binding::Value(_))),
                }
            }
            _ => false,
        };
        let written: Vec<String> =
            arguments.iter().filter(is_written).map(ToString::to_string).collect();
        match written.is_empty() {
            true => name.to_owned(),
            false => format!("{name}({})", written.join(", ")),
        }
    }

    /// Returns a binary operation for its node: `+`, or `* 0.5` where an operand is a number.
    pub(super) fn operation_text(&self, symbol: &str, left: &Expr, right: &Expr) -> String {
        match (self.number_text(left), self.number_text(right)) {
            (None, Some(number)) => format!("{symbol} {number}"),
            (Some(number), None) => format!("{number} {symbol}"),
            _ => symbol.to_owned(),
        }
    }

    /// Returns the text of an operand that is a number, a size or a constant.
    fn number_text(&self, expr: &Expr) -> Option<String> {
        match &expr.kind {
            ExprKind::Number(_) => Some(expr.to_string()),
            ExprKind::Path(path) => {
                let bound = self.scope.get(&path_text(path));
                matches!(bound, None | Some(Binding::Size(_) | Binding::Length(_)))
                    .then(|| expr.to_string())
            }
            ExprKind::Negate(inner) => self.number_text(inner).map(|_| expr.to_string()),
            ExprKind::Binary { left, right, .. } => {
                self.number_text(left).and(self.number_text(right)).map(|_| format!("({expr})"))
            }
            ExprKind::Call { arguments, .. } => {
                let mut values =
                    arguments.iter().map(|argument| self.number_text(argument.value()));
                values.all(|text| text.is_some()).then(|| expr.to_string())
            }
            _ => None,
        }
    }
}
