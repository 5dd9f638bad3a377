//! Metrics of logits and the class indices that they are compared with.

use super::Function;
use crate::ast::{Element, Expr};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::display::ShapeText;
use crate::ir::kernel::{Accuracy, CrossEntropyOptions};
use crate::ir::{Leaf, Op, Type, Value};
use crate::program::{Classes, Ignored, Normaliser, Relation};
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[Function {
    name: "accuracy",
    usage: "accuracy(logits, target, ignore_index = ..)",
    build: accuracy,
}];

/// The checked shapes of logits and their target.
pub struct Classified {
    /// The index of the target.
    pub index: usize,
    /// The shape of the target: one class index per row of logits.
    pub rows: Vec<Size>,
    /// The number of classes.
    pub classes: Size,
}

impl Checker<'_> {
    /// Checks that `target` has a class index for every row of `logits`.
    pub(super) fn classified(
        &mut self,
        what: &str,
        (logits_expr, logits): (&Expr, Value),
        (target_expr, target): (&Expr, Value),
    ) -> Result<Classified> {
        let (from, to) = (self.graph().ty(logits).clone(), self.graph().ty(target).clone());
        let index = match self.graph()[target].op {
            Op::Leaf(Leaf::Target(index)) if to.element == Element::Index => index,
            _ => {
                return self.error(
                    target_expr.place,
                    format!(
                        "the target of `{what}` is class numbers: declare `{target_expr}: u32[..]`"
                    ),
                );
            }
        };
        let (Some(classes), true) = (from.shape.last(), from.batched) else {
            return self
                .error(logits_expr.place, format!("`{what}` takes logits along the last axis"));
        };
        let rows = &from.shape[..from.shape.len() - 1];
        // a target `u32[1]` is accepted like `u32` for a single row
        let one_each = rows.is_empty() && to.len() == Size::one();
        let fits = to.shape.len() == rows.len()
            && to.shape.iter().zip(rows).all(|(a, b)| a.equals(b) != Some(false));
        if !(one_each || fits) {
            let what = self.describe(logits_expr, logits);
            let (expected, actual) =
                (ShapeText(rows).to_string(), ShapeText(&to.shape).to_string());
            return self.error(
                target_expr.place,
                format!(
                    "{what}, so its target is u32{expected}, but `{target_expr}` is u32{actual}"
                ),
            );
        }
        for (a, b) in to.shape.iter().zip(rows) {
            self.require(target_expr.place, a, Relation::Equal, b, || {
                format!("`{logits_expr}` is {from}, but its target `{target_expr}` is {to}")
            });
        }
        Ok(Classified { index, rows: rows.to_vec(), classes: classes.clone() })
    }
}

/// Computes the fraction of rows in which the largest logit is that of the target's class.
fn accuracy(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let logits_expr = arguments.next(checker, "the logits")?;
    let target_expr = arguments.next(checker, "the target")?;
    let (logits, target) = (checker.real(logits_expr), checker.value(target_expr));
    let ignore_index = checker.ignore_index(arguments);
    let (logits, target, ignore_index) = (logits?, target?, ignore_index);
    let Classified { index, rows, classes } =
        checker.classified("accuracy", (logits_expr, logits), (target_expr, target))?;
    // an index that the loss ignores is ignored here too
    let before = checker.program.targets[index].classes.as_ref().map(|classes| classes.ignored);
    let ignored = ignore_index.map(Ignored::Index).or(before).unwrap_or(Ignored::Usual);
    checker.classes(target_expr, target, Classes::below(classes, ignored))?;
    let ignore_index = match ignored {
        Ignored::Index(index) => Some(index),
        Ignored::Usual | Ignored::Nothing => None,
    };
    let options = CrossEntropyOptions { ignore_index, ..CrossEntropyOptions::default() };
    let known = checker.program.normalisers.iter().position(|normaliser| {
        normaliser.target == index
            && normaliser.options.ignore_index == ignore_index
            && normaliser.options.weights.is_empty()
    });
    let normaliser = known.unwrap_or_else(|| {
        checker.program.normalisers.push(Normaliser { target: index, options });
        checker.program.normalisers.len() - 1
    });
    let graph = checker.graph();
    let target = graph.view(target, rows);
    let right = graph.kernel(Accuracy { ignore_index }, vec![logits, target]);
    let sum = checker.sum_of_sample(right);
    let graph = checker.graph();
    let normaliser = graph.leaf(Leaf::Normaliser(normaliser), Type::shared(Vec::new()));
    Ok(graph.multiply(sum, normaliser))
}
