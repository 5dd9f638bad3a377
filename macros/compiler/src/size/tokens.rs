//! Sizes as expressions of generated code.

use super::{Atom, Monomial, Size, length_name};
use proc_macro2::{Literal, TokenStream, TokenTree};
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
    /// as zero, and what is divided by zero is divided by one. Those of a network with run-time
    /// sizes are taken at lengths for which it may not be made.
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

    /// The same for what is calculated before it is known to be possible: a difference below zero
    /// counts as zero, and what run-time sizes make too large to count as `usize::MAX`.
    #[must_use]
    pub fn saturating_tokens(&self) -> TokenStream {
        let terms = self.ordered();
        let positive = terms.iter().filter(|(_, c)| *c > 0).count();
        let (positive, negative) = terms.split_at(positive);
        let negative: Vec<_> = negative.iter().map(|(m, c)| (*m, -c)).collect();
        match (varies(positive), negative.is_empty()) {
            (_, true) => saturating_terms(positive),
            (true, false) => {
                let (positive, negative) =
                    (saturating_terms(positive), saturating_terms(&negative));
                quote!(#positive.saturating_sub(#negative))
            }
            (false, false) => {
                let (positive, negative) =
                    (terms_tokens(positive, At::Run), saturating_terms(&negative));
                quote!(usize::saturating_sub(#positive, #negative))
            }
        }
    }
}

/// Whether terms depend on run-time sizes.
fn varies(terms: &[(&Monomial, i128)]) -> bool {
    terms.iter().any(|(monomial, _)| monomial.keys().any(is_dynamic))
}

fn is_dynamic(atom: &Atom) -> bool {
    Size::from(atom.clone()).is_dynamic()
}

/// A sum that ends at `usize::MAX`, if run-time sizes are in it.
fn saturating_terms(terms: &[(&Monomial, i128)]) -> TokenStream {
    if !varies(terms) {
        return terms_tokens(terms, At::Run);
    }
    let (varying, fixed): (Vec<_>, Vec<_>) = terms.iter().partition(|term| varies(&[**term]));
    let mut sum = varying.into_iter().map(|(monomial, c)| saturating_product(monomial, c));
    let first = sum.next().unwrap_or_default();
    let fixed = (!fixed.is_empty()).then(|| without_parentheses(terms_tokens(&fixed, At::Run)));
    sum.chain(fixed).fold(first, |sum, term| quote!(#sum.saturating_add(#term)))
}

/// A product that ends at `usize::MAX`: what depends on no run-time size is one factor of it.
fn saturating_product(monomial: &Monomial, coefficient: i128) -> TokenStream {
    let (varying, fixed): (Vec<_>, Vec<_>) =
        monomial.iter().partition(|(atom, _)| is_dynamic(atom));
    let fixed: Monomial = fixed.into_iter().map(|(atom, power)| (atom.clone(), *power)).collect();
    let mut product = varying.into_iter().flat_map(|(atom, power)| {
        let factor = match atom {
            Atom::Quotient(a, b) => quotient(a, b, Size::saturating_tokens),
            Atom::Least(a, b) => {
                let (a, b) = (a.saturating_tokens(), b.saturating_tokens());
                quote!((#a - usize::saturating_sub(#a, #b)))
            }
            other => factor(other, At::Run),
        };
        std::iter::repeat_n(factor, *power as usize)
    });
    let first = product.next().unwrap_or_default();
    let is_one = fixed.is_empty() && coefficient == 1;
    let fixed = (!is_one).then(|| term_tokens(&fixed, coefficient.unsigned_abs(), At::Run));
    product.chain(fixed).fold(first, |product, factor| quote!(#product.saturating_mul(#factor)))
}

/// An expression without the parentheses around it.
#[must_use]
pub fn without_parentheses(tokens: TokenStream) -> TokenStream {
    let mut trees = tokens.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Group(group)), None) => group.stream(),
        _ => tokens,
    }
}

/// A sum of terms, the positive ones first; in parentheses where it has an operator.
fn terms_tokens(terms: &[(&Monomial, i128)], at: At) -> TokenStream {
    let tokens = sum_tokens(terms, at);
    let simple =
        terms.len() < 2 && terms.iter().all(|(m, c)| m.is_empty() || (m.len() == 1 && *c == 1));
    if simple && !matches!(terms.first(), Some((m, 1)) if m.values().any(|p| *p > 1)) {
        tokens
    } else {
        quote!((#tokens))
    }
}

/// The same without parentheses.
fn sum_tokens(terms: &[(&Monomial, i128)], at: At) -> TokenStream {
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
    tokens
}

fn term_tokens(monomial: &Monomial, coefficient: u128, at: At) -> TokenStream {
    let mut factors: Vec<TokenStream> = Vec::new();
    if coefficient != 1 || monomial.is_empty() {
        let coefficient = Literal::u128_unsuffixed(coefficient);
        factors.push(quote!(#coefficient));
    }
    for (atom, power) in monomial {
        factors.extend(std::iter::repeat_n(factor(atom, at), *power as usize));
    }
    // `*` cannot be a separator in `quote!`
    factors.into_iter().reduce(|product, factor| quote!(#product * #factor)).unwrap_or_default()
}

/// A quotient; `(x + b - 1) / b` as what it is for, rounding up.
fn quotient(a: &Size, b: &Size, tokens: fn(&Size) -> TokenStream) -> TokenStream {
    let rounded_up = a.minus(b).plus(&Size::one());
    let of_groups =
        b.constant() != Some(1) && rounded_up.constant().is_none() && !rounded_up.has_difference();
    let b = tokens(b);
    match of_groups {
        true => {
            let count = without_parentheses(tokens(&rounded_up));
            let b = without_parentheses(b);
            quote!(usize::div_ceil(#count, #b))
        }
        false => {
            let a = tokens(a);
            quote!((#a / #b))
        }
    }
}

fn factor(atom: &Atom, at: At) -> TokenStream {
    match atom {
        // a name that was one when it was parsed
        Atom::Symbol(name) => name.parse().unwrap_or_default(),
        Atom::Constant(constant) => constant.tokens(),
        Atom::Dynamic(name) => {
            let name = length_name(name);
            quote!(#name)
        }
        Atom::Quotient(a, b) if at == At::Run || b.constant().is_some() => {
            quotient(a, b, Size::tokens)
        }
        Atom::Quotient(a, b) => {
            let (a, b) = (a.total_tokens(), b.total_tokens());
            quote!((#a / (#b + (#b == 0) as usize)))
        }
        Atom::Least(a, b) if at == At::Run => {
            // in constants as well, where `min` is not to be had
            let [first, second] = [a, b].map(|size| sum_tokens(&size.ordered(), at));
            let a = a.tokens();
            quote!((#a - usize::saturating_sub(#first, #second)))
        }
        Atom::Least(a, b) => {
            let [first, second] = [a, b].map(|size| without_parentheses(size.total_tokens()));
            let a = a.total_tokens();
            quote!((#a - usize::saturating_sub(#first, #second)))
        }
        Atom::External(external) => external.tokens(),
    }
}
