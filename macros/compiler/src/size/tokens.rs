//! Sizes as expressions of generated code.

use super::{Atom, Monomial, Size, length_name};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

impl Size {
    /// As a `usize` expression; in parentheses where it has an operator, so that it can stand
    /// anywhere.
    #[must_use]
    pub fn tokens(&self) -> TokenStream {
        terms_tokens(&self.ordered())
    }

    /// The same where a difference below zero counts as zero: for constants of a network with
    /// run-time sizes, taken at lengths for which it may not be made.
    #[must_use]
    pub fn saturating_tokens(&self) -> TokenStream {
        let terms = self.ordered();
        let positive = terms.iter().filter(|(_, c)| *c > 0).count();
        let (positive, negative) = terms.split_at(positive);
        if negative.is_empty() {
            return self.tokens();
        }
        let negative: Vec<_> = negative.iter().map(|(m, c)| (*m, -c)).collect();
        let (positive, negative) = (terms_tokens(positive), terms_tokens(&negative));
        quote!(usize::saturating_sub(#positive, #negative))
    }
}

/// A sum of terms, the positive ones first.
fn terms_tokens(terms: &[(&Monomial, i128)]) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (i, (monomial, coefficient)) in terms.iter().enumerate() {
        let term = term_tokens(monomial, coefficient.unsigned_abs());
        tokens = match (i, *coefficient < 0) {
            (0, _) => term,
            (_, false) => quote!(#tokens + #term),
            (_, true) => quote!(#tokens - #term),
        };
    }
    if terms.is_empty() {
        tokens = quote!(0);
    }
    let simple =
        terms.len() < 2 && terms.iter().all(|(m, c)| m.is_empty() || (m.len() == 1 && *c == 1));
    if simple && !matches!(terms.first(), Some((m, 1)) if m.values().any(|p| *p > 1)) {
        tokens
    } else {
        quote!((#tokens))
    }
}

fn term_tokens(monomial: &Monomial, coefficient: u128) -> TokenStream {
    let mut factors: Vec<TokenStream> = Vec::new();
    if coefficient != 1 || monomial.is_empty() {
        let coefficient = Literal::u128_unsuffixed(coefficient);
        factors.push(quote!(#coefficient));
    }
    for (atom, power) in monomial {
        let factor = match atom {
            Atom::Symbol(name) => {
                // a name that was one when it was parsed
                name.parse().unwrap_or_default()
            }
            Atom::Constant(constant) => constant.tokens(),
            Atom::Dynamic(name) => {
                let name = length_name(name);
                quote!(#name)
            }
            Atom::Quotient(a, b) => {
                let (a, b) = (a.tokens(), b.tokens());
                quote!((#a / #b))
            }
            Atom::Foreign(foreign) => foreign.tokens(),
        };
        factors.extend(std::iter::repeat_n(factor, *power as usize));
    }
    // `*` cannot be a separator in `quote!`
    factors.into_iter().reduce(|product, factor| quote!(#product * #factor)).unwrap_or_default()
}
