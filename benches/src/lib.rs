//! Code shared by the benchmarks: rows by name, the timing protocol, random data, results as JSON lines,
//! and the machine's peak performance.

pub mod data;
pub mod memory;
pub mod peak;
pub mod protocol;
pub mod results;
pub mod rows;
