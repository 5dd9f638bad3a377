//! The names under which parameters are stored.

mod alike;

use super::{Checker, Result};
use crate::report::Place;
use proc_macro2::Ident;
use syn::ext::IdentExt as _;

/// The name in a file's header that stands for no tensor.
const METADATA: &str = "__metadata__";

impl Checker<'_> {
    /// What a `let` names: as `#[name]` before it says, or else as the `let` does.
    pub(super) fn name_of_let(&mut self, declared: &Ident) -> (String, Place) {
        let declared = (declared.unraw().to_string(), Place::token(declared.span()));
        self.stored().unwrap_or(declared)
    }

    /// What stands within an expression: as `#[name]` says, or else numbered.
    pub(super) fn name_or_numbered(&mut self, prefix: &str, place: Place) -> (String, Place) {
        self.stored().unwrap_or_else(|| (self.automatic_name(prefix), place))
    }

    /// What `#[name]` says, which names one thing.
    fn stored(&mut self) -> Option<(String, Place)> {
        let stored = self.stored_name.take()?;
        Some((stored.value(), Place::token(stored.span())))
    }

    /// The full name of a layer or network, which nothing else may have.
    pub(super) fn new_name(&mut self, name: &str, place: Place) -> Result<String> {
        let name = self.full_name(name, place)?;
        if name == METADATA {
            let what = "files keep text, and no parameter, under this name: give it another";
            return self.error(place, what);
        }
        let named = self.frame.named.unwrap_or(place);
        if self.stored_names.insert(name.clone(), named).is_none() {
            return Ok(name);
        }
        self.error(
            place,
            format!(
                "there is a layer `{name}` already: their parameters would have the same names"
            ),
        )
    }

    /// What gives a layer, a network or a parameter its name, where that is known.
    pub(super) fn named(&self, name: &str, otherwise: Place) -> Place {
        self.stored_names.get(name).copied().unwrap_or(otherwise)
    }

    /// A name for a layer that has none: `linear0`, `linear1` ...
    pub(super) fn automatic_name(&self, prefix: &str) -> String {
        let outside = &self.frame.prefix;
        let is_free = |name: &String| !self.stored_names.contains_key(&format!("{outside}{name}"));
        let free = (0..).map(|i| format!("{prefix}{i}")).find(is_free);
        free.unwrap_or_default()
    }
}

/// What the parameter that is stored under a name is called in generated code.
pub fn variable(stored: &str) -> String {
    stored.replace(".{i}", "").replace('.', "_")
}
