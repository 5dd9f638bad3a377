//! Gradients against finite differences in `f64`, at kinks and extremes too; sums of any length.

mod finite_differences;
mod kinks;
mod losses;
mod sums;
