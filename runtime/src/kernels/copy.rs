//! Block copies: slices and concatenations along any axis of row-major tensors.
//!
//! A slice `x[.., a..b, ..]` of a tensor `[outer, axis, inner]` consists of `outer` blocks of
//! `(b - a) * inner` scalars with a stride of `axis * inner`; a concatenation writes such blocks.

use super::Store;
use super::pitch::{AsRows, AsRowsMut};
use crate::scalar::Scalar;

/// Copies `blocks` blocks of `len` scalars. Block b is read at `from_offset + b * from_stride`
/// and stored at `to_offset + b * to_stride`. With [`Store::Add`] it adds, which is the gradient
/// of a copy with `from` and `to` exchanged.
///
/// # Panics
/// If a block exceeds its buffer.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn copy_blocks<T: Scalar>(
    blocks: usize,
    len: usize,
    from: &[T],
    from_stride: usize,
    from_offset: usize,
    to: &mut [T],
    to_stride: usize,
    to_offset: usize,
    store: Store,
) {
    // blocks that are contiguous on both sides are one block
    let (blocks, len) =
        if len == from_stride && len == to_stride { (1, blocks * len) } else { (blocks, len) };
    for block in 0..blocks {
        let from = &from[from_offset + block * from_stride..][..len];
        let to = &mut to[to_offset + block * to_stride..][..len];
        match store {
            Store::Set => to.copy_from_slice(from),
            Store::Add => to.iter_mut().zip(from).for_each(|(to, &from)| *to += from),
        }
    }
}

/// Fills `blocks` blocks of `len` scalars with `value`. Block b begins at `offset + b * stride`.
///
/// # Panics
/// If a block exceeds the buffer.
#[inline(always)]
pub fn fill_blocks<T: Scalar>(
    blocks: usize,
    len: usize,
    to: &mut [T],
    stride: usize,
    offset: usize,
    value: f64,
) {
    for block in 0..blocks {
        to[offset + block * stride..][..len].fill(T::from_f64(value));
    }
}

/// Copies `rows` rows of `len` scalars.
///
/// # Panics
/// If a slice does not match this shape.
#[inline(always)]
pub fn copy_rows<T: Scalar>(
    rows: usize,
    len: usize,
    from: &(impl AsRows<T> + ?Sized),
    to: &mut (impl AsRowsMut<T> + ?Sized),
) {
    to.as_rows_mut(rows, len).copy_from(from.as_rows(rows, len));
}

/// Copies a whole buffer.
#[inline(always)]
pub fn copy<T: Scalar>(from: &[T], to: &mut [T]) {
    to.copy_from_slice(from);
}

/// Copies a whole buffer into another, from index `start` on.
///
/// # Panics
/// If it exceeds the other buffer.
#[inline(always)]
pub fn put<T: Scalar>(from: &[T], to: &mut [T], start: usize) {
    to[start..][..from.len()].copy_from_slice(from);
}

/// Copies a whole buffer, or adds it, depending on `store`.
#[inline(always)]
pub fn store<T: Scalar>(from: &[T], to: &mut [T], store: Store) {
    to.iter_mut().zip(from).for_each(|(to, &from)| store.put(to, from));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_joins_and_adds_along_the_middle_axis() {
        // [3, 5, 7] -> its [.., 1..4, ..] -> [3, 3, 7]
        let x: Vec<f64> = (0..105).map(f64::from).collect();
        let mut y = vec![-1.0; 63];
        copy_blocks(3, 21, &x, 35, 7, &mut y, 21, 0, Store::Set);
        for (i, &y) in y.iter().enumerate() {
            assert_eq!(y, x[i / 21 * 35 + 7 + i % 21]);
        }
        // back into [.., 2..5, ..] of [3, 9, 7], twice
        let mut z = vec![0.5; 189];
        copy_blocks(3, 21, &y, 21, 0, &mut z, 63, 14, Store::Add);
        copy_blocks(3, 21, &y, 21, 0, &mut z, 63, 14, Store::Add);
        for (i, &z) in z.iter().enumerate() {
            let (outer, inner) = (i / 63, i % 63);
            let inside = (14..35).contains(&inner);
            assert_eq!(z, if inside { 0.5 + 2.0 * y[outer * 21 + inner - 14] } else { 0.5 });
        }
    }

    #[test]
    fn fills_blocks_among_others() {
        let mut y = [9.0_f32; 8];
        fill_blocks(2, 2, &mut y, 4, 1, 0.5);
        assert_eq!(y, [9.0, 0.5, 0.5, 9.0, 9.0, 0.5, 0.5, 9.0]);
        fill_blocks(0, 2, &mut y, 4, 1, 0.0);
        fill_blocks(3, 0, &mut y, 4, 0, 0.0);
        assert_eq!(y[1], 0.5);
    }

    #[test]
    fn whole_tensors_and_empty_ones() {
        let x: Vec<f32> = (0..33_u8).map(f32::from).collect();
        let mut y = vec![9.0; 35];
        copy_blocks(3, 11, &x, 11, 0, &mut y, 11, 1, Store::Set);
        assert_eq!((y[0], &y[1..34], y[34]), (9.0, &x[..], 9.0));
        copy_blocks(4, 0, &x, 8, 0, &mut y, 8, 0, Store::Set);
        assert_eq!(y[1..34], x);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn a_block_beyond_the_buffer_panics() {
        copy_blocks(2, 3, &[0.0_f32; 6], 4, 0, &mut [0.0; 8], 4, 0, Store::Set);
    }
}
