//! Bindings of the generic parameters of nested networks.

use crate::ast::{Expr, ExprKind, Generic, Network, path_text};
use crate::case::names_a_type;
use crate::check::{Binding, Checker, Result, Scope, plural};
use crate::habits::names::{self, Instead};
use crate::parse::generic_arguments;
use crate::report::Place;
use std::collections::HashMap;

impl Checker<'_> {
    /// Returns the bindings of the parameters of `network`: the arguments in `path`, and defaults
    /// for the rest.
    pub(super) fn generic_bindings(
        &mut self,
        network: &Network,
        path: &syn::Path,
        place: Place,
    ) -> Result<HashMap<String, Binding>> {
        let given = generic_arguments(path).unwrap_or_default();
        let name = &network.name;
        if let Some(surplus) = given.get(network.generics.len()) {
            let takes = plural(network.generics.len(), "parameter");
            return self.error(
                surplus.place,
                format!(
                    "`{name}` takes {takes}, but {} are given: `{}`",
                    given.len(),
                    usage(network)
                ),
            );
        }
        let mut bindings = HashMap::new();
        for (index, generic) in network.generics.iter().enumerate() {
            let binding = match given.get(index) {
                Some(argument) => self.generic_binding(network, generic, argument)?,
                None => self.default_binding(network, generic, &bindings, place)?,
            };
            bindings.insert(generic.name().to_string(), binding);
        }
        Ok(bindings)
    }

    fn generic_binding(
        &mut self,
        network: &Network,
        generic: &Generic,
        argument: &Expr,
    ) -> Result<Binding> {
        match (generic, &argument.kind) {
            (Generic::Unknown { .. }, _) => Ok(Binding::Unknown),
            (Generic::Size { .. }, _) => self.size(argument).map(Binding::Size),
            (Generic::Activation { .. }, ExprKind::Path(path)) => {
                let name = path_text(path);
                match self.scope.get(&name) {
                    Some(Binding::Activation(bound)) => Ok(Binding::Activation(bound.clone())),
                    None if names_a_type(path) => {
                        self.is_activation_of_another(path, argument.place)?;
                        Ok(Binding::Activation(path.clone()))
                    }
                    _ => self.not_an_activation(network, generic, argument),
                }
            }
            _ => self.not_an_activation(network, generic, argument),
        }
    }

    /// Reports an activation that is named as in another library.
    pub(in crate::check) fn is_activation_of_another(
        &mut self,
        path: &syn::Path,
        place: Place,
    ) -> Result<()> {
        let name = path_text(path);
        match activation_of_another(path) {
            Some(own) => {
                let what = format!(
                    "no activation `{name}`: write `{own}` (one of your own: `self::{name}`)"
                );
                self.error(place, what)
            }
            None => Ok(()),
        }
    }

    fn not_an_activation<T>(
        &mut self,
        network: &Network,
        generic: &Generic,
        argument: &Expr,
    ) -> Result<T> {
        let (parameter, usage) = (generic.name(), usage(network));
        self.error(
            argument.place,
            format!("`{parameter}` is an activation, not `{argument}`: `{usage}`"),
        )
    }

    fn default_binding(
        &mut self,
        network: &Network,
        generic: &Generic,
        before: &HashMap<String, Binding>,
        place: Place,
    ) -> Result<Binding> {
        match generic {
            Generic::Activation { default: Some(path), .. } => {
                let earlier = before.get(&path_text(path));
                Ok(earlier.cloned().unwrap_or_else(|| Binding::Activation(path.clone())))
            }
            Generic::Size { default: Some(size), .. } => {
                let scope = Scope::from(before.clone());
                self.enter_scope(scope, |checker| checker.size(size)).map(Binding::Size)
            }
            _ => {
                let (name, parameter, usage) = (&network.name, generic.name(), usage(network));
                self.error(place, format!("`{name}` needs its `{parameter}`: write `{usage}`"))
            }
        }
    }
}

/// Returns the language's name of an activation that has another name in another library.
pub fn activation_of_another(path: &syn::Path) -> Option<&'static str> {
    let name = path_text(path);
    match names::instead(&name) {
        Some(Instead::Activation(own)) if path.segments.len() == 1 && own != name => Some(own),
        _ => None,
    }
}

/// Returns the network with its parameters: `Block::<A, D>`.
fn usage(network: &Network) -> String {
    let parameters: Vec<String> =
        network.generics.iter().map(|generic| generic.name().to_string()).collect();
    match parameters.is_empty() {
        true => network.name.to_string(),
        false => format!("{}::<{}>", network.name, parameters.join(", ")),
    }
}
