//! Numbers in operations.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A number in an operation. It equals another with the same bits, so that operations can be
/// compared.
#[derive(Clone, Copy, Default)]
pub struct Float(pub f64);

impl Float {
    /// Returns the literal of the number, which may be infinite.
    #[must_use]
    pub fn tokens(self) -> TokenStream {
        let Self(x) = self;
        match x {
            f64::INFINITY => return quote!(::core::f64::INFINITY),
            f64::NEG_INFINITY => return quote!(::core::f64::NEG_INFINITY),
            _ => {}
        }
        let sign = if x.is_sign_negative() { quote!(-) } else { TokenStream::new() };
        let x = Literal::f64_unsuffixed(x.abs());
        quote!(#sign #x)
    }
}

impl From<f64> for Float {
    fn from(x: f64) -> Self {
        Self(x)
    }
}

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}
impl Eq for Float {}

impl Hash for Float {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl fmt::Debug for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
