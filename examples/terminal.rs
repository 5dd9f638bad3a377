//! Terminal output of the examples.

mod pictures;
mod progress;

pub use pictures::{Picture, Pictures};
pub use progress::Progress;

use crate::Outcome;
use std::process::ExitCode;

/// Returns the exit code of a program, and prints an error to standard error.
#[must_use]
pub fn finish(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
