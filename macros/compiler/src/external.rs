//! External layers: types that implement the runtime's `Layer`, of which the compiler knows only
//! the name.

use crate::reserved::private_path;
use proc_macro2::TokenStream;
use quote::quote;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// The type of an external layer.
#[derive(Clone)]
pub struct External {
    /// The type as generated code names it, on the user's tokens.
    pub path: TokenStream,
    /// The type as text, by which layers are compared.
    pub text: Rc<str>,
}

impl External {
    /// Returns `<other::Encoder::<64> as __monograd::Layer>`.
    #[must_use]
    pub fn as_layer(&self) -> TokenStream {
        let (path, private_path) = (&self.path, private_path());
        quote!(<#path as #private_path::Layer>)
    }

    /// Returns the ports of its inputs and those of its outputs.
    #[must_use]
    pub fn ports(&self) -> TokenStream {
        let layer = self.as_layer();
        quote!([#layer::INPUTS, #layer::OUTPUTS])
    }
}

impl fmt::Debug for External {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for External {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for External {}

impl Hash for External {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialOrd for External {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for External {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}
