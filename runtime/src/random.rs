//! Seeded randomness: the same seed gives the same bits on every machine, however many threads.

mod generator;
mod philox;

pub use generator::Generator;
pub use philox::Philox;
