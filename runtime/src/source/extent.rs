//! Run-time sizes: their declarations, the sizes computed from them, and the conditions on them.

use std::fmt;

/// Largest number of run-time sizes of a network.
pub const MAX_LENGTHS: usize = 8;

/// A run-time size, known only when the network runs: `dyn T <= 256`.
///
/// ```
/// use monograd::prelude::*;
///
/// network! { Sum(x: [dyn T <= 256, 2]) -> [2] { sum(x, axis = 0) } }
///
/// let length = Sum::summary().lengths[0];
/// assert_eq!((length.name, length.bound, length.of_targets), ("T", Some(256), false));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// The name: `T`.
    pub name: &'static str,
    /// The largest allowed size.
    pub bound: Option<usize>,
    /// `true` if only targets of the loss have this size.
    pub of_targets: bool,
}

/// The size of an axis, which may depend on run-time sizes.
///
/// ```
/// use monograd::{Extent, Port};
///
/// const TWICE: Extent = Extent::Computed { text: "2 * T", of: &[0], at: |lengths| 2 * lengths[0] };
/// let port = Port::new("x", &[2, 3]).with_extents(&[TWICE, Extent::Fixed(3)]);
/// assert_eq!(port.shape_at(&[5]), [10, 3]); // with T = 5
/// assert_eq!(format!("{:?}", port.extents), "[2 * T, 3]");
/// ```
#[derive(Clone, Copy)]
pub enum Extent {
    /// A constant.
    Fixed(usize),
    /// A run-time size: its name, and its index among the network's.
    Length(&'static str, usize),
    /// A size computed from run-time sizes.
    Computed {
        /// The expression as written: `2 * T`.
        text: &'static str,
        /// The indices of the run-time sizes in it.
        of: &'static [usize],
        /// A function from all run-time sizes of the network to the value.
        at: fn(&[usize]) -> usize,
    },
}

impl Extent {
    /// Returns the value for given run-time sizes.
    #[must_use]
    pub fn at(&self, lengths: &[usize]) -> usize {
        match self {
            Self::Fixed(size) => *size,
            Self::Length(_, index) => lengths[*index],
            Self::Computed { at, .. } => at(lengths),
        }
    }

    /// Returns the indices of the run-time sizes that it depends on.
    pub(crate) fn of(&self) -> &[usize] {
        match self {
            Self::Fixed(_) => &[],
            Self::Length(_, index) => std::slice::from_ref(index),
            Self::Computed { of, .. } => of,
        }
    }
}

/// Prints the size as written.
impl fmt::Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(size) => size.fmt(f),
            Self::Length(text, _) | Self::Computed { text, .. } => f.write_str(text),
        }
    }
}

impl fmt::Debug for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Two sizes are equal if they are written alike.
impl PartialEq for Extent {
    fn eq(&self, other: &Self) -> bool {
        self.of() == other.of() && self.to_string() == other.to_string()
    }
}
impl Eq for Extent {}

/// A condition on the run-time sizes of a network.
///
/// ```
/// use monograd::source::Requirement;
///
/// let even = Requirement { message: "`T` has to be even", holds: |lengths| lengths[0] % 2 == 0 };
/// assert!((even.holds)(&[4]) && !(even.holds)(&[5]));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// The error message if it does not hold.
    pub message: &'static str,
    /// Returns true if it holds, given all run-time sizes of the network.
    pub holds: fn(&[usize]) -> bool,
}

/// Returns a shape as written: `[T, 80]`. Falls back to `shape` if there are no extents.
pub(crate) fn shape_text(shape: &[usize], extents: &[Extent]) -> String {
    match extents {
        [] => format!("{shape:?}"),
        _ => format!("{extents:?}"),
    }
}
