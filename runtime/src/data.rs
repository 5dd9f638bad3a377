//! Data for training: read from files, split, encoded, and handed out in batches.

pub mod array;
mod error;

pub use error::{DataError, DataProblem};
