//! Sizes whose values are known when the generated code is compiled: const parameters, and
//! constants of the user's.

use super::{Atom, Size};
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens as _;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// A constant of the user's, as a size.
#[derive(Clone)]
pub struct Constant {
    /// The path as the user wrote it.
    text: Rc<str>,
    /// The name of the constant in generated code.
    name: Rc<str>,
}

impl Constant {
    /// Returns the constant that the user wrote as `text` and that generated code calls `name`.
    #[must_use]
    pub fn new(text: &str, name: &str) -> Self {
        Self { text: text.into(), name: name.into() }
    }

    /// Returns the constant as a `usize` expression.
    pub(super) fn tokens(&self) -> TokenStream {
        Ident::new(&self.name, Span::call_site()).into_token_stream()
    }
}

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

// constants are compared by their text
impl PartialEq for Constant {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for Constant {}

impl Hash for Constant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialOrd for Constant {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Constant {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Size {
    /// Returns true if it is a single const parameter, iteration number or constant.
    #[must_use]
    pub fn is_symbol(&self) -> bool {
        matches!(
            self.atoms().next(),
            Some(atom @ (Atom::Symbol(_) | Atom::Constant(_))) if *self == Self::from(atom.clone())
        )
    }

    /// Returns true if it is a single const parameter or iteration number.
    pub(super) fn is_parameter(&self) -> bool {
        matches!(self.atoms().next(), Some(Atom::Symbol(_))) && self.is_symbol()
    }

    /// Returns the const parameters, iteration numbers and constants that it depends on.
    #[must_use]
    pub fn constants(&self) -> BTreeSet<Self> {
        let leaves = self.leaves().into_iter();
        let names = leaves.filter(|atom| matches!(atom, Atom::Symbol(_) | Atom::Constant(_)));
        names.map(|atom| Self::from(atom.clone())).collect()
    }
}
