//! The operations and memory that one sample needs.

use super::Network;
use super::slot::scalars;
use crate::error::{Error, Result};
use crate::source::Lengths;

/// The operations and memory of one sample with given run-time sizes.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     #[streaming]
///     Sum(x: [dyn T]) -> [T] {
///         let mut sum = 0.0;
///         for x_t in x {
///             sum = sum + x_t;
///             sum
///         }
///     }
/// }
///
/// let (short, long) = (Sum::cost(&[10])?, Sum::cost(&[100])?);
/// assert!(short.flops < long.flops);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cost {
    /// Number of floating point operations of the forward pass.
    pub flops: usize,
    /// Number of scalars of scratch memory in the forward pass, without inputs and outputs.
    pub workspace: usize,
    /// Number of scalars of scratch memory in a training step, without inputs and targets; 0 without a loss.
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
        // counts saturate, so one that is too large is near `usize::MAX`
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
