//! The scores of a block of queries and a block of keys.

use super::description::{Attention, Dropout, KEYS};
use super::operands::Operands;
use super::rows::Queries;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// Number of scores to which a row is filled up with -inf: a whole number of vectors, so that no loop over
/// it has a remainder.
const WHOLE: usize = 16;

/// A block of keys for a block of queries. A row of its scores begins every [`KEYS`] scalars.
#[derive(Clone, Copy)]
pub(super) struct Block {
    pub queries: Queries,
    /// The first key.
    pub key: usize,
    /// Number of keys.
    pub keys: usize,
}

impl Block {
    /// Returns the blocks of keys that some of the queries see.
    #[inline(always)]
    pub fn of(attention: &Attention, queries: Queries) -> impl Iterator<Item = Self> + use<> {
        let (begin, end) = queries.seen(attention);
        let block = move |key| Self { queries, key, keys: KEYS.min(end - key) };
        (begin / KEYS * KEYS..end).step_by(KEYS).map(block)
    }

    /// Returns the number of scores of a row, with those that it is filled up with.
    #[inline(always)]
    pub fn width(&self) -> usize {
        self.keys.next_multiple_of(WHOLE).min(KEYS)
    }

    /// Adds the mask to the scores, and replaces those that do not count by -inf.
    #[inline(always)]
    pub fn hide<T: Scalar>(
        &self,
        attention: &Attention,
        operands: &Operands<'_, T>,
        scores: &mut [T],
    ) {
        let Self { queries: Queries { sample, first, count, .. }, key, keys } = *self;
        let last = first + count - 1;
        let (begin, end) = (attention.seen(last, last).0, attention.seen(first, first).1);
        let all_seen = begin <= key && key + self.width() <= end;
        if all_seen && operands.mask.is_none() && operands.padding.is_none() {
            return;
        }
        let hidden = T::from_f64(f64::NEG_INFINITY);
        for (row, scores) in scores.chunks_exact_mut(KEYS).take(count).enumerate() {
            let scores = &mut scores[..self.width()];
            let query = first + row;
            if let Some(mask) = operands.mask {
                let from = mask.row(attention, &self.queries, row) + key;
                for (score, &more) in scores.iter_mut().zip(&mask.data[from..][..keys]) {
                    *score += more;
                }
            }
            if let Some(padding) = operands.padding {
                let padding = &padding[sample * attention.keys + key..][..keys];
                for (score, &padding) in scores.iter_mut().zip(padding) {
                    *score = if padding == T::ZERO { *score } else { hidden };
                }
            }
            let (begin, end) = attention.seen(query, query);
            let end = end.saturating_sub(key).min(keys);
            scores[..begin.saturating_sub(key).min(keys)].fill(hidden);
            scores[end..].fill(hidden);
        }
    }

    /// Applies the dropout to a row of numbers of the block's keys.
    #[inline(always)]
    pub fn drop<T: Scalar, S: Simd<T>>(
        &self,
        simd: S,
        attention: &Attention,
        row: usize,
        numbers: &mut [T],
    ) {
        if let Some(Dropout { key, first, p }) = attention.dropout {
            let query = (self.queries.index(attention) + row) as u64;
            let index = first + query * attention.keys as u64 + self.key as u64;
            simd.dropout(key, index, p, &mut numbers[..self.keys]);
        }
    }
}
