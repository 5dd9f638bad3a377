//! Sizes that are known only when a network runs: how a network declares them and what it asks of
//! them.

use std::fmt;

/// The most run-time sizes that a network can have.
pub const MAX_LENGTHS: usize = 8;

/// A size that is known only when the network runs: `dyn T <= 256`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// `T`.
    pub name: &'static str,
    /// The most that it can be.
    pub bound: Option<usize>,
    /// Whether only the targets of the loss have it.
    pub of_targets: bool,
}

/// A size of a shape, as it depends on run-time sizes.
#[derive(Clone, Copy)]
pub enum Extent {
    /// It does not.
    Fixed(usize),
    /// It is one: its name, and its number among the network's.
    Length(&'static str, usize),
    /// It is calculated from some.
    Computed {
        /// As it is written: `2 * T`.
        text: &'static str,
        /// The numbers of those.
        of: &'static [usize],
        /// Its value, from all run-time sizes of the network.
        at: fn(&[usize]) -> usize,
    },
}

impl Extent {
    /// Its value for given run-time sizes.
    #[must_use]
    pub fn at(&self, lengths: &[usize]) -> usize {
        match self {
            Self::Fixed(size) => *size,
            Self::Length(_, index) => lengths[*index],
            Self::Computed { at, .. } => at(lengths),
        }
    }

    /// The numbers of the run-time sizes that it depends on.
    pub(crate) fn of(&self) -> &[usize] {
        match self {
            Self::Fixed(_) => &[],
            Self::Length(_, index) => std::slice::from_ref(index),
            Self::Computed { of, .. } => of,
        }
    }
}

/// As it is written.
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

/// Equal where they are written alike.
impl PartialEq for Extent {
    fn eq(&self, other: &Self) -> bool {
        self.of() == other.of() && self.to_string() == other.to_string()
    }
}
impl Eq for Extent {}

/// What a network asks of its run-time sizes.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// What is wrong where it does not hold.
    pub message: &'static str,
    /// Whether it holds, for all run-time sizes of the network.
    pub holds: fn(&[usize]) -> bool,
}

/// A shape as it is written: `[T, 80]`; `shape` where nothing depends on run-time sizes.
pub(crate) fn shape_text(shape: &[usize], extents: &[Extent]) -> String {
    match extents {
        [] => format!("{shape:?}"),
        _ => format!("{extents:?}"),
    }
}
