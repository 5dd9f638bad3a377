//! Results: one JSON line each.

use serde::{Deserialize, Serialize};

/// What was measured of a workload.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measurement {
    /// Who did the work, with the version.
    pub peer: String,
    /// The row.
    pub workload: String,
    /// Threads that were offered.
    pub threads: usize,
    /// The median, in `unit`.
    pub median: f64,
    /// The best repeat, in `unit`.
    pub min: f64,
    /// `ns`, `us`, or a rate.
    pub unit: String,
    /// What a reader has to know.
    #[serde(default)]
    pub note: String,
}

impl Measurement {
    /// Prints it as a JSON line.
    pub fn print(&self) {
        println!("{}", serde_json::to_string(self).expect("numbers and strings"));
    }
}

/// Four significant digits.
#[must_use]
pub fn rounded(x: f64) -> f64 {
    format!("{x:.3e}").parse().expect("a number as printed")
}
