//! Parameters in safetensors files, named and shaped as in a PyTorch state dict.

mod dtype;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub use read::{load, read};
pub use write::save;
