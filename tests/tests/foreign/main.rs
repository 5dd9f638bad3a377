//! Layers from elsewhere: networks of other modules and crates, and layers by hand.

mod by_hand;
mod elsewhere;
mod loops;
mod several;
mod written_out;
