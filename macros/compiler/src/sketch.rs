//! The layers and operations of a network in the order in which the checker meets them, from which
//! [`Net::graph()`] draws it: nothing of what a description of the library consists of, and the names and
//! loops of the source.
//!
//! [`Net::graph()`]: https://docs.rs/monograd

mod text;

pub use text::{Drawing, drawing};

use crate::ir::Value;
use crate::size::Size;
use std::ops::Range;

/// Something that is drawn.
#[derive(Clone, Debug)]
pub enum Mark {
    /// A layer, an activation or a parameter: a row of the summary.
    Row {
        /// The index of the row.
        row: usize,
        /// The values that it reads.
        reads: Vec<Value>,
        /// The values that it gives.
        values: Vec<Value>,
        /// The parameters that it declares.
        parameters: Range<usize>,
    },
    /// An operation between layers.
    Operation {
        /// An operator or function, with the arguments that are no values: `mean(axis = 1)`.
        text: String,
        /// `true` for functions of every element, which leave shapes as they are.
        is_elementwise: bool,
        /// The values that it reads.
        reads: Vec<Value>,
        /// The values that it gives.
        values: Vec<Value>,
    },
    /// A loop-carried value at the beginning of an iteration.
    Carried {
        /// The name of the binding.
        name: String,
        /// The value.
        value: Value,
    },
    /// An element of a value that a loop goes along.
    Element {
        /// The name of the binding.
        name: String,
        /// The element.
        value: Value,
        /// The whole.
        of: Value,
    },
    /// A frame around what follows, up to [`Mark::Leave`].
    Enter(Frame),
    /// The end of the innermost frame.
    Leave,
}

/// The construct that a frame encloses.
#[derive(Clone, Debug)]
pub enum Frame {
    /// A network within another, by its row of the summary.
    Network(usize),
    /// An iteration of a loop.
    Loop {
        /// The loop's first line: `for x_t in x`.
        head: String,
        /// The number of iterations.
        count: Size,
    },
    /// The loss.
    Loss,
}
