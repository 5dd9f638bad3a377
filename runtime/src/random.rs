//! Seeded randomness: the same seed gives the same bits on every machine, however many threads.

mod generator;
mod mask;
mod philox;

pub use generator::Generator;
pub use mask::fill_mask;
pub use philox::Philox;
