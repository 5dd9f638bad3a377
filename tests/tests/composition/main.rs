//! What networks are composed of: other networks, bare parameters, losses of one's own.

mod losses;
mod nested;
mod parameters;
mod parity;
