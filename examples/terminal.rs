//! What examples print.

mod confusion;
mod pictures;
mod progress;

pub use confusion::Confusion;
pub use pictures::{Picture, Pictures};
pub use progress::Progress;

use crate::Outcome;
use std::process::ExitCode;

/// How a program ends: what went wrong is said on standard error.
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
