//! Values: names, arithmetic, calls, slices and chains.

use super::{Binding, Checker, Reported, Result, function, layer};
use crate::ast::{Argument, Element, Expr, ExprKind, Operator, Selection, path_text};
use crate::ir::display::ShapeText;
use crate::ir::function::{Activation, Function};
use crate::ir::kernel::Slice;
use crate::ir::{Type, Value};
use crate::nearest::suggestion;
use crate::program::{Label, Relation, Row};
use crate::report::Place;
use crate::size::Size;
use quote::quote;

impl Checker<'_> {
    /// What an expression computes.
    pub(super) fn value(&mut self, expr: &Expr) -> Result<Value> {
        let value = match &expr.kind {
            ExprKind::Path(path) => return self.named_value(path, expr),
            ExprKind::Number(x) => return Ok(self.graph().number(*x)),
            ExprKind::Chain(value, layer) => {
                let input = self.value(value);
                let input = input?;
                self.apply(layer, input, value)?
            }
            ExprKind::Binary { operator, left, right } => {
                let (a, b) = (self.real(left), self.real(right));
                let (a, b) = (a?, b?);
                self.arithmetic(*operator, (left, a), (right, b), expr)?
            }
            ExprKind::Negate(inner) => {
                let inner = self.real(inner)?;
                self.graph().negate(inner)
            }
            ExprKind::Call { callee, arguments } => self.call(callee, arguments, expr)?,
            ExprKind::Index(value, selections) => self.slice(value, selections, expr)?,
            ExprKind::Tuple(_) => {
                return self.error(expr.place, "several values at once stand only at a body's end");
            }
            ExprKind::List(_) => {
                return self.error(expr.place, "a list is a shape, as in `reshape(x, [8, 8])`");
            }
            ExprKind::Unknown => return Err(Reported),
            ExprKind::Bool(_) | ExprKind::Dynamic(_) => {
                return self.error(expr.place, format!("expected a value, found `{expr}`"));
            }
        };
        self.came_from(value, last_step(expr));
        Ok(value)
    }

    /// A value to calculate with.
    pub(super) fn real(&mut self, expr: &Expr) -> Result<Value> {
        let value = self.value(expr)?;
        if self.graph().ty(value).element == Element::Index {
            let what =
                format!("`{expr}` holds class numbers (`u32`), which cannot be calculated with");
            return self.error(expr.place, what);
        }
        Ok(value)
    }

    fn named_value(&mut self, path: &syn::Path, expr: &Expr) -> Result<Value> {
        let name = path_text(path);
        match self.scope.get(&name).cloned() {
            Some(Binding::Value(value)) => Ok(value),
            Some(Binding::Unknown) => Err(Reported),
            Some(Binding::Size(size)) => Ok(self.graph().count(&size)),
            Some(Binding::Layer(_)) => {
                self.error(expr.place, format!("`{name}` is a layer: apply it as `x >> {name}`"))
            }
            Some(Binding::Activation) => self
                .error(expr.place, format!("`{name}` is an activation: apply it as `x >> {name}`")),
            None if layer::find(&name).is_some() => self
                .error(expr.place, format!("`{name}` is a layer: apply it as `x >> {name}(..)`")),
            None => {
                let values = self.scope.iter().filter(|(_, b)| matches!(b, Binding::Value(_)));
                let near = suggestion(&name, values.map(|(name, _)| name.as_str()));
                self.error(expr.place, format!("no value `{name}` here{near}"))
            }
        }
    }

    fn arithmetic(
        &mut self,
        operator: Operator,
        left: (&Expr, Value),
        right: (&Expr, Value),
        expr: &Expr,
    ) -> Result<Value> {
        let (a, b) = self.fit(left, right, expr.place, &format!("`{}`", operator.symbol()))?;
        let graph = self.graph();
        Ok(match operator {
            Operator::Add => graph.sum(a, b),
            Operator::Subtract => graph.difference(a, b),
            Operator::Multiply => graph.multiply(a, b),
            Operator::Divide => graph.divide(a, b),
        })
    }

    /// Two operands of the same shape, or that broadcast to one.
    pub(super) fn fit(
        &mut self,
        (left, a): (&Expr, Value),
        (right, b): (&Expr, Value),
        place: Place,
        what: &str,
    ) -> Result<(Value, Value)> {
        let (from, to) = (self.graph().ty(b).clone(), self.graph().ty(a).clone());
        if let Err((x, y)) = to.broadcast(&from) {
            let (left, right) = (self.describe(left, a), self.describe(right, b));
            return self.error(
                place,
                format!("{what} takes equal shapes, but {left} and {right}: {x} is not {y}"),
            );
        }
        // sizes that the macro cannot compare become requirements, and equal from here on
        let mut shape = from.shape.clone();
        let (offset_a, offset_b) = offsets(&to, &from);
        for axis in 0..to.shape.len().min(from.shape.len()) {
            let (x, y) = (&to.shape[axis + offset_a], &from.shape[axis + offset_b]);
            if *x != Size::one() && *y != Size::one() && x != y {
                let message = format!(
                    "{what} takes equal shapes, but `{left}` is {to} and `{right}` is {from}"
                );
                self.require(place, x, Relation::Equal, y, || message);
                shape[axis + offset_b] = x.clone();
            }
        }
        Ok((a, self.graph().view(b, shape)))
    }

    fn call(&mut self, callee: &syn::Path, arguments: &[Argument], expr: &Expr) -> Result<Value> {
        let name = path_text(callee);
        if let Some(function) = function::find(&name) {
            return function.call(self, arguments, expr);
        }
        match self.scope.get(&name) {
            Some(Binding::Activation) => return self.activation_call(callee, arguments, expr),
            Some(Binding::Layer(_)) => {
                return self
                    .error(expr.place, format!("`{name}` is a layer: apply it as `x >> {name}`"));
            }
            Some(Binding::Unknown) => return Err(Reported),
            Some(_) => return self.error(expr.place, format!("`{name}` is not a function")),
            None => {}
        }
        if let Some(layer) = layer::find(&name) {
            return self.error(
                expr.place,
                format!("`{name}` is a layer: apply it as `x >> {}`", layer.usage),
            );
        }
        if callee.segments.len() > 1 || name.starts_with(char::is_uppercase) {
            let near = suggestion(&name, layer::names());
            if arguments.len() == 1 && near.is_empty() {
                return self.activation_call(callee, arguments, expr);
            }
            return self.error(expr.place, format!("no layer or activation `{name}`{near}"));
        }
        let near = suggestion(&name, function::names());
        self.error(expr.place, format!("no function `{name}`{near}"))
    }

    fn activation_call(
        &mut self,
        path: &syn::Path,
        arguments: &[Argument],
        expr: &Expr,
    ) -> Result<Value> {
        let [Argument::Positional(argument)] = arguments else {
            let name = path_text(path);
            return self.error(expr.place, format!("an activation takes one value: `{name}(x)`"));
        };
        let value = self.real(argument)?;
        Ok(self.activate(path, value))
    }

    /// An activation of every element.
    pub(super) fn activate(&mut self, path: &syn::Path, value: Value) -> Value {
        let text = path_text(path);
        let activation = Activation { path: quote!(#path), text: text.as_str().into() };
        let label = Label::Activation(activation.clone());
        let result = self.graph().scalar(Function::Activate(activation), vec![value]);
        let ty = self.graph().ty(result).clone();
        self.program.rows.push(Row {
            name: String::new(),
            layer: vec![label],
            flops: ty.len(),
            shape: ty.shape,
            parameters: Size::default(),
        });
        result
    }

    /// `x[a..b, i]`: ranges and indices of the leading axes.
    fn slice(&mut self, of: &Expr, selections: &[Selection], expr: &Expr) -> Result<Value> {
        let mut value = self.real(of)?;
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
            let (start, end) = match selection {
                Selection::Range { start, end, .. } => {
                    let start =
                        start.as_ref().map_or(Ok(Size::default()), |start| self.index(start))?;
                    (start, end.as_ref().map_or(Ok(whole.clone()), |end| self.index(end))?)
                }
                Selection::At(index) => {
                    removed.push(axis);
                    let index = self.index(index)?;
                    (index.clone(), index.plus(&Size::one()))
                }
            };
            let len = end.minus(&start);
            let text = selection.to_string();
            if len.constant().is_some_and(|len| len < 1) {
                return self.error(expr.place, format!("`{text}` selects nothing"));
            }
            if end.minus(&whole).constant().is_some_and(|beyond| beyond > 0) {
                let what = self.describe(of, value);
                return self.error(
                    expr.place,
                    format!("{what}, but `{text}` ends at {end} on an axis of {whole}"),
                );
            }
            self.require(expr.place, &end, Relation::AtMost, &whole, || {
                format!("`{expr}` ends at {end} on an axis of {whole}")
            });
            if len != whole {
                let ty = self.graph().ty(value).clone();
                value = self.program.graph.kernel(Slice { axis, start, len }, vec![value]);
                debug_assert_eq!(ty.shape.len(), rank);
            }
        }
        let kept = self.graph().shape(value).iter().enumerate();
        let shape =
            kept.filter(|(axis, _)| !removed.contains(axis)).map(|(_, s)| s.clone()).collect();
        Ok(self.graph().view(value, shape))
    }

    /// Gives `value` another shape with as many elements.
    pub(super) fn reshape(
        &mut self,
        of: &Expr,
        value: Value,
        shape: Vec<Size>,
        place: Place,
    ) -> Result<Value> {
        let (from, to) = (self.graph().ty(value).len(), Size::product(&shape));
        if from.equals(&to) == Some(false) {
            let what = self.describe(of, value);
            let shape = ShapeText(&shape).to_string();
            return self
                .error(place, format!("{what}, which has {from} elements, but {shape} has {to}"));
        }
        self.require(place, &from, Relation::Equal, &to, || {
            format!("`{of}` has {from} elements, but {} has {to}", ShapeText(&shape))
        });
        Ok(self.graph().view(value, shape))
    }
}

/// How many axes the other of two operands has before the first of each.
fn offsets(a: &Type, b: &Type) -> (usize, usize) {
    let (a, b) = (a.shape.len(), b.shape.len());
    (a.saturating_sub(b), b.saturating_sub(a))
}

/// What messages call the source of a value: the last layer of a chain, else the whole.
fn last_step(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Chain(_, layer) => layer,
        _ => expr,
    }
}
