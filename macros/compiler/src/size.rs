//! Sizes of axes: polynomials over literals and names, in a normal form, so that `4 * D` equals
//! `D + 3 * D`.

mod computed;
mod constant;
mod display;
mod dynamic;
mod external;
mod tokens;

pub use computed::Computed;
pub use constant::Constant;
pub use dynamic::length_name;
pub use external::{Asked, Cost, ExternalSize, known_shapes, shapes_tokens};
pub use tokens::without_parentheses;

use std::collections::{BTreeMap, HashMap};

/// An indeterminate of a polynomial.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Atom {
    /// A const parameter, or the iteration number of a loop.
    Symbol(String),
    /// A constant of the user's, by name.
    Constant(Constant),
    /// A run-time size: `dyn T`.
    Dynamic(String),
    /// A quotient that may have a remainder: rounded down, as in Rust.
    Quotient(Size, Size),
    /// The minimum of two sizes.
    Least(Size, Size),
    /// A size that an external layer knows.
    External(ExternalSize),
    /// The result of a function of sizes.
    Computed(Computed),
}

/// A product of atoms, with their powers; empty for the constant term.
type Monomial = BTreeMap<Atom, u32>;

/// A number of elements, for example along an axis.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size {
    /// Coefficients by monomial, all nonzero.
    terms: BTreeMap<Monomial, i128>,
}

impl From<u64> for Size {
    fn from(n: u64) -> Self {
        Self::one_term(Monomial::new(), i128::from(n))
    }
}

impl From<Atom> for Size {
    fn from(atom: Atom) -> Self {
        Self::one_term(Monomial::from([(atom, 1)]), 1)
    }
}

impl Size {
    /// Returns the size 1.
    #[must_use]
    pub fn one() -> Self {
        1.into()
    }

    /// Returns the const parameter or iteration number `name`.
    #[must_use]
    pub fn symbol(name: impl Into<String>) -> Self {
        Atom::Symbol(name.into()).into()
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

    /// Returns the value, or `None` if it depends on an atom.
    #[must_use]
    pub fn constant(&self) -> Option<i128> {
        match self.terms.len() {
            0 => Some(0),
            1 => self.terms.get(&Monomial::new()).copied(),
            _ => None,
        }
    }

    /// Returns the number of terms.
    #[must_use]
    pub fn terms(&self) -> usize {
        self.terms.len()
    }

    /// Returns `self + other`.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        for (monomial, coefficient) in &other.terms {
            sum.add_term(monomial.clone(), *coefficient);
        }
        sum
    }

    /// Returns `self - other`.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut difference = self.clone();
        for (monomial, coefficient) in &other.terms {
            difference.add_term(monomial.clone(), coefficient.saturating_neg());
        }
        difference
    }

    /// Returns `self * other`.
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

    /// Returns `self / other`, rounded down, or `None` if `other` is zero.
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
        Some(Atom::Quotient(self.clone(), other.clone()).into())
    }

    /// Returns the minimum of the two.
    #[must_use]
    pub fn least(&self, other: &Self) -> Self {
        match (self.constant(), other.constant()) {
            (Some(a), Some(b)) if a <= b => self.clone(),
            (Some(_), Some(_)) => other.clone(),
            _ if self == other => self.clone(),
            _ => Atom::Least(self.clone(), other.clone()).into(),
        }
    }

    /// Returns the quotient if the division has no remainder: if the divisor is a single term that
    /// divides every term, or equals `self`.
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

    /// Returns the product of all sizes.
    #[must_use]
    pub fn product<'a>(sizes: impl IntoIterator<Item = &'a Self>) -> Self {
        sizes.into_iter().fold(Self::one(), |product, size| product.times(size))
    }

    /// Returns `Some(true)` if the two are equal for all values of the names, `Some(false)` if for
    /// none, and `None` if that depends on the values.
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

    /// Returns the atoms of all terms.
    fn atoms(&self) -> impl Iterator<Item = &Atom> {
        self.terms.keys().flat_map(|monomial| monomial.keys())
    }

    /// Returns the atoms that it is made of, those of quotients and minima instead of these.
    fn leaves<'a>(&'a self) -> Vec<&'a Atom> {
        let leaves = |atom: &'a Atom| match atom {
            Atom::Quotient(a, b) | Atom::Least(a, b) => [a.leaves(), b.leaves()].concat(),
            Atom::Computed(of) => of.arguments.iter().flat_map(Size::leaves).collect(),
            other => vec![other],
        };
        self.atoms().flat_map(leaves).collect()
    }

    /// Returns the const parameters and constants that are factors of the size, if it has a single
    /// term: it is 0 if one of them is.
    #[must_use]
    pub fn factors(&self) -> Vec<Self> {
        let [(monomial, _)] = self.terms.iter().collect::<Vec<_>>()[..] else { return Vec::new() };
        let names = monomial.keys().filter(|a| matches!(a, Atom::Symbol(_) | Atom::Constant(_)));
        names.map(|name| name.clone().into()).collect()
    }

    /// Returns true if it has a quotient that may have a remainder, a minimum, or an item of a list.
    #[must_use]
    pub fn has_quotient(&self) -> bool {
        self.atoms().any(|atom| match atom {
            Atom::Quotient(..) | Atom::Least(..) => true,
            Atom::Computed(of) => of.is_item(),
            _ => false,
        })
    }

    /// Returns true if it depends on the const parameter, iteration number or run-time size `name`.
    #[must_use]
    pub fn mentions(&self, name: &str) -> bool {
        self.atoms().any(|atom| match atom {
            Atom::External(external) => external.shapes().any(|size| size.mentions(name)),
            Atom::Symbol(symbol) | Atom::Dynamic(symbol) => symbol == name,
            Atom::Constant(_) => false,
            Atom::Quotient(a, b) | Atom::Least(a, b) => a.mentions(name) || b.mentions(name),
            Atom::Computed(of) => of.arguments.iter().any(|size| size.mentions(name)),
        })
    }

    /// Returns the size with `value` in place of `name`.
    #[must_use]
    pub fn with(&self, name: &str, value: &Self) -> Self {
        self.substitute(&|atom| match atom {
            Atom::Symbol(symbol) | Atom::Dynamic(symbol) => (symbol == name).then(|| value.clone()),
            Atom::Constant(_)
            | Atom::Quotient(..)
            | Atom::Least(..)
            | Atom::External(_)
            | Atom::Computed(_) => None,
        })
    }

    /// Returns the size with atoms replaced by `value`, where that is `Some`. A division by 0
    /// becomes 0.
    fn substitute(&self, value: &dyn Fn(&Atom) -> Option<Self>) -> Self {
        let mut sum = Self::default();
        for (monomial, coefficient) in &self.terms {
            let mut product = Self::one_term(Monomial::new(), *coefficient);
            for (atom, power) in monomial {
                let factor = value(atom).unwrap_or_else(|| match atom {
                    Atom::Quotient(a, b) => {
                        a.substitute(value).over(&b.substitute(value)).unwrap_or_default()
                    }
                    Atom::Least(a, b) => a.substitute(value).least(&b.substitute(value)),
                    Atom::Computed(of) => {
                        let arguments = of.arguments.iter().map(|size| size.substitute(value));
                        let arguments = arguments.collect();
                        Computed { function: of.function.clone(), arguments }.folded()
                    }
                    _ => Self::one_term(Monomial::from([(atom.clone(), 1)]), 1),
                });
                for _ in 0..*power {
                    product = product.times(&factor);
                }
            }
            sum = sum.plus(&product);
        }
        sum
    }

    /// Returns true if it is at most `other` for all values of the names, and this is certain.
    #[must_use]
    pub fn is_at_most(&self, other: &Self) -> bool {
        other.minus(self).terms.values().all(|c| *c > 0)
    }

    /// Returns an estimate of the value. Names that are not in `known` count as 64.
    #[must_use]
    pub fn estimate(&self, known: &HashMap<String, f64>) -> f64 {
        let term = |(monomial, coefficient): (&Monomial, &i128)| {
            #[allow(clippy::cast_precision_loss)]
            monomial.iter().fold(*coefficient as f64, |product, (atom, power)| {
                let value = match atom {
                    Atom::Symbol(name) | Atom::Dynamic(name) => {
                        known.get(name).copied().unwrap_or(64.0)
                    }
                    Atom::Quotient(a, b) => (a.estimate(known) / b.estimate(known)).floor(),
                    // at least 1: the estimate of what remains of a sequence may be zero or
                    // negative
                    Atom::Least(a, b) => a.estimate(known).min(b.estimate(known)).max(1.0),
                    Atom::Constant(_) | Atom::External(_) | Atom::Computed(_) => 64.0,
                };
                product * value.powi(i32::try_from(*power).unwrap_or(i32::MAX))
            })
        };
        self.terms.iter().map(term).sum()
    }

    /// Returns the terms, the positive ones first: a `usize` never gets below zero if summed in
    /// this order.
    fn ordered(&self) -> Vec<(&Monomial, i128)> {
        let mut terms: Vec<_> = self.terms.iter().rev().map(|(m, c)| (m, *c)).collect();
        terms.sort_by_key(|(_, c)| *c < 0);
        terms
    }
}

#[cfg(test)]
mod tests;
