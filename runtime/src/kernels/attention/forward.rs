//! The forward pass.

use super::description::{Attention, KEYS, QUERIES};
use super::keys::{KeysAndValues, Place};
use super::operands::{HeadsMut, Operands};
use super::rows::Queries;
use super::scores::Block;
use crate::kernels::Store;
use crate::kernels::dense::{Product, Strided};
use crate::kernels::lanes::{max, sum_all};
use crate::kernels::softmax::{inverse, shift_of};
use crate::math::ExpOrZero;
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// The memory for a block of queries.
struct Room<'a, T> {
    /// The queries times the scale.
    q: &'a mut [T],
    /// The scores, then the weights.
    scores: &'a mut [T],
    /// The sums of the values.
    sums: &'a mut [T],
}

/// See [`forward`](super::forward()).
#[inline(always)]
pub(in crate::kernels) fn forward<T: Scalar, S: Simd<T>>(
    simd: S,
    attention: &Attention,
    operands: &Operands<'_, T>,
    mut y: HeadsMut<'_, T>,
    logs: &mut [T],
    scratch: &mut [T],
) {
    attention.check();
    let Attention { samples, groups, keys, dim, value_dim, .. } = *attention;
    let (rows, whole) = (attention.queries.min(QUERIES), keys.next_multiple_of(KEYS));
    let (transposed, scratch) = scratch.split_at_mut(whole * dim);
    let (values, scratch) = scratch.split_at_mut(whole * value_dim);
    let (q, scratch) = scratch.split_at_mut(rows * dim);
    let (scores, scratch) = scratch.split_at_mut(rows * KEYS);
    let mut room = Room { q, scores, sums: &mut scratch[..rows * value_dim] };
    for sample in 0..samples {
        for group in 0..groups {
            let (place, copies) = (Place { sample, group }, [&mut *transposed, &mut *values]);
            let keys = KeysAndValues::new(simd, attention, operands, place, copies);
            let heads = attention.heads_per_group();
            for head in group * heads..(group + 1) * heads {
                for queries in Queries::of(attention, sample, head) {
                    block(simd, attention, operands, &keys, queries, &mut y, logs, &mut room);
                }
            }
        }
    }
}

/// Computes the results of a block of queries.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "a block, and buffers in and out")]
fn block<T: Scalar, S: Simd<T>>(
    simd: S,
    attention: &Attention,
    operands: &Operands<'_, T>,
    keys: &KeysAndValues<'_, T>,
    queries: Queries,
    y: &mut HeadsMut<'_, T>,
    logs: &mut [T],
    room: &mut Room<'_, T>,
) {
    let Attention { dim, value_dim, .. } = *attention;
    let Room { q, scores, sums } = room;
    let rows = queries.count;
    queries.copy(&operands.q, T::from_f64(attention.scale()), dim, q);
    let mut largest = [T::from_f64(f64::NEG_INFINITY); QUERIES];
    let mut totals = [T::ZERO; QUERIES];
    let mut store = Store::Set;
    for block in Block::of(attention, queries) {
        let q = Strided { data: q, strides: [dim, 1] };
        let k = keys.keys(block.key);
        simd.product(Product::strided([rows, dim, block.keys], q, k, scores, KEYS, Store::Set));
        block.hide(attention, operands, scores);
        for (row, scores) in scores.chunks_exact_mut(KEYS).take(rows).enumerate() {
            let scores = &mut scores[..block.width()];
            let before = largest[row];
            let now = max(simd, scores);
            let now = if now > before { now } else { before };
            let shift = shift_of(now);
            for score in &mut *scores {
                *score = simd.lane(*score - shift).apply(ExpOrZero).value;
            }
            let total = sum_all(simd, scores);
            if store == Store::Add && now > before {
                let factor = simd.lane(before - shift).exp().value;
                totals[row] *= factor;
                sums[row * value_dim..][..value_dim].iter_mut().for_each(|sum| *sum *= factor);
            }
            totals[row] += total;
            largest[row] = now;
            block.drop(simd, attention, row, scores);
        }
        let weights = Strided { data: scores, strides: [KEYS, 1] };
        let values = keys.values(block.key);
        let sizes = [rows, block.keys, value_dim];
        simd.product(Product::strided(sizes, weights, values, sums, value_dim, store));
        store = Store::Add;
    }
    for row in 0..rows {
        let y = y.head(queries.sample, queries.first + row, queries.head, value_dim);
        if store == Store::Set {
            y.fill(T::ZERO);
            continue;
        }
        let factor = inverse(totals[row]);
        for (y, &sum) in y.iter_mut().zip(&sums[row * value_dim..]) {
            *y = sum * factor;
        }
    }
    for (total, largest) in totals.iter_mut().zip(largest) {
        let log = simd.lane(*total).ln().value + shift_of(largest);
        *total = if *total == T::ZERO { T::ZERO } else { log };
    }
    logs[queries.index(attention)..][..rows].copy_from_slice(&totals[..rows]);
}
