//! Expressions: adds the operations that compute them to the graph.

use super::{Binding, Checker, Reported, Result, layer};
use crate::ast::{Element, Expr, ExprKind, Operator, path_text};
use crate::habits::names;
use crate::ir::display::ShapeText;
use crate::ir::function::Function;
use crate::ir::{Constant, Leaf, Type, Value};
use crate::nearest::suggestion;
use crate::program::Relation;
use crate::report::Place;
use crate::size::Size;
use quote::quote;

impl Checker<'_> {
    /// Returns the value of an expression, adding its operations to the graph.
    pub(super) fn value(&mut self, expr: &Expr) -> Result<Value> {
        self.reading(|checker| Ok(vec![checker.value_of(expr)?])).map(|values| values[0])
    }

    fn value_of(&mut self, expr: &Expr) -> Result<Value> {
        let value = match &expr.kind {
            ExprKind::Path(path) => return self.named_value(path, expr),
            ExprKind::Number(x) => return Ok(self.graph().number(*x)),
            ExprKind::Chain(value, layer) => {
                let values = self.chain(value, layer)?;
                self.only(&values, layer)?
            }
            ExprKind::Binary { operator, left, right } => {
                let (a, b) = (self.real(left), self.real(right));
                let (a, b) = (a?, b?);
                let value = self.arithmetic(*operator, (left, a), (right, b), expr)?;
                let symbol = operator.symbol();
                self.mark_operation(&[value], true, |checker| {
                    checker.operation_text(symbol, left, right)
                });
                value
            }
            ExprKind::Negate(inner) => {
                let inner = self.real(inner)?;
                let value = self.graph().negate(inner);
                self.mark_operation(&[value], true, |_| "-".to_owned());
                value
            }
            ExprKind::Call { callee, arguments } => {
                match self.network_call(callee, arguments, expr) {
                    Some(values) => self.only(&values?, expr)?,
                    None => {
                        let before = self.report.problems().len();
                        let called = self.call(callee, arguments, expr);
                        called.inspect_err(|_| self.rest_of(callee, arguments, before))?
                    }
                }
            }
            ExprKind::Index(value, selections) => {
                let part = self.slice(value, selections, expr)?;
                self.mark_operation(&[part], false, |_| {
                    let selections: Vec<String> =
                        selections.iter().map(ToString::to_string).collect();
                    format!("[{}]", selections.join(", "))
                });
                part
            }
            ExprKind::Tuple(_) => {
                return self.error(expr.place, "several values at once stand only at a body's end");
            }
            ExprKind::List(_) => self.constant(expr)?,
            ExprKind::Member(..) => return self.member(expr),
            ExprKind::For(repeated) => self.for_value(repeated)?,
            ExprKind::Refused(refused) => {
                for part in &refused.parts {
                    let is_known = matches!(&part.kind, ExprKind::Path(path) if self.scope.contains_key(&path_text(path)));
                    if !is_known {
                        // errors in it are reported too
                        let _ = self.value(part);
                    }
                }
                return Err(Reported);
            }
            ExprKind::Rest => return self.error(expr.place, "`..` stands in shapes alone"),
            ExprKind::Unknown => return Err(Reported),
            ExprKind::Bool(_) | ExprKind::Dynamic { .. } => {
                return self.error(expr.place, format!("expected a value, found `{expr}`"));
            }
        };
        self.came_from(value, last_step(expr));
        self.same_in_all_iterations(value, last_step(expr))?;
        Ok(value)
    }

    /// Reports a value whose shape depends on the iteration number of a loop around it.
    fn same_in_all_iterations(&mut self, value: Value, expr: &Expr) -> Result<()> {
        let shape = self.program.graph.shape(value);
        if !shape.iter().any(|size| self.by_iteration(size)) {
            return Ok(());
        }
        let shape = ShapeText(shape).to_string();
        let what = format!(
            "this is {shape}, another shape in every iteration: shapes cannot depend on the iteration"
        );
        self.error(expr.place, what)
    }

    /// Returns the value of an expression, which must hold real numbers.
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
            Some(Binding::Size(size) | Binding::Length(size)) => Ok(self.graph().count(&size)),
            Some(Binding::Layer(_) | Binding::External(_) | Binding::Axes(_)) => {
                self.error(expr.place, format!("`{name}` is a layer: apply it as `x >> {name}`"))
            }
            Some(Binding::Network(_)) => {
                self.error(expr.place, format!("`{name}` is a network: apply it as `x >> {name}`"))
            }
            Some(Binding::Activation(_)) => self
                .error(expr.place, format!("`{name}` is an activation: apply it as `x >> {name}`")),
            None if name == "training" => Ok(match self.scope.frozen {
                // what is frozen is as it is when it is not trained
                true => self.graph().number(0.0),
                false => self.graph().leaf(Leaf::Training, Type::shared(Vec::new())),
            }),
            None if name == "PI" => Ok(self.graph().number(std::f64::consts::PI)),
            None if self.networks.find(path).is_some() => {
                self.error(expr.place, format!("`{name}` is a network: apply it as `x >> {name}`"))
            }
            None if layer::find(&name).is_some() => self
                .error(expr.place, format!("`{name}` is a layer: apply it as `x >> {name}(..)`")),
            None if is_constant(path) => {
                self.is_visible(path, expr.place)?;
                let constant = Constant { path: quote!(#path), text: name.as_str().into() };
                Ok(self.graph().leaf(Leaf::Constant(constant), Type::shared(Vec::new())))
            }
            None if layer::is_activation(&name) => self
                .error(expr.place, format!("`{name}` is an activation: apply it as `x >> {name}`")),
            None => {
                let near = self.near_value(&name);
                let advice = names::advice(&name).filter(|_| near.is_empty());
                let hint = advice.map_or(near, |advice| format!(": {advice}"));
                self.error(expr.place, format!("no value `{name}` here{hint}"))
            }
        }
    }

    /// Returns a suggestion for an unknown name: the most similar one in scope, or an explanation
    /// if a loop that has ended had it.
    pub(super) fn near_value(&self, name: &str) -> String {
        if let Some(line) = self.out_of_scope.get(name) {
            return format!(
                "; the one in the loop on line {line} is new in every iteration: end the iterations with it, and name all with `let ys = for ..`"
            );
        }
        let values = self.scope.iter().filter(|(_, b)| matches!(b, Binding::Value(_)));
        suggestion(name, values.map(|(name, _)| name.as_str()))
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
            Operator::Above => graph.scalar(Function::Above, vec![a, b]),
            Operator::Below => graph.scalar(Function::Above, vec![b, a]),
            Operator::AtLeast => graph.scalar(Function::AtLeast, vec![a, b]),
            Operator::AtMost => graph.scalar(Function::AtLeast, vec![b, a]),
            Operator::Equal => graph.scalar(Function::Equal, vec![a, b]),
            Operator::Unequal => graph.scalar(Function::Unequal, vec![a, b]),
        })
    }

    /// Makes two operands fit: their shapes must be equal or broadcast. Sizes that the macro cannot
    /// compare are added as requirements.
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
        // sizes with a requirement are equal from here on: the right operand takes those of the
        // left
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

    /// Returns `value` with another shape, which must have the same number of elements.
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

/// Returns true if the path names a constant: its last name has no lower-case letter.
pub fn is_constant(path: &syn::Path) -> bool {
    let last = path.segments.last();
    last.is_some_and(|last| !last.ident.to_string().contains(char::is_lowercase))
}

/// Returns the numbers of leading axes that `a` and `b` have and the other has not.
fn offsets(a: &Type, b: &Type) -> (usize, usize) {
    let (a, b) = (a.shape.len(), b.shape.len());
    (a.saturating_sub(b), b.saturating_sub(a))
}

/// Returns the part of an expression that messages name as the source of its value: the last layer
/// of a chain, otherwise the whole.
pub fn last_step(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Chain(_, layer) => layer,
        _ => expr,
    }
}
