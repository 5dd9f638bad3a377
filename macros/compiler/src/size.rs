//! Sizes: polynomials over literals and names, in a normal form, so that `4 * D` equals
//! `D + 3 * D`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// What a polynomial is over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Atom {
    /// A const parameter or a constant of the user's.
    Symbol(String),
    /// A quotient that does not come out even for every value: rounded down, as in Rust.
    Quotient(Size, Size),
}

/// A product of atoms, each with its power; empty for a constant.
type Monomial = BTreeMap<Atom, u32>;

/// A number of elements along an axis.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    /// Coefficients by monomial, none of them zero.
    terms: BTreeMap<Monomial, i128>,
}

impl From<u64> for Size {
    fn from(n: u64) -> Self {
        Self::one_term(Monomial::new(), i128::from(n))
    }
}

impl Size {
    /// 1.
    #[must_use]
    pub fn one() -> Self {
        1.into()
    }

    /// A named size.
    #[must_use]
    pub fn symbol(name: impl Into<String>) -> Self {
        Self::one_term(Monomial::from([(Atom::Symbol(name.into()), 1)]), 1)
    }

    fn one_term(monomial: Monomial, coefficient: i128) -> Self {
        let mut size = Self::default();
        size.add_term(monomial, coefficient);
        size
    }

    fn add_term(&mut self, monomial: Monomial, coefficient: i128) {
        let sum = self.terms.get(&monomial).map_or(0, |c| *c).saturating_add(coefficient);
        if sum == 0 {
            self.terms.remove(&monomial);
        } else {
            self.terms.insert(monomial, sum);
        }
    }

    /// Its value, where it depends on no name.
    #[must_use]
    pub fn constant(&self) -> Option<i128> {
        match self.terms.len() {
            0 => Some(0),
            1 => self.terms.get(&Monomial::new()).copied(),
            _ => None,
        }
    }

    /// How many terms it has.
    #[must_use]
    pub fn terms(&self) -> usize {
        self.terms.len()
    }

    /// self + other.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        for (monomial, coefficient) in &other.terms {
            sum.add_term(monomial.clone(), *coefficient);
        }
        sum
    }

    /// self - other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut difference = self.clone();
        for (monomial, coefficient) in &other.terms {
            difference.add_term(monomial.clone(), coefficient.saturating_neg());
        }
        difference
    }

    /// self * other.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let mut product = Self::default();
        for (a, x) in &self.terms {
            for (b, y) in &other.terms {
                let mut monomial = a.clone();
                for (atom, power) in b {
                    *monomial.entry(atom.clone()).or_default() += power;
                }
                product.add_term(monomial, x.saturating_mul(*y));
            }
        }
        product
    }

    /// self / other, rounded down; `None` for a division by zero.
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        match (self.constant(), other.constant()) {
            (_, Some(0)) => return None,
            (Some(a), Some(b)) => return Some(Self::one_term(Monomial::new(), a.div_euclid(b))),
            _ => {}
        }
        if let Some(exact) = self.exact_quotient(other) {
            return Some(exact);
        }
        let quotient = Atom::Quotient(self.clone(), other.clone());
        Some(Self::one_term(Monomial::from([(quotient, 1)]), 1))
    }

    /// The quotient, where a divisor of one term divides every term.
    fn exact_quotient(&self, divisor: &Self) -> Option<Self> {
        let [(monomial, coefficient)] = divisor.terms.iter().collect::<Vec<_>>()[..] else {
            return (self == divisor).then(Self::one);
        };
        let mut quotient = Self::default();
        for (term, c) in &self.terms {
            let mut rest = term.clone();
            for (atom, power) in monomial {
                let left = rest.get(atom)?.checked_sub(*power)?;
                if left == 0 {
                    rest.remove(atom);
                } else {
                    rest.insert(atom.clone(), left);
                }
            }
            if c % coefficient != 0 {
                return None;
            }
            quotient.add_term(rest, c / coefficient);
        }
        Some(quotient)
    }

    /// The product of all.
    #[must_use]
    pub fn product<'a>(sizes: impl IntoIterator<Item = &'a Self>) -> Self {
        sizes.into_iter().fold(Self::one(), |product, size| product.times(size))
    }

    /// Whether the two are equal whatever the names stand for (`Some(true)`), for no value of
    /// them (`Some(false)`), or for some.
    #[must_use]
    pub fn equals(&self, other: &Self) -> Option<bool> {
        let difference = self.minus(other);
        match difference.constant() {
            Some(difference) => Some(difference == 0),
            // every size is at least one, so a sum of sizes cannot be zero
            None if difference.terms.values().all(|c| *c > 0)
                || difference.terms.values().all(|c| *c < 0) =>
            {
                Some(false)
            }
            None => None,
        }
    }

    /// Whether it is at most the other whatever the names stand for.
    #[must_use]
    pub fn is_at_most(&self, other: &Self) -> bool {
        other.minus(self).terms.values().all(|c| *c > 0)
    }

    /// Its probable value, with names it is not told taken as 64.
    #[must_use]
    pub fn estimate(&self, known: &HashMap<String, f64>) -> f64 {
        let term = |(monomial, coefficient): (&Monomial, &i128)| {
            #[allow(clippy::cast_precision_loss)]
            monomial.iter().fold(*coefficient as f64, |product, (atom, power)| {
                let value = match atom {
                    Atom::Symbol(name) => known.get(name).copied().unwrap_or(64.0),
                    Atom::Quotient(a, b) => (a.estimate(known) / b.estimate(known)).floor(),
                };
                product * value.powi(i32::try_from(*power).unwrap_or(i32::MAX))
            })
        };
        self.terms.iter().map(term).sum()
    }

    /// Positive terms first, so that a `usize` never goes below zero on the way.
    fn ordered(&self) -> Vec<(&Monomial, i128)> {
        let mut terms: Vec<_> = self.terms.iter().rev().map(|(m, c)| (m, *c)).collect();
        terms.sort_by_key(|(_, c)| *c < 0);
        terms
    }

    /// As a `usize` expression; in parentheses where it has an operator, so that it can stand
    /// anywhere.
    #[must_use]
    pub fn tokens(&self) -> TokenStream {
        let terms = self.ordered();
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
                // a name or a path that was one when it was parsed
                name.parse().unwrap_or_default()
            }
            Atom::Quotient(a, b) => {
                let (a, b) = (a.tokens(), b.tokens());
                quote!((#a / #b))
            }
        };
        factors.extend(std::iter::repeat_n(factor, *power as usize));
    }
    // `*` cannot be a separator in `quote!`
    factors.into_iter().reduce(|product, factor| quote!(#product * #factor)).unwrap_or_default()
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let terms = self.ordered();
        if terms.is_empty() {
            return f.write_str("0");
        }
        for (i, (monomial, coefficient)) in terms.iter().enumerate() {
            let sign = match (i, *coefficient < 0) {
                (0, true) => "-",
                (0, false) => "",
                (_, true) => " - ",
                (_, false) => " + ",
            };
            f.write_str(sign)?;
            write_term(f, monomial, coefficient.unsigned_abs())?;
        }
        Ok(())
    }
}

fn write_term(f: &mut fmt::Formatter<'_>, monomial: &Monomial, coefficient: u128) -> fmt::Result {
    let mut separator = "";
    if coefficient != 1 || monomial.is_empty() {
        write!(f, "{coefficient}")?;
        separator = " * ";
    }
    for (atom, power) in monomial {
        for _ in 0..*power {
            f.write_str(separator)?;
            separator = " * ";
            match atom {
                Atom::Symbol(name) => f.write_str(name)?,
                Atom::Quotient(a, b) => {
                    write_operand(f, a)?;
                    f.write_str(" / ")?;
                    write_operand(f, b)?;
                }
            }
        }
    }
    Ok(())
}

fn write_operand(f: &mut fmt::Formatter<'_>, size: &Size) -> fmt::Result {
    let simple = size.terms.len() == 1 && size.terms.keys().all(|m| m.len() <= 1);
    if simple { write!(f, "{size}") } else { write!(f, "({size})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d() -> Size {
        Size::symbol("D")
    }
    fn n(n: u64) -> Size {
        n.into()
    }

    #[test]
    fn has_a_normal_form() {
        assert_eq!(d().times(&n(4)), d().plus(&d().times(&n(3))));
        assert_eq!(d().plus(&n(1)).times(&d()), d().times(&d()).plus(&d()));
        assert_eq!(d().minus(&d()).constant(), Some(0));
    }

    #[test]
    fn divides() {
        let h = Size::symbol("HEADS");
        assert_eq!(d().times(&n(4)).over(&n(2)), Some(d().times(&n(2))));
        assert_eq!(d().times(&h).over(&h), Some(d()));
        assert_eq!(n(7).over(&n(2)), Some(n(3)));
        assert_eq!(n(7).over(&n(0)), None);
        let quotient = d().over(&h).unwrap();
        assert_eq!(quotient.to_string(), "D / HEADS");
        assert_eq!(quotient.equals(&quotient), Some(true));
    }

    #[test]
    fn decides_equality_where_it_can() {
        assert_eq!(d().equals(&d()), Some(true));
        assert_eq!(n(3).equals(&n(4)), Some(false));
        assert_eq!(d().equals(&n(4)), None);
        assert_eq!(d().plus(&n(1)).equals(&d()), Some(false));
    }

    #[test]
    fn prints_as_written() {
        assert_eq!(d().times(&n(4)).to_string(), "4 * D");
        assert_eq!(d().minus(&n(1)).to_string(), "D - 1");
        assert_eq!(d().minus(&n(1)).tokens().to_string(), "(D - 1)");
        assert_eq!(n(5).tokens().to_string(), "5");
        assert_eq!(d().times(&d()).tokens().to_string(), "(D * D)");
    }
}
