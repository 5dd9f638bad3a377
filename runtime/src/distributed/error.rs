//! The reason why ranks cannot go on together.

/// The reason why ranks cannot go on together.
///
/// ```
/// use monograd::distributed::{Collective, CollectiveError, SliceMut, Threads};
///
/// let missing = Threads::run(2, |ranks| ranks.broadcast(SliceMut::F32(&mut [0.0]), 5));
/// assert_eq!(missing, Err(CollectiveError::NoSuchRank { rank: 5, size: 2 }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CollectiveError {
    /// Another rank's call returned an error, or its data was wrong.
    #[error("rank {rank} failed: see its own error")]
    Failed {
        /// The number of the rank.
        rank: usize,
    },
    /// Another rank has ended and will not take part any more.
    #[error("rank {rank} has ended, but this rank still waits for it")]
    Ended {
        /// The number of the rank.
        rank: usize,
    },
    /// The ranks do not call the same methods with slices of the same lengths.
    #[error("rank {rank} takes part with {actual}, but rank {other} with {expected}")]
    Mismatch {
        /// The number of one rank.
        rank: usize,
        /// Its call, in words.
        actual: String,
        /// The number of another rank.
        other: usize,
        /// The other's call, in words.
        expected: String,
    },
    /// The ranks train different networks.
    #[error(
        "rank {rank} has another network than rank 0: the same declaration and sizes are needed"
    )]
    OtherNetwork {
        /// The number of the first rank whose network differs.
        rank: usize,
    },
    /// The number of a rank that the group does not have.
    #[error("there is no rank {rank}: there are {size}, from 0")]
    NoSuchRank {
        /// The number given.
        rank: usize,
        /// The number of ranks.
        size: usize,
    },
    /// A message of the engine.
    #[error("{message}")]
    Engine {
        /// The description of the failure, in the engine's words.
        message: String,
    },
}
