//! Seeded random numbers: the same seed gives the same bits on every machine and for every number of
//! threads.

mod generator;
mod philox;

pub use generator::Generator;
pub use philox::Philox;
