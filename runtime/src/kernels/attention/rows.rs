//! Rows of a block of queries.

use super::description::Attention;
use super::operands::Heads;
use crate::scalar::Scalar;

/// A block of queries of one head.
#[derive(Clone, Copy)]
pub(super) struct Queries {
    pub sample: usize,
    pub head: usize,
    /// The first query.
    pub first: usize,
    /// Number of queries.
    pub count: usize,
}

impl Queries {
    /// Returns the blocks of a head's queries, which are nearly equal in size.
    #[inline(always)]
    pub fn of(
        attention: &Attention,
        sample: usize,
        head: usize,
    ) -> impl Iterator<Item = Self> + use<> {
        let (all, most) = (attention.queries, attention.block_of_queries());
        let block = move |first| Self { sample, head, first, count: most.min(all - first) };
        (0..all).step_by(most).map(block)
    }

    /// Returns the index of the first query among those of all heads and samples.
    #[inline(always)]
    pub fn index(&self, attention: &Attention) -> usize {
        (self.sample * attention.heads + self.head) * attention.queries + self.first
    }

    /// Returns the range of keys that at least one of the queries sees.
    #[inline(always)]
    pub fn seen(&self, attention: &Attention) -> (usize, usize) {
        attention.seen(self.first, self.first + self.count - 1)
    }

    /// Copies the rows of the block, times `scale`, to rows of `len` scalars.
    #[inline(always)]
    pub fn copy<T: Scalar>(&self, heads: &Heads<'_, T>, scale: T, len: usize, to: &mut [T]) {
        if len == 0 {
            return;
        }
        for (row, to) in to.chunks_exact_mut(len).take(self.count).enumerate() {
            let from = &heads.from(self.sample, self.first + row, self.head)[..len];
            for (to, &from) in to.iter_mut().zip(from) {
                *to = from * scale;
            }
        }
    }
}
