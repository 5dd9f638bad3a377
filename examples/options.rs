//! The command line options that examples share.

use clap::{Args, value_parser};

/// How long to learn, `EPOCHS` unless told otherwise, and from which beginning.
#[derive(Args, Clone, Copy, Debug)]
pub struct Learning<const EPOCHS: u64> {
    /// How often to go through the 1,438 digits
    #[arg(long, default_value_t = EPOCHS, value_parser = value_parser!(u64).range(1..))]
    pub epochs: u64,
    /// Decides initial weights and whatever else is random
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
}
