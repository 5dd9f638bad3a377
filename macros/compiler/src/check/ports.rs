//! The signature of a network: generic parameters and inputs.

use super::nested::paths;
use super::{Binding, Checker, MOST_PORTS, Reported, Result, Scope};
use crate::ast::{self, Element, Expr, ExprKind, Generic};
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
                Generic::Unknown { .. } => Binding::Unknown,
            };
            self.scope.insert(generic.name().to_string(), binding);
        }
        let mut optional = false;
        for generic in &network.generics {
            let (has_default, needs_one) = match generic {
                Generic::Activation { default, .. } => (default.is_some(), "= Gelu"),
                Generic::Size { default, .. } => (default.is_some(), "= 64"),
                Generic::Unknown { default, .. } => (default.is_some(), ""),
            };
            if !has_default && optional && !needs_one.is_empty() {
                let name = generic.name();
                self.report.error(
                    name.span(),
                    format!("`{name}` needs a default, because one before it has one: write `{needs_one}` after it, or let it stand first"),
                );
            }
            optional |= has_default;
            if let Generic::Activation { default: Some(path), .. } = generic {
                let place = Place::token(path.span());
                // the error itself is in the report
                let _ = self.is_activation_of_another(path, place);
            }
        }
        self.defaults(network);
    }

    /// Checks the defaults of sizes: Rust allows expressions without parameters, and single
    /// parameters that are declared before.
    fn defaults(&mut self, network: &ast::Network) {
        for (index, generic) in network.generics.iter().enumerate() {
            let Generic::Size { name, default: Some(default) } = generic else { continue };
            let position = |path: &syn::Path| {
                network.generics.iter().position(|other| path.is_ident(other.name()))
            };
            let mut parameters = Vec::new();
            paths(default, &mut |path, place| {
                parameters.extend(position(path).map(|position| (position, place)));
            });
            let Some((position, place)) = parameters.first().copied() else {
                self.default_size(default);
                continue;
            };
            let parameter = network.generics[position].name();
            if position >= index {
                let what = format!(
                    "the default of `{name}` can be a parameter that stands before it, but `{parameter}` does not"
                );
                self.report.error(place, what);
            } else if !matches!(default.kind, ExprKind::Path(_)) {
                let what = format!(
                    "Rust takes no calculation with parameters as a default: use `{default}` itself where `{name}` is used, or give `{name}` a number"
                );
                self.report.error(default.place, what);
            } else if matches!(network.generics[position], Generic::Activation { .. }) {
                let what = format!("`{parameter}` is an activation, not a size");
                self.report.error(place, what);
            }
        }
    }

    /// Checks a default without parameters. It is emitted as the user wrote it, so the checker's
    /// records of it are undone.
    fn default_size(&mut self, default: &Expr) {
        let noted = &self.program;
        let (constants, requirements, named) =
            (noted.constants.len(), noted.requirements.len(), noted.named_sizes.len());
        let _ = self.enter_scope(Scope::default(), |checker| checker.size(default));
        self.program.constants.truncate(constants);
        self.program.requirements.truncate(requirements);
        self.program.named_sizes.truncate(named);
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
        if let Some(surplus) = network.outputs.get(MOST_PORTS) {
            let (name, count) = (&network.name, network.outputs.len());
            self.report.error(
                surplus.place,
                format!("`{name}` has {count} outputs, but a network gives at most {MOST_PORTS}: join some of them in one"),
            );
        }
        for input in &network.inputs {
            let name = input.name.to_string();
            let binding = match self.port(input) {
                Ok(port) => {
                    let ty =
                        Type { shape: port.shape.clone(), batched: true, element: port.element };
                    // inputs in error are not counted
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
        let is_index = |input: &ast::Input| input.element == Some(Element::Index);
        if let Some(asked) = network.input_gradients
            && !network.inputs.is_empty()
            && network.inputs.iter().all(is_index)
        {
            let name = &network.name;
            let what = format!(
                "every input of `{name}` holds class numbers (`u32`), which have no gradient: let the network take real numbers, such as the rows of its embedding"
            );
            self.report.error(asked, what);
        }
    }

    pub(super) fn port(&mut self, input: &ast::Input) -> Result<Port> {
        // a shape that could not be parsed has been reported
        let Some((element, shape)) = &input.kind else { return Err(Reported) };
        // class numbers along one axis are a sequence
        let first = shape.sizes.len() > 1 || *element == Element::Index;
        let shape = self.shape_with_batch(shape, first)?;
        Ok(Port { name: input.name.to_string(), element: *element, shape, classes: None })
    }
}
