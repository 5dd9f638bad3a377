//! Names whose values the compiler of the generated code knows: const parameters, and constants of
//! the user's.

use super::{Atom, Size};
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens as _;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

/// A constant of the user's as a size.
#[derive(Clone)]
pub struct Constant {
    /// As the user wrote it.
    text: Rc<str>,
    /// What generated code calls it.
    name: Rc<str>,
}

impl Constant {
    /// The constant that is written as `text`, which generated code knows by `name`.
    #[must_use]
    pub fn new(text: &str, name: &str) -> Self {
        Self { text: text.into(), name: name.into() }
    }

    /// As a `usize` expression.
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

// the text tells one from another
impl PartialEq for Constant {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for Constant {}

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
    /// Whether it is a single name of a constant.
    #[must_use]
    pub fn is_symbol(&self) -> bool {
        matches!(
            self.atoms().next(),
            Some(atom @ (Atom::Symbol(_) | Atom::Constant(_))) if *self == Self::from(atom.clone())
        )
    }

    /// Whether it is the name of a const parameter, or of a loop's iteration.
    pub(super) fn is_parameter(&self) -> bool {
        matches!(self.atoms().next(), Some(Atom::Symbol(_))) && self.is_symbol()
    }

    /// The names of constants that it depends on.
    #[must_use]
    pub fn constants(&self) -> BTreeSet<Self> {
        let mut found = BTreeSet::new();
        for atom in self.atoms() {
            match atom {
                Atom::Symbol(_) | Atom::Constant(_) => {
                    found.insert(Self::from(atom.clone()));
                }
                Atom::Quotient(a, b) | Atom::Least(a, b) => {
                    found.extend([a, b].iter().flat_map(|size| size.constants()));
                }
                Atom::Dynamic(_) | Atom::External(_) => {}
            }
        }
        found
    }
}
