//! What examples print.

mod confusion;
mod pictures;
mod progress;

pub use confusion::Confusion;
pub use pictures::{Picture, Pictures};
pub use progress::Progress;
