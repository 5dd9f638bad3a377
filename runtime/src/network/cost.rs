//! What a sample costs.

use super::Network;
use super::tile::scalars;
use crate::error::{Error, Result};
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
        let cost = Self {
            flops: N::flops(&lengths),
            workspace: scalars(N::slots(&lengths)),
            train_workspace: N::training_scalars(&lengths),
        };
        // where a number is too large to count, it is about `usize::MAX`
        let Self { flops, workspace, train_workspace } = cost;
        match flops.max(workspace).max(train_workspace) > isize::MAX as usize {
            true => {
                let what = format!("a sample with {}", lengths.text(N::LENGTHS));
                Err(Error::TooLarge { what, scalars: usize::MAX })
            }
            false => Ok(cost),
        }
    }
}
