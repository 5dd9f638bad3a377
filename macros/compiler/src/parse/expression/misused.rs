//! Errors for operators of other languages, and for operators of the language before a layer.

use crate::ast::{Expr, ExprKind, Operator, Refused};
use crate::habits::operators;
use crate::report::Place;

/// Returns the refused form of an operator before a layer: `x > Linear(4)`.
pub(super) fn operator_before_layer(
    operator: Operator,
    at: Place,
    left: Expr,
    right: Expr,
) -> ExprKind {
    let sign = operator.symbol();
    if operator == Operator::Above {
        let message = format!("layers are applied with `>>`, not `>`: `{left} >> {right}`");
        return ExprKind::Refused(Box::new(Refused {
            at,
            message,
            parts: vec![chain(left, right)],
        }));
    }
    let message = format!("`{sign}` takes a value, and `{right}` is a layer: `x >> {right}`");
    ExprKind::Refused(Box::new(Refused { at: right.place, message, parts: vec![left] }))
}

/// Returns the refused form of an operator of another language: `x @ w`.
pub(super) fn external_operator(
    operator: &operators::Operator,
    at: Place,
    left: Expr,
    right: Expr,
) -> ExprKind {
    let message = operator.message(&left.to_string(), &right.to_string());
    let parts = match operator.is_chain() {
        true => vec![chain(left, right)],
        false => vec![left, right],
    };
    ExprKind::Refused(Box::new(Refused { at, message, parts }))
}

/// Returns the expression `left >> right`.
fn chain(left: Expr, right: Expr) -> Expr {
    let place = left.place.to(right.place);
    Expr { kind: ExprKind::Chain(Box::new(left), Box::new(right)), place }
}
