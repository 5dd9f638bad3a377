//! What a sample costs.

use super::Network;
use super::tile::scalars;
use crate::error::Result;
use crate::source::Lengths;

/// What one sample of given run-time sizes takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cost {
    /// Floating point operations of the forward pass.
    pub flops: usize,
    /// Scalars of memory in the forward pass, beside inputs and outputs.
    pub workspace: usize,
    /// Scalars of memory in a training step, beside inputs and targets; 0 without a loss.
    pub train_workspace: usize,
}

impl Cost {
    pub(super) fn new<N: Network>(lengths: &[usize]) -> Result<Self> {
        let requirements = [N::REQUIREMENTS, N::TARGET_REQUIREMENTS];
        let lengths = Lengths::given("cost", lengths, true, N::LENGTHS, requirements)?;
        Ok(Self {
            flops: N::flops(&lengths),
            workspace: scalars(N::slots(&lengths)),
            train_workspace: N::training_scalars(&lengths),
        })
    }
}
