//! Results, printed as one JSON line each.

use serde::{Deserialize, Serialize};

/// The measurement of a workload.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measurement {
    /// The name and version of the library that did the work.
    pub peer: String,
    /// The name of the row.
    pub workload: String,
    /// Number of threads that the library could use.
    pub threads: usize,
    /// The median time or rate, in `unit`.
    pub median: f64,
    /// The best repeat, in `unit`.
    pub min: f64,
    /// The unit: `ns`, `us`, or a rate.
    pub unit: String,
    /// A remark for the reader.
    #[serde(default)]
    pub note: String,
}

impl Measurement {
    /// Prints the measurement as a JSON line.
    pub fn print(&self) {
        println!("{}", serde_json::to_string(self).expect("numbers and strings"));
    }
}

/// Rounds to four significant digits.
#[must_use]
pub fn rounded(x: f64) -> f64 {
    format!("{x:.3e}").parse().expect("a number as printed")
}
