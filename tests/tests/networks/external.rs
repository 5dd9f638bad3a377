//! External layers: networks of other modules and crates, and hand-written layers.

mod by_hand;
mod elsewhere;
mod loops;
mod several;
mod written_out;
