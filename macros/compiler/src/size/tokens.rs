//! Sizes as expressions of generated code.

use super::{Atom, Monomial, Size, length_name};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Where a size is printed.
#[derive(Clone, Copy, PartialEq)]
enum At {
    /// In code that runs for sound sizes alone.
    Run,
    /// In constants, which are evaluated for others as well: the error should be the assertion's.
    Constant,
}

impl Size {
    /// As a `usize` expression; in parentheses where it has an operator, so that it can stand
    /// anywhere.
    #[must_use]
    pub fn tokens(&self) -> TokenStream {
        // rustc refuses what surely overflows, as a constant of the user's may
        let of_user = self.constants().iter().any(|name| !name.is_parameter());
        match of_user && !self.is_dynamic() {
            true => self.difference(At::Run),
            false => terms_tokens(&self.ordered(), At::Run),
        }
    }

    /// The same for constants, whatever the names in it stand for: a difference below zero counts
    /// as zero, and what is divided by zero is divided by one. Those of a network with run-time sizes are taken at
    /// lengths for which it may not be made.
    #[must_use]
    pub fn total_tokens(&self) -> TokenStream {
        self.difference(At::Constant)
    }

    /// A difference that counts as zero where it is below.
    fn difference(&self, at: At) -> TokenStream {
        let terms = self.ordered();
        let positive = terms.iter().filter(|(_, c)| *c > 0).count();
        let (positive, negative) = terms.split_at(positive);
        if negative.is_empty() {
            return terms_tokens(positive, at);
        }
        let negative: Vec<_> = negative.iter().map(|(m, c)| (*m, -c)).collect();
        let (positive, negative) = (terms_tokens(positive, at), terms_tokens(&negative, at));
        quote!(usize::saturating_sub(#positive, #negative))
    }
}

/// A sum of terms, the positive ones first.
fn terms_tokens(terms: &[(&Monomial, i128)], at: At) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (i, (monomial, coefficient)) in terms.iter().enumerate() {
        let term = term_tokens(monomial, coefficient.unsigned_abs(), at);
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

fn term_tokens(monomial: &Monomial, coefficient: u128, at: At) -> TokenStream {
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
            Atom::Quotient(a, b) if at == At::Run || b.constant().is_some() => {
                let (a, b) = (a.tokens(), b.tokens());
                quote!((#a / #b))
            }
            Atom::Quotient(a, b) => {
                let (a, b) = (a.total_tokens(), b.total_tokens());
                quote!((#a / (#b + (#b == 0) as usize)))
            }
            Atom::Foreign(foreign) => foreign.tokens(),
        };
        factors.extend(std::iter::repeat_n(factor, *power as usize));
    }
    // `*` cannot be a separator in `quote!`
    factors.into_iter().reduce(|product, factor| quote!(#product * #factor)).unwrap_or_default()
}
