//! Padding of axes: with a number, or with elements of the padded value itself.

use super::Function;
use crate::ast::{Expr, ExprKind};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::kernel::{Concat, Pad, Slice, StridedSlice};
use crate::nearest::suggestion;
use crate::program::Relation;
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[Function {
    name: "pad",
    usage: "pad(x, [(before, after), ..], value = 0.0, mode = constant)",
    build: pad,
}];

/// The elements beyond the ends of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PadMode {
    /// A number: `constant`, and `zeros` of convolutions.
    Constant,
    /// Those within, mirrored at the first and the last, which are not repeated.
    Reflect,
    /// The first and the last.
    Replicate,
    /// Those at the other end.
    Circular,
}

/// The elements that padding is made of, and how many at each end.
#[derive(Clone, Copy)]
pub(super) struct Ends<'a> {
    pub axis: usize,
    pub before: &'a Size,
    pub after: &'a Size,
    pub mode: PadMode,
}

fn pad(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let of = arguments.next(checker, "a value")?;
    let mut x = checker.real(of)?;
    let widths = arguments.next(checker, "a pair for each axis")?;
    let fill = arguments.option("value");
    let value = fill.map_or(Ok(0.0), |fill| checker.literal(fill, "value"));
    let mode = checker.pad_mode(arguments.option("mode"), "mode", "constant");
    let (value, mode) = (value?, mode?);
    if let (Some(fill), true) = (fill, mode != PadMode::Constant) {
        return checker.error(fill.place, "only `mode = constant` takes a `value`");
    }
    let ExprKind::List(items) = &widths.kind else {
        return checker.error(
            widths.place,
            format!("expected a pair for each axis, such as `[(1, 1)]`, found `{widths}`"),
        );
    };
    let rank = checker.graph().shape(x).len();
    if items.len() != rank {
        let what = checker.describe(of, x);
        let given = items.len();
        return checker
            .error(widths.place, format!("{what}, so it takes {rank} pairs, not {given}"));
    }
    for (axis, item) in items.iter().enumerate() {
        let ExprKind::Tuple(pair) = &item.kind else {
            return checker
                .error(item.place, format!("expected `(before, after)`, found `{item}`"));
        };
        let [before, after] = &pair[..] else {
            return checker.error(item.place, "expected `(before, after)`");
        };
        let (before, after) = (checker.index(before)?, checker.index(after)?);
        for (size, expr) in [(&before, &pair[0]), (&after, &pair[1])] {
            checker.require_start(expr.place, size, || format!("`{expr}` is less than 0"));
        }
        if mode != PadMode::Constant {
            x = checker.pad_axis(of, x, Ends { axis, before: &before, after: &after, mode })?;
        } else if before != Size::default() || after != Size::default() {
            x = checker.graph().kernel(Pad { axis, before, after, value: value.into() }, vec![x]);
        }
    }
    Ok(x)
}

impl Checker<'_> {
    /// Returns the mode of an option, where `constant` is the word for padding with a number.
    pub(super) fn pad_mode(
        &mut self,
        given: Option<&Expr>,
        name: &str,
        constant: &str,
    ) -> Result<PadMode> {
        let Some(given) = given else { return Ok(PadMode::Constant) };
        let word = given.to_string();
        let modes = [
            (constant, PadMode::Constant),
            ("reflect", PadMode::Reflect),
            ("replicate", PadMode::Replicate),
            ("circular", PadMode::Circular),
        ];
        match modes.iter().find(|(known, _)| *known == word) {
            Some((_, mode)) => Ok(*mode),
            None => {
                let near = suggestion(&word, modes.iter().map(|(word, _)| *word));
                let known: Vec<_> = modes.iter().map(|(word, _)| format!("`{word}`")).collect();
                let what = format!("`{name}` is one of {}, not `{given}`{near}", known.join(", "));
                self.error(given.place, what)
            }
        }
    }

    /// Pads an axis of `x` with its own elements.
    pub(super) fn pad_axis(&mut self, of: &Expr, x: Value, ends: Ends<'_>) -> Result<Value> {
        let Ends { axis, before, after, mode } = ends;
        let ty = self.graph().ty(x).clone();
        let len = ty.shape[axis].clone();
        let most = match mode {
            PadMode::Reflect => Some((len.minus(&Size::one()), "less than")),
            PadMode::Circular => Some((len.clone(), "at most")),
            PadMode::Replicate | PadMode::Constant => None,
        };
        for (side, (most, bound)) in [before, after].into_iter().zip(most.iter().cycle()) {
            let message = format!(
                "this padding is {bound} the axis of {len} that it pads, but it is {side}: `{of}` is {ty}"
            );
            if side.minus(most).constant().is_some_and(|beyond| beyond > 0) {
                return self.error(of.place, message);
            }
            self.require(of.place, side, Relation::AtMost, most, || message);
        }
        if self.by_iteration(before) || self.by_iteration(after) {
            let what = "padding with elements is equally wide in all iterations of a loop; that with zeros need not be";
            return self.error(of.place, what);
        }
        let one = Size::one();
        let graph = self.graph();
        let mut end = |side: &Size, is_after: bool| {
            if *side == Size::default() {
                return None;
            }
            let part = |start: Size, len: Size| Slice { axis, start, len };
            Some(match mode {
                PadMode::Reflect => {
                    let first = if is_after { len.minus(&Size::from(2)) } else { side.clone() };
                    let (step, len) = (one.clone(), side.clone());
                    graph.kernel(StridedSlice { axis, first, step, reversed: true, len }, vec![x])
                }
                PadMode::Circular => {
                    let start = if is_after { Size::default() } else { len.minus(side) };
                    graph.kernel(part(start, side.clone()), vec![x])
                }
                PadMode::Replicate | PadMode::Constant => {
                    let start = if is_after { len.minus(&one) } else { Size::default() };
                    let edge = graph.kernel(part(start, one.clone()), vec![x]);
                    let mut wide = ty.clone();
                    wide.shape[axis] = side.clone();
                    graph.expand(edge, &wide)
                }
            })
        };
        let (first, last) = (end(before, false), end(after, true));
        let parts: Vec<Value> = first.into_iter().chain([x]).chain(last).collect();
        match &parts[..] {
            [only] => Ok(*only),
            _ => Ok(graph.kernel(Concat { axis }, parts)),
        }
    }
}
