//! Results of bodies, checked against the declared outputs.

use super::{Checker, Reported, Result, plural};
use crate::ast::{self, Element, Expr, ExprKind};
use crate::ir::display::ShapeText;
use crate::ir::{Type, Value};
use crate::program::{Port, Relation};

impl Checker<'_> {
    /// Checks the body of the outermost network and records its outputs.
    pub(super) fn body(&mut self, network: &ast::Network) {
        for (port, value) in self.results(network).unwrap_or_default() {
            let ty = Type::sample(port.shape.clone());
            let value = self.graph().expand(value, &ty);
            self.program.outputs.push((port, value));
        }
    }

    /// Checks a network's statements and result. Returns the outputs in their declared shapes.
    pub(super) fn results(&mut self, network: &ast::Network) -> Result<Vec<(Port, Value)>> {
        self.statements(&network.body.statements);
        let Some(result) = &network.body.result else { return Err(Reported) };
        self.begin_line(result.to_string());
        let parts: Vec<(&Expr, Result<Value>)> = match (&result.kind, network.outputs.len()) {
            (ExprKind::Tuple(items), _) => {
                items.iter().map(|item| (item, self.value(item))).collect()
            }
            (_, 1) => vec![(result, self.value(result))],
            _ => self.values(result)?.into_iter().map(|value| (result, Ok(value))).collect(),
        };
        if parts.len() != network.outputs.len() {
            if !network.complete {
                return Err(Reported);
            }
            let (actual, declared) = (parts.len(), network.outputs.len());
            let (actual, declared) = (plural(actual, "value"), plural(declared, "output"));
            return self.error(
                result.place,
                format!("the body gives {actual}, but the signature declares {declared}"),
            );
        }
        let mut outputs = Vec::new();
        for (index, ((part, value), declared)) in
            parts.into_iter().zip(&network.outputs).enumerate()
        {
            let name = match (&part.kind, network.outputs.len()) {
                (ExprKind::Path(path), 2..) => ast::path_text(path),
                (_, 2..) => format!("output{index}"),
                _ => "output".to_owned(),
            };
            outputs.push(self.output(part, value, declared, name));
        }
        outputs.into_iter().collect()
    }

    fn output(
        &mut self,
        part: &Expr,
        value: Result<Value>,
        declared: &ast::Shape,
        name: String,
    ) -> Result<(Port, Value)> {
        if let [Expr { kind: ExprKind::Rest, .. }] = &declared.sizes[..] {
            let value = value?;
            let shape = self.graph().shape(value).to_vec();
            return Ok((Port { name, element: Element::Real, shape, classes: None }, value));
        }
        let shape = self.shape(declared)?;
        let value = value?;
        if self.graph().ty(value).element == Element::Index {
            return self.error(part.place, "class numbers cannot be an output");
        }
        let actual = self.graph().shape(value).to_vec();
        if actual.len() != shape.len()
            || actual.iter().zip(&shape).any(|(a, b)| a.equals(b) == Some(false))
        {
            let what = self.describe(part, value);
            let declared = ShapeText(&shape).to_string();
            return self
                .error(part.place, format!("{what}, but the output is declared as {declared}"));
        }
        for (a, b) in actual.iter().zip(&shape) {
            self.require(part.place, a, Relation::Equal, b, || {
                format!(
                    "the output is {}, but declared as {}",
                    ShapeText(&actual),
                    ShapeText(&shape)
                )
            });
        }
        let value = self.graph().view(value, shape.clone());
        Ok((Port { name, element: Element::Real, shape, classes: None }, value))
    }
}
