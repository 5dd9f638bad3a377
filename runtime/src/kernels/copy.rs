//! Block copies: slices and concatenations along any axis of row-major tensors.
//!
//! A slice `x[.., a..b, ..]` of a tensor `[outer, axis, inner]` consists of `outer` blocks of
//! `(b - a) * inner` scalars with a stride of `axis * inner`; a concatenation writes such blocks.

use super::Store;
use super::pitch::{AsRows, AsRowsMut};
use crate::scalar::Scalar;

/// Blocks of two buffers that correspond: block b begins at `from_start + b * from_stride` in one and at
/// `to_start + b * to_stride` in the other.
#[derive(Clone, Copy, Debug)]
pub struct BlockPairs {
    /// Number of blocks.
    pub count: usize,
    /// Number of scalars of a block.
    pub len: usize,
    /// The start of the first block that is read.
    pub from_start: usize,
    /// The distance between blocks that are read.
    pub from_stride: usize,
    /// The start of the first block that is written.
    pub to_start: usize,
    /// The distance between blocks that are written.
    pub to_stride: usize,
}

/// Blocks of a buffer: block b begins at `start + b * stride`.
#[derive(Clone, Copy, Debug)]
pub struct Blocks {
    /// Number of blocks.
    pub count: usize,
    /// Number of scalars of a block.
    pub len: usize,
    /// The start of the first block.
    pub start: usize,
    /// The distance between blocks.
    pub stride: usize,
}

/// Copies blocks of `from` to `to`. With [`Store::Add`] it adds, which is the gradient of a copy with
/// `from` and `to` exchanged.
///
/// # Panics
/// If a block exceeds its buffer.
#[inline(always)]
pub fn copy_blocks<T: Scalar>(blocks: BlockPairs, from: &[T], to: &mut [T], store: Store) {
    let BlockPairs { count, len, from_start, from_stride, to_start, to_stride } = blocks;
    // blocks that are contiguous on both sides are one block
    let (count, len) =
        if len == from_stride && len == to_stride { (1, count * len) } else { (count, len) };
    for block in 0..count {
        let from = &from[from_start + block * from_stride..][..len];
        let to = &mut to[to_start + block * to_stride..][..len];
        match store {
            Store::Set => to.copy_from_slice(from),
            Store::Add => to.iter_mut().zip(from).for_each(|(to, &from)| *to += from),
        }
    }
}

/// Fills blocks with `value`.
///
/// # Panics
/// If a block exceeds the buffer.
#[inline(always)]
pub fn fill_blocks<T: Scalar>(blocks: Blocks, to: &mut [T], value: f64) {
    let Blocks { count, len, start, stride } = blocks;
    for block in 0..count {
        to[start + block * stride..][..len].fill(T::from_f64(value));
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

    fn pairs(count: usize, len: usize, from: [usize; 2], to: [usize; 2]) -> BlockPairs {
        let ([from_start, from_stride], [to_start, to_stride]) = (from, to);
        BlockPairs { count, len, from_start, from_stride, to_start, to_stride }
    }

    #[test]
    fn cuts_joins_and_adds_along_the_middle_axis() {
        // [3, 5, 7] -> its [.., 1..4, ..] -> [3, 3, 7]
        let x: Vec<f64> = (0..105).map(f64::from).collect();
        let mut y = vec![-1.0; 63];
        copy_blocks(pairs(3, 21, [7, 35], [0, 21]), &x, &mut y, Store::Set);
        for (i, &y) in y.iter().enumerate() {
            assert_eq!(y, x[i / 21 * 35 + 7 + i % 21]);
        }
        // back into [.., 2..5, ..] of [3, 9, 7], twice
        let mut z = vec![0.5; 189];
        copy_blocks(pairs(3, 21, [0, 21], [14, 63]), &y, &mut z, Store::Add);
        copy_blocks(pairs(3, 21, [0, 21], [14, 63]), &y, &mut z, Store::Add);
        for (i, &z) in z.iter().enumerate() {
            let (outer, inner) = (i / 63, i % 63);
            let inside = (14..35).contains(&inner);
            assert_eq!(z, if inside { 0.5 + 2.0 * y[outer * 21 + inner - 14] } else { 0.5 });
        }
    }

    #[test]
    fn fills_blocks_among_others() {
        let mut y = [9.0_f32; 8];
        fill_blocks(Blocks { count: 2, len: 2, start: 1, stride: 4 }, &mut y, 0.5);
        assert_eq!(y, [9.0, 0.5, 0.5, 9.0, 9.0, 0.5, 0.5, 9.0]);
        fill_blocks(Blocks { count: 0, len: 2, start: 1, stride: 4 }, &mut y, 0.0);
        fill_blocks(Blocks { count: 3, len: 0, start: 0, stride: 4 }, &mut y, 0.0);
        assert_eq!(y[1], 0.5);
    }

    #[test]
    fn whole_tensors_and_empty_ones() {
        let x: Vec<f32> = (0..33_u8).map(f32::from).collect();
        let mut y = vec![9.0; 35];
        copy_blocks(pairs(3, 11, [0, 11], [1, 11]), &x, &mut y, Store::Set);
        assert_eq!((y[0], &y[1..34], y[34]), (9.0, &x[..], 9.0));
        copy_blocks(pairs(4, 0, [0, 8], [0, 8]), &x, &mut y, Store::Set);
        assert_eq!(y[1..34], x);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn a_block_beyond_the_buffer_panics() {
        copy_blocks(pairs(2, 3, [0, 4], [0, 4]), &[0.0_f32; 6], &mut [0.0; 8], Store::Set);
    }
}
