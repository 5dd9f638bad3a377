//! The backward pass.

use super::description::{Attention, KEYS, QUERIES};
use super::keys::{Place, copied, transposed};
use super::operands::{Gradients, Heads, Operands};
use super::rows::Queries;
use super::scores::Block;
use crate::kernels::Store;
use crate::kernels::dense::{Product, Strided};
use crate::kernels::lanes::sum;
use crate::math::ExpOrZero;
use crate::number::Number;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// The memory for the keys and values of one head.
struct Keys<'a, T> {
    /// The keys, each block transposed.
    transposed: &'a mut [T],
    /// The values, each block transposed.
    values: &'a mut [T],
    /// The keys.
    keys: &'a mut [T],
    /// The gradient of the keys.
    dk: &'a mut [T],
    /// The gradient of the values.
    dv: &'a mut [T],
}

/// The memory for a block of queries.
struct Room<'a, T> {
    /// The queries times the scale.
    q: &'a mut [T],
    /// The gradient of the results.
    dy: &'a mut [T],
    /// The gradient of the queries.
    dq: &'a mut [T],
    /// The scores, then the weights.
    weights: &'a mut [T],
    /// The gradient of the weights, then of the scores.
    d_scores: &'a mut [T],
}

/// The results of the forward pass, and their gradient.
struct Results<'a, T> {
    y: Heads<'a, T>,
    logs: &'a [T],
    dy: Heads<'a, T>,
}

/// See [`backward`](super::backward()).
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "sizes and buffers are the operation")]
pub(in crate::kernels) fn backward<T: Scalar, S: Simd<T>>(
    simd: S,
    attention: &Attention,
    operands: &Operands<'_, T>,
    y: Heads<'_, T>,
    logs: &[T],
    dy: Heads<'_, T>,
    gradients: Gradients<'_, T>,
    scratch: &mut [T],
) {
    attention.check();
    let Attention { samples, groups, dim, value_dim, .. } = *attention;
    let mut gradients = gradients;
    let (mut keys, mut room) = split(attention, scratch);
    let results = Results { y, logs, dy };
    if let Some(dmask) = &mut gradients.dmask {
        dmask.fill(T::ZERO);
    }
    for sample in 0..samples {
        for group in 0..groups {
            let (place, count) = (Place { sample, group }, attention.keys);
            transposed(simd, &operands.k, place, [count, dim], keys.transposed);
            transposed(simd, &operands.v, place, [count, value_dim], keys.values);
            copied(&operands.k, place, [count, dim], keys.keys);
            keys.dk.fill(T::ZERO);
            keys.dv.fill(T::ZERO);
            let heads = attention.heads_per_group();
            for head in group * heads..(group + 1) * heads {
                for queries in Queries::of(attention, sample, head) {
                    let gradients = &mut gradients;
                    block(
                        simd, attention, operands, &results, queries, &mut keys, &mut room,
                        gradients,
                    );
                }
            }
            put(keys.dk, [attention.keys, groups, dim], place, gradients.dk);
            put(keys.dv, [attention.keys, groups, value_dim], place, gradients.dv);
        }
    }
}

/// Splits the scratch memory.
#[inline(always)]
fn split<'a, T>(attention: &Attention, scratch: &'a mut [T]) -> (Keys<'a, T>, Room<'a, T>) {
    let Attention { dim, value_dim, .. } = *attention;
    let (rows, whole) = (attention.queries.min(QUERIES), attention.keys.next_multiple_of(KEYS));
    let mut rest = scratch;
    let mut next = |len: usize| {
        let (part, others) = std::mem::take(&mut rest).split_at_mut(len);
        rest = others;
        part
    };
    let keys = Keys {
        transposed: next(whole * dim),
        values: next(whole * value_dim),
        keys: next(whole * dim),
        dk: next(whole * dim),
        dv: next(whole * value_dim),
    };
    let room = Room {
        q: next(rows * dim),
        dy: next(rows * value_dim),
        dq: next(rows * dim),
        weights: next(rows * KEYS),
        d_scores: next(rows * KEYS),
    };
    (keys, room)
}

/// Writes the gradient of one head's keys or values.
#[inline(always)]
fn put<T: Scalar>(from: &[T], [count, groups, len]: [usize; 3], place: Place, to: &mut [T]) {
    if len == 0 {
        return;
    }
    let first = place.sample * count * groups + place.group;
    for (position, from) in from.chunks_exact(len).take(count).enumerate() {
        to[(first + position * groups) * len..][..len].copy_from_slice(from);
    }
}

/// Computes the gradient of a block of queries, and adds to those of the keys and values.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "a block, and buffers in and out")]
fn block<T: Scalar, S: Simd<T>>(
    simd: S,
    attention: &Attention,
    operands: &Operands<'_, T>,
    results: &Results<'_, T>,
    queries: Queries,
    keys: &mut Keys<'_, T>,
    room: &mut Room<'_, T>,
    gradients: &mut Gradients<'_, T>,
) {
    let Attention { dim, value_dim, .. } = *attention;
    let Room { q, dy, dq, weights, d_scores } = room;
    let (rows, scale) = (queries.count, T::from_f64(attention.scale()));
    queries.copy(&operands.q, scale, dim, q);
    queries.copy(&results.dy, T::ONE, value_dim, dy);
    // the gradient of the weights' common factor: the sum over the keys of weight times gradient
    let mut means = [T::ZERO; QUERIES];
    for row in 0..rows {
        let y = &results.y.from(queries.sample, queries.first + row, queries.head)[..value_dim];
        means[row] = sum(simd, [y, &dy[row * value_dim..][..value_dim]], |[y, dy]| y * dy);
    }
    let logs = &results.logs[queries.index(attention)..][..rows];
    let (q, dy) = (&q[..rows * dim], &dy[..rows * value_dim]);
    let (q_rows, dy_rows) =
        (Strided { data: q, strides: [dim, 1] }, Strided { data: dy, strides: [value_dim, 1] });
    let mut store = Store::Set;
    for block in Block::of(attention, queries) {
        let (key, count) = (block.key, block.keys);
        let k = Strided { data: &keys.transposed[key * dim..], strides: [KEYS, 1] };
        let v = Strided { data: &keys.values[key * value_dim..], strides: [KEYS, 1] };
        simd.product(Product::strided([rows, dim, count], q_rows, k, weights, KEYS, Store::Set));
        block.hide(attention, operands, weights);
        let sizes = [rows, value_dim, count];
        simd.product(Product::strided(sizes, dy_rows, v, d_scores, KEYS, Store::Set));
        for row in 0..rows {
            let (weights, d_scores) = (&mut weights[row * KEYS..], &mut d_scores[row * KEYS..]);
            let (weights, d_scores) =
                (&mut weights[..block.width()], &mut d_scores[..block.width()]);
            block.drop(simd, attention, row, d_scores);
            let (log, mean) = (logs[row], means[row]);
            for (weight, d) in weights.iter_mut().zip(&mut *d_scores) {
                *weight = simd.lane(*weight - log).apply(ExpOrZero).value;
                // what has no weight has no gradient, even if that of its weight is not finite
                let change = *weight * (*d - mean);
                *d = if *weight == T::ZERO { T::ZERO } else { change };
            }
            block.drop(simd, attention, row, weights);
            if let (Some(mask), Some(dmask)) = (operands.mask, gradients.dmask.as_deref_mut()) {
                let dmask = &mut dmask[mask.row(attention, &queries, row) + key..][..count];
                dmask.iter_mut().zip(&*d_scores).for_each(|(dmask, &d)| *dmask += d);
            }
        }
        let turned = |data| Strided { data, strides: [1, KEYS] };
        let (dk, dv) = (&mut keys.dk[key * dim..], &mut keys.dv[key * value_dim..]);
        let add = Store::Add;
        let sizes = [count, rows, value_dim];
        simd.product(Product::strided(sizes, turned(weights), dy_rows, dv, value_dim, add));
        simd.product(Product::strided([count, rows, dim], turned(d_scores), q_rows, dk, dim, add));
        let d_scores = Strided { data: d_scores, strides: [KEYS, 1] };
        let k = Strided { data: &keys.keys[key * dim..], strides: [dim, 1] };
        simd.product(Product::strided([rows, count, dim], d_scores, k, dq, dim, store));
        store = Store::Add;
    }
    for row in 0..rows {
        let to = gradients.dq.head(queries.sample, queries.first + row, queries.head, dim);
        if store == Store::Set {
            to.fill(T::ZERO);
            continue;
        }
        for (to, &dq) in to.iter_mut().zip(&dq[row * dim..]) {
            *to = dq * scale;
        }
    }
}
