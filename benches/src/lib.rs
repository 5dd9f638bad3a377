//! What the benchmarks share: rows by name, the protocol of a measurement, random data, results
//! as JSON lines, and the machine's peak.

pub mod data;
pub mod peak;
pub mod protocol;
pub mod results;
pub mod rows;
