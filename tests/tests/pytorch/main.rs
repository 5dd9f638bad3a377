//! Values, gradients and steps against PyTorch's, and its files.

mod examples;
mod files;
mod gpt;
mod layers;
mod networks;
mod operations;
mod optimizers;
mod recurrent;
