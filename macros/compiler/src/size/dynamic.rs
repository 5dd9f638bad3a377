//! Run-time sizes: sizes that are known only when the network runs.

use super::{Atom, Size};
use proc_macro2::{Ident, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the variable of generated code that holds the run-time size `name`: `len_t` for `dyn T`.
#[must_use]
pub fn length_name(name: &str) -> Ident {
    let name = name.strip_prefix("r#").unwrap_or(name).to_ascii_lowercase();
    Ident::new(&format!("len_{name}"), Span::call_site())
}

impl Atom {
    fn varies(&self) -> bool {
        Size::from(self.clone()).is_dynamic()
    }

    /// Returns true if it never decreases when a run-time size grows.
    fn rises(&self) -> bool {
        let rising = |size: &Size| {
            size.terms.iter().all(|(atoms, factor)| *factor > 0 && atoms.keys().all(Self::rises))
        };
        match self {
            Self::Quotient(a, b) => !b.is_dynamic() && rising(a),
            Self::Least(a, b) => rising(a) && rising(b),
            Self::External(_) | Self::Computed(_) => !self.varies(),
            Self::Symbol(_) | Self::Constant(_) | Self::Dynamic(_) => true,
        }
    }
}

impl Size {
    /// Returns the run-time size `name`.
    #[must_use]
    pub fn dynamic(name: impl Into<String>) -> Self {
        Atom::Dynamic(name.into()).into()
    }

    /// Returns the names of the run-time sizes in it.
    #[must_use]
    pub fn lengths(&self) -> BTreeSet<&str> {
        let mut lengths = BTreeSet::new();
        self.collect_lengths(&mut lengths);
        lengths
    }

    fn collect_lengths<'a>(&'a self, lengths: &mut BTreeSet<&'a str>) {
        for atom in self.atoms() {
            match atom {
                Atom::External(external) => {
                    external.varying().for_each(|size| size.collect_lengths(lengths));
                }
                Atom::Computed(of) => {
                    of.arguments.iter().for_each(|size| size.collect_lengths(lengths));
                }
                Atom::Symbol(_) | Atom::Constant(_) => {}
                Atom::Dynamic(name) => {
                    lengths.insert(name);
                }
                Atom::Quotient(a, b) | Atom::Least(a, b) => {
                    a.collect_lengths(lengths);
                    b.collect_lengths(lengths);
                }
            }
        }
    }

    /// Returns true if it depends on a run-time size.
    #[must_use]
    pub fn is_dynamic(&self) -> bool {
        !self.lengths().is_empty()
    }

    /// Returns true if it surely decreases when any run-time size in it grows.
    #[must_use]
    pub fn falls(&self) -> bool {
        let mut falls = false;
        for (monomial, coefficient) in &self.terms {
            let varies = monomial.keys().any(Atom::varies);
            if varies && (*coefficient > 0 || !monomial.keys().all(Atom::rises)) {
                return false;
            }
            falls |= varies;
        }
        falls
    }

    /// Returns the positive terms, and the negative ones with their sign changed: `self` is their
    /// difference.
    #[must_use]
    pub fn parts(&self) -> (Self, Self) {
        let (mut positive, mut negative) = (Self::default(), Self::default());
        for (monomial, coefficient) in &self.terms {
            match *coefficient > 0 {
                true => positive.add_term(monomial.clone(), *coefficient),
                false => negative.add_term(monomial.clone(), coefficient.saturating_neg()),
            }
        }
        (positive, negative)
    }

    /// Returns true if it has a negative term.
    #[must_use]
    pub fn has_difference(&self) -> bool {
        self.terms.values().any(|c| *c < 0)
    }

    /// Returns true if it may be less than 1 although every name is at least 1.
    #[must_use]
    pub fn may_vanish(&self) -> bool {
        self.has_quotient() || self.has_difference()
    }

    /// Returns the name if the size is a single run-time size.
    #[must_use]
    pub fn as_length(&self) -> Option<&str> {
        let (monomial, 1) = self.terms.first_key_value()? else { return None };
        let (Atom::Dynamic(name), 1) = monomial.first_key_value()? else { return None };
        (self.terms.len() == 1 && monomial.len() == 1).then_some(name)
    }

    /// Returns the products of run-time sizes in its terms, without constant factors. Sizes with
    /// equal products grow alike when inputs get longer.
    #[must_use]
    pub fn growth(&self) -> BTreeSet<Vec<(Self, u32)>> {
        let varies = |(atom, power): (&Atom, &u32)| {
            let factor = Self::from(atom.clone());
            factor.is_dynamic().then_some((factor, *power))
        };
        let growth = self.terms.keys().map(|term| term.iter().filter_map(varies).collect());
        growth.filter(|factors: &Vec<_>| !factors.is_empty()).collect()
    }

    /// Returns the size with each run-time size replaced by its value in `lengths`, or by 1 if
    /// there is none.
    #[must_use]
    pub fn at(&self, lengths: &BTreeMap<String, Self>) -> Self {
        self.substitute(&|atom| match atom {
            Atom::Dynamic(name) => Some(lengths.get(name).cloned().unwrap_or_else(Self::one)),
            Atom::External(external) => Some(Atom::External(external.as_constant()).into()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t() -> Size {
        Size::dynamic("T")
    }
    fn n(n: u64) -> Size {
        n.into()
    }

    #[test]
    fn is_written_as_a_name_and_read_from_a_variable() {
        let size = t().times(&Size::symbol("D")).minus(&n(1));
        assert_eq!(size.to_string(), "D * T - 1");
        assert_eq!(size.tokens().to_string(), "(D * len_t - 1)");
        assert!(size.is_dynamic() && !Size::symbol("T").is_dynamic());
        assert!(t().over(&n(2)).unwrap().is_dynamic());
    }

    #[test]
    fn is_never_equal_to_a_longer_one() {
        assert_eq!(t().equals(&t().plus(&n(1))), Some(false));
        assert_eq!(t().equals(&Size::dynamic("S")), None);
        assert_eq!(t().equals(&n(4)), None);
    }

    #[test]
    fn grows_with_what_it_is_a_multiple_of() {
        let d = Size::symbol("D");
        assert_eq!(t().times(&d).growth(), t().times(&n(3)).growth());
        assert_ne!(t().growth(), t().times(&t()).growth());
        assert_ne!(t().growth(), t().plus(&Size::dynamic("S")).growth());
        assert_eq!(t().plus(&d).growth(), t().growth());
        assert!(d.growth().is_empty());
    }

    #[test]
    fn has_parts() {
        let size = t().times(&n(2)).minus(&n(5));
        assert_eq!(size.parts(), (t().times(&n(2)), n(5)));
        assert!(size.may_vanish() && !t().may_vanish());
        assert_eq!(t().as_length(), Some("T"));
        for other in [size, t().times(&t()), t().times(&n(2)), Size::symbol("T"), n(0)] {
            assert_eq!(other.as_length(), None);
        }
    }

    #[test]
    fn has_a_value_at_given_lengths() {
        let lengths = BTreeMap::from([("T".to_owned(), Size::symbol("CONTEXT"))]);
        let size = t().times(&t()).plus(&n(2).times(&Size::dynamic("S")));
        assert_eq!(size.at(&lengths).to_string(), "CONTEXT * CONTEXT + 2");
        assert_eq!(t().over(&n(2)).unwrap().at(&lengths).to_string(), "CONTEXT / 2");
        let none = t().minus(&n(4)).at(&BTreeMap::new());
        assert_eq!(none.total_tokens().to_string(), "usize :: saturating_sub (0 , 3)");
    }

    #[test]
    fn saturates_where_it_varies() {
        let tokens = |size: Size| size.saturating_tokens().to_string().replace(' ', "");
        let d = Size::symbol("D");
        assert_eq!(tokens(t()), "len_t");
        assert_eq!(tokens(n(4).times(&d)), "(4*D)");
        assert_eq!(
            tokens(t().times(&t()).times(&n(4)).times(&d)),
            "len_t.saturating_mul(len_t).saturating_mul(4*D)"
        );
        assert_eq!(tokens(t().times(&d).plus(&n(3))), "len_t.saturating_mul(D).saturating_add(3)");
        assert_eq!(tokens(t().minus(&n(3))), "len_t.saturating_sub(3)");
        assert_eq!(tokens(n(8).minus(&t())), "usize::saturating_sub(8,len_t)");
        let half = t().times(&t()).over(&n(2)).unwrap();
        assert_eq!(tokens(half), "(len_t.saturating_mul(len_t)/2)");
    }
}
