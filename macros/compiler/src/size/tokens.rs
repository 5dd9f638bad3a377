//! Prints sizes as expressions of generated code.

use super::{Atom, Monomial, Size, length_name};
use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;

/// The kind of code that a size is printed for.
#[derive(Clone, Copy, PartialEq)]
enum At {
    /// Code that runs only if all requirements on sizes hold.
    Run,
    /// Constants, which rustc evaluates even if a requirement fails. They must be valid then too,
    /// so that the only error is that of the assertion.
    Constant,
}

impl Size {
    /// Returns it as a `usize` expression, in parentheses if it has an operator.
    #[must_use]
    pub fn tokens(&self) -> TokenStream {
        // rustc rejects a difference of constants that is surely below 0, so it saturates
        let of_user = self.constants().iter().any(|name| !name.is_parameter());
        match of_user && !self.is_dynamic() {
            true => self.difference(At::Run),
            false => terms_tokens(&self.ordered(), At::Run),
        }
    }

    /// Returns it as a `usize` expression that is valid for all values of the names, for constants:
    /// a difference below zero counts as zero, and a divisor of zero as one. The constants of a
    /// network with run-time sizes are evaluated at lengths for which it may be invalid.
    #[must_use]
    pub fn total_tokens(&self) -> TokenStream {
        self.difference(At::Constant)
    }

    /// Returns the positive terms minus the negative ones, saturating at zero.
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

    /// Returns it as a `usize` expression that does not overflow, for calculations before the
    /// requirements are checked: a difference below zero counts as zero, and a value that run-time
    /// sizes make too large as `usize::MAX`.
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

/// Returns true if a term depends on a run-time size.
fn varies(terms: &[(&Monomial, i128)]) -> bool {
    terms.iter().any(|(monomial, _)| monomial.keys().any(is_dynamic))
}

fn is_dynamic(atom: &Atom) -> bool {
    Size::from(atom.clone()).is_dynamic()
}

/// Returns the sum of the terms, saturating at `usize::MAX` if run-time sizes are in it.
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

/// Returns the product, saturating at `usize::MAX`. The factors without run-time sizes form one
/// plain product.
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

/// Returns an expression without the parentheses around it.
#[must_use]
pub fn without_parentheses(tokens: TokenStream) -> TokenStream {
    let mut trees = tokens.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Group(group)), None) => group.stream(),
        _ => tokens,
    }
}

/// Returns the sum of the terms, in parentheses if it has an operator. The positive terms come
/// first.
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

/// Returns the sum of the terms without parentheses.
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

/// Returns `a / b`. A quotient of the form `(x + b - 1) / b`, which rounds up, is emitted as
/// `usize::div_ceil(x, b)`.
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
        // does not fail: the name was an identifier when it was parsed
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
            // `min` cannot be called in constants, where this is printed too
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
        Atom::Computed(of) => {
            // in parentheses: clippy suspects a missing comma in a difference within an array
            let arguments = of.arguments.iter().map(|size| match at {
                At::Run => size.tokens(),
                At::Constant => size.total_tokens(),
            });
            of.tokens(&arguments.collect::<Vec<_>>())
        }
    }
}
