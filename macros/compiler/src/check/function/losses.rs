//! Losses: one number per sample, the mean over its elements.

use super::Function;
use crate::ast::{Element, Expr, ExprKind};
use crate::check::arguments::Arguments;
use crate::check::function::classes::Classified;
use crate::check::{Checker, Result};
use crate::ir::display::ShapeText;
use crate::ir::float::Float;
use crate::ir::function::Function as Scalar;
use crate::ir::kernel::{self, CrossEntropyOptions};
use crate::ir::{Leaf, Type, Value};
use crate::program::{Classes, Ignored, Normaliser, Relation};
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "cross_entropy",
        usage: "cross_entropy(logits, target, ignore_index = .., label_smoothing = 0.0, weight = [..])",
        build: cross_entropy,
    },
    Function { name: "bce_with_logits", usage: "bce_with_logits(logits, target)", build: bce },
    Function { name: "mse", usage: "mse(y, target)", build: mse },
    Function { name: "l1", usage: "l1(y, target)", build: l1 },
    Function { name: "huber", usage: "huber(y, target, delta = 1.0)", build: huber },
    Function { name: "smooth_l1", usage: "smooth_l1(y, target, beta = 1.0)", build: smooth_l1 },
];

/// Returns the kind of the target that a loss, given by its name, compares the output with.
pub fn target_element(loss: &str) -> Element {
    match loss {
        "cross_entropy" => Element::Index,
        _ => Element::Real,
    }
}

/// Takes two values of equal shape, without broadcasting of missing axes.
fn pair(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    expr: &Expr,
) -> Result<(Value, Value)> {
    let y = arguments.next(checker, "a value")?;
    let target = arguments.next(checker, "a target")?;
    let (a, b) = (checker.real(y), checker.real(target));
    let (a, b) = (a?, b?);
    if checker.graph().shape(a).len() != checker.graph().shape(b).len() {
        let (left, right) = (checker.describe(y, a), checker.describe(target, b));
        return checker
            .error(expr.place, format!("a loss takes equal shapes, but {left} and {right}"));
    }
    // neither is stretched to the shape of the other, as it would be in arithmetic
    let one = Size::one();
    let axes = checker.graph().shape(a).to_vec().into_iter().zip(checker.graph().shape(b).to_vec());
    for (x, y_size) in axes.filter(|(x, y)| (*x == one) != (*y == one)) {
        let (left, right) = (checker.describe(y, a), checker.describe(target, b));
        let (small, large) = if x == one { (y, b) } else { (target, a) };
        let shape = ShapeText(checker.graph().shape(large)).to_string();
        let what = format!(
            "a loss takes equal shapes, but {left} and {right}: one number for many is written as `expand({small}, {shape})`"
        );
        checker.must_equal(expr.place, &x, &y_size, &what)?;
    }
    checker.fit((y, a), (target, b), expr.place, "a loss")
}

fn difference(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    expr: &Expr,
) -> Result<Value> {
    let (y, target) = pair(checker, arguments, expr)?;
    Ok(checker.graph().difference(y, target))
}

fn mse(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let difference = difference(checker, arguments, expr)?;
    let square = checker.graph().multiply(difference, difference);
    Ok(checker.mean_of_sample(square))
}

fn l1(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let difference = difference(checker, arguments, expr)?;
    let distance = checker.graph().named("abs", difference);
    Ok(checker.mean_of_sample(distance))
}

fn huber(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let delta = arguments.number_that(checker, "delta", 1.0, |delta| {
        (delta <= 0.0).then(|| format!("`delta` is more than 0, not {delta}"))
    });
    let difference = difference(checker, arguments, expr)?;
    Ok(huber_of(checker, difference, delta))
}

fn smooth_l1(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    expr: &Expr,
) -> Result<Value> {
    let beta = arguments.number_that(checker, "beta", 1.0, |beta| {
        (beta <= 0.0).then(|| format!("`beta` is more than 0, not {beta}; for 0 there is `l1`"))
    });
    let difference = difference(checker, arguments, expr)?;
    let huber = huber_of(checker, difference, beta);
    Ok(checker.graph().times(huber, 1.0 / beta))
}

/// Computes d²/2 up to `delta`, then `delta (|d| - delta/2)`: with m = min(|d|, delta), this is
/// `m (|d| - m/2)`.
fn huber_of(checker: &mut Checker<'_>, difference: Value, delta: f64) -> Value {
    let graph = checker.graph();
    let distance = graph.named("abs", difference);
    let delta = graph.number(delta);
    let near = graph.scalar(Scalar::Minimum, vec![distance, delta]);
    let half = graph.times(near, 0.5);
    let rest = graph.difference(distance, half);
    let loss = graph.multiply(near, rest);
    checker.mean_of_sample(loss)
}

fn bce(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let (logits, target) = pair(checker, arguments, expr)?;
    let loss = checker.graph().scalar(Scalar::BceWithLogits, vec![logits, target]);
    Ok(checker.mean_of_sample(loss))
}

fn cross_entropy(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    expr: &Expr,
) -> Result<Value> {
    let logits_expr = arguments.next(checker, "the logits")?;
    let target_expr = arguments.next(checker, "the target")?;
    let (logits, target) = (checker.real(logits_expr), checker.value(target_expr));
    let options = options(checker, arguments);
    let (logits, target) = (logits?, target?);
    let Classified { index, rows, classes } =
        checker.classified("cross_entropy", (logits_expr, logits), (target_expr, target))?;
    if !options.weights.is_empty() {
        let given = Size::from(options.weights.len() as u64);
        if given.equals(&classes) == Some(false) {
            return checker
                .error(expr.place, format!("{given} class weights for {classes} classes"));
        }
        checker.require(expr.place, &given, Relation::Equal, &classes, || {
            format!("{given} class weights for {classes} classes")
        });
    }
    let ignored = options.ignore_index.map_or(Ignored::Usual, Ignored::Index);
    let classes = Classes::below(classes, ignored);
    checker.classes(target_expr, target, classes)?;
    let normaliser = checker.program.normalisers.len();
    checker.program.normalisers.push(Normaliser { target: index, options: options.clone() });
    let graph = checker.graph();
    let target = graph.view(target, rows);
    let losses = kernel::cross_entropy(graph, options, logits, target);
    let sum = checker.sum_of_sample(losses);
    let graph = checker.graph();
    let normaliser = graph.leaf(Leaf::Normaliser(normaliser), Type::shared(Vec::new()));
    Ok(graph.multiply(sum, normaliser))
}

/// Takes the options of the cross entropy. Those in error are reported and left out.
fn options(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>) -> CrossEntropyOptions {
    let ignore_index = checker.ignore_index(arguments);
    let label_smoothing = arguments.number_that(checker, "label_smoothing", 0.0, |smoothing| {
        (!(0.0..=1.0).contains(&smoothing))
            .then(|| format!("`label_smoothing` is between 0 and 1, not {smoothing}"))
    });
    let mut weights = Vec::new();
    match arguments.option("weight") {
        None => {}
        Some(Expr { kind: ExprKind::List(items), .. }) => {
            // a weight in error still counts towards the number of weights
            let weight = |item| Float(checker.literal(item, "weight").unwrap_or(1.0));
            weights.extend(items.iter().map(weight));
        }
        Some(other) => checker.report.error(
            other.place,
            format!("`weight` is a list with a number for each class, not `{other}`"),
        ),
    }
    CrossEntropyOptions { ignore_index, label_smoothing: label_smoothing.into(), weights }
}

impl Checker<'_> {
    /// Takes the option `ignore_index`.
    pub(super) fn ignore_index(&mut self, arguments: &mut Arguments<'_>) -> Option<u32> {
        let expr = arguments.option("ignore_index")?;
        let index = self.literal(expr, "ignore_index").ok()?;
        if index.fract() != 0.0 || !(f64::from(i32::MIN)..=f64::from(u32::MAX)).contains(&index) {
            let what = format!("`ignore_index` is a class number, not {index}");
            self.report.error(expr.place, what);
            return None;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let index = index as i64 as u32;
        Some(index)
    }
}
