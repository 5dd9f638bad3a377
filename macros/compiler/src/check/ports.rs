//! What the signature says: generic parameters and inputs.

use super::{Binding, Checker, MOST_PORTS, Reported, Result};
use crate::ast::{self, Generic};
use crate::ir::{Leaf, Type};
use crate::program::Port;
use crate::report::Place;
use crate::reserved::is_reserved;
use crate::size::Size;
use syn::spanned::Spanned as _;

impl Checker<'_> {
    pub(super) fn generics(&mut self, network: &ast::Network) {
        for generic in &network.generics {
            if let Generic::Size { name, .. } = generic
                && is_reserved(&name.to_string())
            {
                let upper = name.to_string().to_uppercase();
                self.report.error(
                    name.span(),
                    format!("the generated code has a variable `{name}`: write sizes in upper case, as in `const {upper}: usize`"),
                );
            }
            let binding = match generic {
                Generic::Activation { name, .. } => Binding::Activation(name.clone().into()),
                Generic::Size { name, .. } => Binding::Size(Size::symbol(name.to_string())),
            };
            self.scope.insert(generic.name().to_string(), binding);
        }
        let mut optional = false;
        for generic in &network.generics {
            let (Generic::Activation { default, .. }, name) = (generic, generic.name()) else {
                optional |= matches!(generic, Generic::Size { default: Some(_), .. });
                continue;
            };
            if default.is_none() && optional {
                self.report.error(
                    name.span(),
                    format!("`{name}` needs a default, because one before it has one"),
                );
            }
            optional |= default.is_some();
            if let Some(path) = default {
                let place = Place::token(path.span());
                // which error stands in the report already
                let _ = self.is_activation_of_another(path, place);
            }
        }
    }

    pub(super) fn inputs(&mut self, network: &ast::Network) {
        if network.inputs.is_empty() && network.complete {
            self.report.error(
                network.name.span(),
                format!("`{}` has no input: expected `{}(x: [64])`", network.name, network.name),
            );
        }
        if let Some(surplus) = network.inputs.get(MOST_PORTS) {
            let (name, count) = (&network.name, network.inputs.len());
            self.report.error(
                surplus.name.span(),
                format!("`{name}` has {count} inputs, but a network takes at most {MOST_PORTS}: join some of them in one"),
            );
        }
        for input in &network.inputs {
            let name = input.name.to_string();
            let binding = match self.port(input) {
                Ok(port) => {
                    let ty =
                        Type { shape: port.shape.clone(), batched: true, element: port.element };
                    // one that is in error before it has none
                    let index = self.program.inputs.len();
                    self.program.inputs.push(port);
                    let value = self.graph().leaf(Leaf::Input(index), ty);
                    self.graph().name(value, &name);
                    Binding::Value(value)
                }
                Err(Reported) => Binding::Unknown,
            };
            if self.scope.insert(name, binding).is_some() {
                let name = &input.name;
                self.report.error(name.span(), format!("`{name}` is declared twice"));
            }
        }
    }

    pub(super) fn port(&mut self, input: &ast::Input) -> Result<Port> {
        // the parser has reported a shape that it could not read
        let Some((element, shape)) = &input.kind else { return Err(Reported) };
        let shape = self.shape(shape)?;
        Ok(Port { name: input.name.to_string(), element: *element, shape, classes: None })
    }
}
