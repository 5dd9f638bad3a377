//! Networks with run-time sizes.

mod values;
