//! The errors that users see, and programs that must compile without a warning.

mod compiles;
mod editor;
pub mod programs;
mod scopes;
mod ui;
