//! The experiments of the study: why large language models avoid the sigmoid. Each is a module with the networks
//! that it compares and a function `run`, which returns tables, numbers and figures.

pub mod centring;
#[cfg(test)]
mod claims;
pub mod cost;
pub mod gates;
pub mod output;
pub mod practice;
#[cfg(test)]
mod quick;
pub mod repeat;
pub mod results;
pub mod sentences;
pub mod side_by_side;
pub mod spread;
pub mod timing;
pub mod vanishing;

pub use repeat::{Repeat, at_best_rate};
pub use results::{Results, Table};
pub use sentences::sentences;
pub use side_by_side::side_by_side;
pub use spread::Spread;

/// The amount of work of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// All of it small, in two minutes: what a test can afford.
    Quick,
    /// The numbers of the book.
    Whole,
}

impl Scale {
    /// Returns `quick` or `whole`.
    pub fn pick<T>(self, quick: T, whole: T) -> T {
        match self {
            Self::Quick => quick,
            Self::Whole => whole,
        }
    }

    /// Returns the number of repetitions.
    #[must_use]
    pub fn seeds(self) -> u64 {
        self.pick(2, 5)
    }
}
