//! Networks composed of other networks, bare parameters and custom losses.

mod losses;
mod nested;
mod parameters;
mod parity;
