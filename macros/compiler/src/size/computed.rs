//! Sizes that are not polynomials: what functions make of other sizes.

use super::{Atom, Size};
use crate::reserved::private_path;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::fmt;

/// The maximum number of iterations that are gone through while the macro runs.
const MOST_ITERATIONS: i128 = 256;

/// The result of a function of sizes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Computed {
    /// The function.
    pub function: SizeFunction,
    /// The sizes that it takes.
    pub arguments: Vec<Size>,
}

/// A function of sizes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SizeFunction {
    /// A `const` function of the runtime, by its path, that takes an array of sizes.
    Runtime(String),
    /// The first to the power of the second.
    Power,
    /// The item of a list, all arguments but the last, at an index, the last.
    Item,
    /// The maximum of the first over all iterations of a loop, the second is their number. The name
    /// is that of the iteration number in the first.
    Most(String),
    /// The sum of the first over all iterations of a loop, likewise.
    Sum(String),
}

impl Size {
    /// Returns what the `const` function of the runtime at this path makes of `arguments`.
    #[must_use]
    pub fn computed(function: String, arguments: Vec<Self>) -> Self {
        Computed { function: SizeFunction::Runtime(function), arguments }.folded()
    }

    /// Returns `self` to a power.
    #[must_use]
    pub fn power(&self, exponent: &Self) -> Self {
        let arguments = vec![self.clone(), exponent.clone()];
        Computed { function: SizeFunction::Power, arguments }.folded()
    }

    /// Returns the item of a list at an index, the last one if the index is beyond it.
    #[must_use]
    pub fn item(mut list: Vec<Self>, index: Self) -> Self {
        list.push(index);
        Computed { function: SizeFunction::Item, arguments: list }.folded()
    }

    /// Returns the maximum over all iterations of a loop of `count` iterations, whose number `self`
    /// calls `index`.
    #[must_use]
    pub fn most(&self, index: &str, count: &Self) -> Self {
        self.over_iterations(index, count, SizeFunction::Most)
    }

    /// Returns the sum over all iterations of a loop of `count` iterations, whose number `self`
    /// calls `index`.
    #[must_use]
    pub fn sum(&self, index: &str, count: &Self) -> Self {
        match self.mentions(index) {
            true => self.over_iterations(index, count, SizeFunction::Sum),
            false => count.times(self),
        }
    }

    fn over_iterations(
        &self,
        index: &str,
        count: &Self,
        function: fn(String) -> SizeFunction,
    ) -> Self {
        if !self.mentions(index) {
            return self.clone();
        }
        // the number is bound here: a name of its own keeps it apart from that of the loop
        let each = format!("each_{index}");
        let arguments = vec![self.with(index, &Self::symbol(&*each)), count.clone()];
        Computed { function: function(each), arguments }.folded()
    }

    /// Returns true if an item of a list is in it that depends on `name`: it need not be monotonic.
    #[must_use]
    pub fn chooses_by(&self, name: &str) -> bool {
        self.atoms().any(|atom| match atom {
            Atom::Computed(Computed { function: SizeFunction::Item, arguments }) => {
                arguments.last().is_some_and(|index| index.mentions(name))
            }
            Atom::Computed(of) => of.arguments.iter().any(|size| size.chooses_by(name)),
            Atom::Quotient(a, b) | Atom::Least(a, b) => a.chooses_by(name) || b.chooses_by(name),
            _ => false,
        })
    }
}

impl Computed {
    /// Returns true for an item of a list, which may be 0.
    pub(super) fn is_item(&self) -> bool {
        self.function == SizeFunction::Item
    }

    /// Returns the result if the arguments tell it, else this as an atom.
    pub(super) fn folded(self) -> Size {
        let known = match (&self.function, &self.arguments[..]) {
            (SizeFunction::Power, [base, exponent]) => power(base, exponent),
            (SizeFunction::Item, [items @ .., index]) => index.constant().and_then(|index| {
                let index = usize::try_from(index).ok()?.min(items.len().checked_sub(1)?);
                Some(items[index].clone())
            }),
            (SizeFunction::Most(name), [of, count]) => {
                let all = iterations(of, name, count);
                all.and_then(|all| Some(constant(all.into_iter().max()?)))
            }
            (SizeFunction::Sum(name), [of, count]) => {
                iterations(of, name, count).map(|all| constant(all.into_iter().sum()))
            }
            _ => None,
        };
        known.unwrap_or_else(|| Atom::Computed(self).into())
    }

    /// Returns the call, given the arguments as expressions.
    pub(super) fn tokens(&self, arguments: &[TokenStream]) -> TokenStream {
        let runtime = private_path();
        let name = |name: &str| Ident::new(name, Span::call_site());
        match (&self.function, arguments) {
            (SizeFunction::Most(index), [of, count]) => {
                let index = name(index);
                quote! {
                    ::core::convert::identity({
                        let (mut most, mut #index) = (0, 0);
                        while #index < #count {
                            let size = #of;
                            if size > most {
                                most = size;
                            }
                            #index += 1;
                        }
                        most
                    })
                }
            }
            (SizeFunction::Sum(index), [of, count]) => {
                let index = name(index);
                quote! {
                    ::core::convert::identity({
                        let (mut sum, mut #index) = (0, 0);
                        while #index < #count {
                            sum += #of;
                            #index += 1;
                        }
                        sum
                    })
                }
            }
            (SizeFunction::Power, _) => quote!(#runtime::sizes::power([#(#arguments),*])),
            (SizeFunction::Item, [items @ .., index]) => {
                quote!(#runtime::sizes::item([#(#items),*], #index))
            }
            (SizeFunction::Runtime(path), _) => {
                let function: TokenStream = path.parse().unwrap_or_default();
                quote!(#function([#(#arguments),*]))
            }
            _ => TokenStream::new(),
        }
    }
}

impl fmt::Display for Computed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.function, &self.arguments[..]) {
            (SizeFunction::Power, [base, exponent]) => write!(f, "pow({base}, {exponent})"),
            (SizeFunction::Item, [items @ .., index]) => write!(f, "{items:?}[{index}]"),
            (SizeFunction::Most(_), _) => f.write_str("most(..)"),
            (SizeFunction::Sum(_), _) => f.write_str("sum(..)"),
            (SizeFunction::Runtime(path), _) => {
                write!(f, "{}(..)", path.rsplit("::").next().unwrap_or_default())
            }
            _ => Ok(()),
        }
    }
}

fn constant(n: i128) -> Size {
    Size::from(u64::try_from(n).unwrap_or_default())
}

/// Returns a power that is known, or a product of a few factors.
fn power(base: &Size, exponent: &Size) -> Option<Size> {
    match (base.constant(), exponent.constant()) {
        (Some(base), Some(exponent)) => {
            let exponent = u32::try_from(exponent).unwrap_or(u32::MAX);
            let most = i128::from(u64::MAX);
            Some(constant(base.checked_pow(exponent).map_or(most, |power| power.min(most))))
        }
        (Some(1), None) => Some(Size::one()),
        (_, Some(exponent @ 0..=4)) => {
            Some((0..exponent).fold(Size::one(), |power, _| power.times(base)))
        }
        _ => None,
    }
}

/// Returns the size in all iterations, if it is known and there are few of them.
fn iterations(of: &Size, name: &str, count: &Size) -> Option<Vec<i128>> {
    let count = count.constant().filter(|count| *count <= MOST_ITERATIONS)?;
    let at = |number: i128| of.with(name, &constant(number)).constant();
    (0..count).map(at).collect()
}
