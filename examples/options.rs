//! The command line options that examples share.

use clap::{Args, value_parser};

/// The length of the training, `EPOCHS` by default, and its seed.
#[derive(Args, Clone, Copy, Debug)]
pub struct Learning<const EPOCHS: u64> {
    /// Number of passes over the 1,438 digits
    #[arg(long, default_value_t = EPOCHS, value_parser = value_parser!(u64).range(1..))]
    pub epochs: u64,
    /// Seed of the initial weights and of all other random choices
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
}
