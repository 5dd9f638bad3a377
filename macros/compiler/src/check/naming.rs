//! Names of parameters in files.

mod clashes;

use super::{Checker, Result};
use crate::report::Place;
use proc_macro2::Ident;
use syn::ext::IdentExt as _;

/// The key of the metadata in a file's header, which cannot be the name of a tensor.
const METADATA: &str = "__metadata__";

impl Checker<'_> {
    /// Returns the stored name of the layer that a `let` binds: that of `#[name]`, otherwise the
    /// name of the `let`.
    pub(super) fn name_of_let(&mut self, declared: &Ident) -> (String, Place) {
        let declared = (declared.unraw().to_string(), Place::token(declared.span()));
        self.stored().unwrap_or(declared)
    }

    /// Returns the stored name of a layer within an expression: that of `#[name]`, otherwise
    /// `prefix` and a number.
    pub(super) fn name_or_numbered(&mut self, prefix: &str, place: Place) -> (String, Place) {
        self.stored().unwrap_or_else(|| (self.automatic_name(prefix), place))
    }

    /// Takes the name of `#[name]`, which is good for one layer.
    fn stored(&mut self) -> Option<(String, Place)> {
        let stored = self.scope.stored_name.take()?;
        Some((stored.value(), Place::token(stored.span())))
    }

    /// Returns the full name of a layer or network, and reports it if another one has it.
    pub(super) fn new_name(&mut self, name: &str, place: Place) -> Result<String> {
        let name = self.full_name(name, place)?;
        if name == METADATA {
            let what = "files keep text, and no parameter, under this name: give it another";
            return self.error(place, what);
        }
        let named = self.frame.named.unwrap_or(place);
        if self.modules.stored_names.insert(name.clone(), named).is_none() {
            return Ok(name);
        }
        self.error(
            place,
            format!(
                "there is a layer `{name}` already: their parameters would have the same names"
            ),
        )
    }

    /// Returns the place that determines the name of a layer, network or parameter, if known.
    pub(super) fn named(&self, name: &str, otherwise: Place) -> Place {
        self.modules.stored_names.get(name).copied().unwrap_or(otherwise)
    }

    /// Returns a free name for an unnamed layer: `linear0`, `linear1` ...
    pub(super) fn automatic_name(&self, prefix: &str) -> String {
        let outside = &self.frame.prefix;
        let is_free =
            |name: &String| !self.modules.stored_names.contains_key(&format!("{outside}{name}"));
        let free = (0..).map(|i| format!("{prefix}{i}")).find(is_free);
        free.unwrap_or_default()
    }
}

/// Returns the variable in generated code for a parameter that is stored under a name.
pub fn variable(stored: &str) -> String {
    stored.replace(".{i}", "").replace('.', "_")
}
