//! Selections, `x[a..b, i]`, and constant tensors, `[0.5, 0.25]`.

use super::{Checker, Reported, Result};
use crate::ast::{Expr, ExprKind, Selection};
use crate::ir::Value;
use crate::ir::float::Float;
use crate::ir::kernel::{Constant, Slice, StridedSlice};
use crate::program::Relation;
use crate::size::Size;

impl Checker<'_> {
    /// Selects ranges and indices along the leading axes: `x[a..b, i]`.
    pub(super) fn slice(
        &mut self,
        of: &Expr,
        selections: &[Selection],
        expr: &Expr,
    ) -> Result<Value> {
        let mut value = self.real(of)?;
        let is_refused = |selection: &Selection| {
            matches!(selection, Selection::At(Expr { kind: ExprKind::Refused(_), .. }))
        };
        if selections.iter().any(is_refused) {
            return Err(Reported);
        }
        let rank = self.graph().shape(value).len();
        if selections.len() > rank {
            let what = self.describe(of, value);
            let count = selections.len();
            return self
                .error(expr.place, format!("{what}, which has no {count} axes to select from"));
        }
        let mut removed = Vec::new();
        for (axis, selection) in selections.iter().enumerate() {
            let whole = self.graph().shape(value)[axis].clone();
            let (start, end) = self.range(selection, &whole)?;
            if matches!(selection, Selection::At(_)) {
                removed.push(axis);
            }
            let len = end.minus(&start);
            let text = selection.to_string();
            if len.constant().is_some_and(|len| len < 1) {
                return self.error(expr.place, format!("`{text}` selects nothing"));
            }
            let [start_varies, end_varies] = [&start, &end].map(|bound| self.varies(bound));
            self.require_start(expr.place, &start, || match start_varies {
                true => format!("`{expr}` starts before its axis"),
                false => format!("`{expr}` starts at {start}"),
            });
            let nothing = || format!("`{text}` selects nothing of an axis of {whole}");
            // a static slice may be empty for some values of const parameters; a dynamic one must
            // not be
            match len.is_dynamic() {
                true => self.require_some(expr.place, &len, nothing),
                false => self.require_start(expr.place, &len, nothing),
            }
            for [start, end] in self.in_extreme_iterations([&start, &end]) {
                let beyond = end.minus(&whole).constant().is_some_and(|beyond| beyond > 0);
                let before = start.constant().is_some_and(|start| start < 0);
                if beyond || before {
                    let what = self.describe(of, value);
                    let how = match (beyond, selection) {
                        (true, Selection::At(_)) => {
                            let last = whole.minus(&Size::one());
                            format!("is beyond its axis of {whole}, whose last index is {last}")
                        }
                        (true, _) => format!("ends at {end} on an axis of {whole}"),
                        (false, _) => format!("begins before an axis of {whole}"),
                    };
                    return self.error(expr.place, format!("{what}, but `{text}` {how}"));
                }
            }
            self.require(expr.place, &end, Relation::AtMost, &whole, || match selection {
                Selection::At(_) => format!("`{expr}` is beyond an axis of {whole}"),
                _ if end_varies => format!("`{expr}` ends beyond an axis of {whole}"),
                _ => format!("`{expr}` ends at {end} on an axis of {whole}"),
            });
            let steps = match selection {
                Selection::Range { step, reversed, .. } if step.is_some() || *reversed => {
                    let step = step.as_ref().map_or(Ok(Size::one()), |step| self.size(step))?;
                    Some((step, *reversed))
                }
                _ => None,
            };
            let graph = self.graph();
            value = match steps {
                Some((step, reversed)) => {
                    let one = Size::one();
                    let len = len.plus(&step).minus(&one).over(&step).unwrap_or(len);
                    let first = if reversed { end.minus(&one) } else { start };
                    graph.kernel(StridedSlice { axis, first, step, reversed, len }, vec![value])
                }
                None if len != whole => graph.kernel(Slice { axis, start, len }, vec![value]),
                None => value,
            };
        }
        let kept = self.graph().shape(value).iter().enumerate();
        let shape =
            kept.filter(|(axis, _)| !removed.contains(axis)).map(|(_, s)| s.clone()).collect();
        Ok(self.graph().view(value, shape))
    }

    /// Returns the first index of a selection and the index after its last, on an axis of size
    /// `whole`.
    fn range(&mut self, selection: &Selection, whole: &Size) -> Result<(Size, Size)> {
        match selection {
            Selection::Range { start, end, .. } => {
                let start = match start {
                    Some(start) => self.place(start, whole)?,
                    None => Size::default(),
                };
                let end = match end {
                    Some(end) => self.place(end, whole)?,
                    None => whole.clone(),
                };
                Ok((start, end))
            }
            Selection::At(index) => {
                let index = self.place(index, whole)?;
                let end = index.plus(&Size::one());
                Ok((index, end))
            }
        }
    }

    /// Returns the value of an index; a negated one counts from the end.
    fn place(&mut self, expr: &Expr, whole: &Size) -> Result<Size> {
        match &expr.kind {
            ExprKind::Negate(inner) => Ok(whole.minus(&self.index(inner)?)),
            _ => self.index(expr),
        }
    }

    /// Returns a constant tensor, which all samples share: `[0.5, -1.0]`, `[[1, 0], [0, 1]]`.
    pub(super) fn constant(&mut self, expr: &Expr) -> Result<Value> {
        let (mut shape, mut values) = (Vec::new(), Vec::new());
        self.collect(expr, 0, &mut shape, &mut values)?;
        let shape = shape.into_iter().map(|size: usize| Size::from(size as u64)).collect();
        let values = values.into_iter().map(Float).collect();
        Ok(self.graph().kernel(Constant { shape, values }, Vec::new()))
    }

    fn collect(
        &mut self,
        expr: &Expr,
        depth: usize,
        shape: &mut Vec<usize>,
        values: &mut Vec<f64>,
    ) -> Result<()> {
        let ExprKind::List(items) = &expr.kind else {
            if depth < shape.len() {
                return self.error(expr.place, "expected a list here, as its neighbours are");
            }
            let (ExprKind::Number(_) | ExprKind::Negate(_)) = expr.kind else {
                return self.error(
                    expr.place,
                    format!("a list as a value is of numbers, not `{expr}`; `stack(a, b)` makes one of values"),
                );
            };
            values.push(self.literal(expr, "a list's number")?);
            return Ok(());
        };
        match shape.get(depth) {
            None if values.is_empty() && !items.is_empty() => shape.push(items.len()),
            Some(size) if *size == items.len() => {}
            _ => return self.error(expr.place, "the lists in a list have one length, at least 1"),
        }
        items.iter().try_for_each(|item| self.collect(item, depth + 1, shape, values))
    }
}
