//! Looks inside a network: statistics of its layers ([`Inspection`]), and the operation that made a loss NaN or
//! infinite ([`Anomaly`]).
//!
//! A network that is declared with `#[inspect]` has [`Network::inspect`](crate::Network::inspect),
//! [`Network::inspect_training`](crate::Network::inspect_training), and anomalies that name the operation that made
//! them.

mod anomaly;
#[cfg(feature = "plot")]
mod chart;
mod inspection;
mod search;
mod statistics;

pub(crate) use anomaly::symptom;
pub use anomaly::{Anomaly, Origin, Symptom};
pub(crate) use inspection::Collector;
pub use inspection::{Inspected, Inspection};
pub(crate) use search::{Operands, Search};

use crate::error::Result;
use crate::source::Extent;
use crate::summary::Row;

/// The operation that made a value NaN or infinite, if it is known.
#[doc(hidden)]
pub type Located = Result<Option<Origin>>;

/// The part of a traced value in a pass.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The result of an operation.
    Result,
    /// The term that the derivative of an operation adds to the gradient of an operand.
    Contribution,
    /// The whole gradient of the result of an operation.
    Gradient,
    /// The slope of an activation.
    Slope,
}

/// A value that a traced value is computed from.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceSource {
    /// A traced value, by its number.
    Traced(usize),
    /// An input.
    Input(usize),
    /// A target.
    Target(usize),
}

/// A value that a pass shows.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Traced {
    /// Its part in the pass.
    pub role: Role,
    /// The operation as the language has it.
    pub operation: &'static str,
    /// The name of the result of the operation, empty if it has none.
    pub name: &'static str,
    /// The line of the source.
    pub line: usize,
    /// The row of the layer that the operation belongs to.
    pub layer: Option<usize>,
    /// The shape, unless it differs between iterations.
    pub shape: Option<&'static [Extent]>,
    /// `true` if each sample has a value of its own.
    pub batched: bool,
    /// The place of the value in the order in which values are computed.
    pub order: usize,
    /// The loops around it from the outermost: the place of each in that order, and `true` if its last
    /// iteration comes first.
    pub loops: &'static [(usize, bool)],
    /// The operands that it is computed from; for a contribution, the operand whose gradient it is.
    pub sources: &'static [TraceSource],
}

/// A layer or named value that is shown.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The row of the summary, if it is a layer.
    pub row: Option<usize>,
    /// The name of the value, empty if it has none.
    pub name: &'static str,
    /// The number of its traced output.
    pub output: usize,
    /// The number of the traced slope.
    pub slope: Option<usize>,
    /// The number of the traced gradient.
    pub gradient: Option<usize>,
}

impl Traced {
    /// Returns the place of a value in the order in which the values of all iterations are computed.
    fn key(&self, iterations: &[usize]) -> Vec<isize> {
        let mut key = Vec::with_capacity(2 * self.loops.len() + 1);
        for ((start, reversed), iteration) in self.loops.iter().zip(iterations) {
            let iteration = iteration.cast_signed();
            key.extend([start.cast_signed(), if *reversed { -iteration } else { iteration }]);
        }
        key.push(self.order.cast_signed());
        key
    }
}

/// Returns the text of a row's layer.
fn label(row: &Row) -> String {
    row.layer.iter().map(ToString::to_string).collect()
}

/// Returns a name with the numbers of iterations in place of each `{i}`.
fn numbered(name: &str, iterations: &[usize]) -> String {
    iterations.iter().fold(name.to_owned(), |name, i| name.replacen("{i}", &i.to_string(), 1))
}
