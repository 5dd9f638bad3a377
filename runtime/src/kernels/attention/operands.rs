//! The operands of an attention, in the memory that they are in.

use super::description::Attention;
use super::rows::Queries;

/// The heads of every position: the scalars of one head are contiguous, the positions, heads and samples
/// have a stride each.
#[derive(Clone, Copy, Debug)]
pub struct Heads<'a, T> {
    /// The memory, beginning with the first head.
    pub data: &'a [T],
    /// Stride between samples, in scalars.
    pub sample: usize,
    /// Stride between positions, in scalars.
    pub position: usize,
    /// Stride between heads, in scalars.
    pub head: usize,
}

/// Like [`Heads`], to be written.
#[derive(Debug)]
pub struct HeadsMut<'a, T> {
    /// The memory, beginning with the first head.
    pub data: &'a mut [T],
    /// Stride between samples, in scalars.
    pub sample: usize,
    /// Stride between positions, in scalars.
    pub position: usize,
    /// Stride between heads, in scalars.
    pub head: usize,
}

/// A term of the scores: `[queries, keys]` for each sample and head, contiguous.
#[derive(Clone, Copy, Debug)]
pub struct Mask<'a, T> {
    /// The memory.
    pub data: &'a [T],
    /// Stride between samples, in scalars; 0 if it is the same for all.
    pub sample: usize,
    /// Stride between heads, in scalars; 0 if it is the same for all.
    pub head: usize,
}

/// The operands of an attention.
#[derive(Clone, Copy, Debug)]
pub struct Operands<'a, T> {
    /// The queries.
    pub q: Heads<'a, T>,
    /// The keys.
    pub k: Heads<'a, T>,
    /// The values.
    pub v: Heads<'a, T>,
    /// The term of the scores.
    pub mask: Option<Mask<'a, T>>,
    /// A number for each key, `[samples, keys]`: no query sees a key whose number is not 0.
    pub padding: Option<&'a [T]>,
}

/// The gradients of an attention's operands.
#[derive(Debug)]
pub struct Gradients<'a, T> {
    /// That of the queries.
    pub dq: HeadsMut<'a, T>,
    /// That of the keys, `[samples, keys, groups, dim]`.
    pub dk: &'a mut [T],
    /// That of the values, `[samples, keys, groups, value_dim]`.
    pub dv: &'a mut [T],
    /// That of the mask, with the strides of the mask; summed over what it is the same for.
    pub dmask: Option<&'a mut [T]>,
}

impl<T> Mask<'_, T> {
    /// Returns the position of a query's row.
    #[inline(always)]
    pub(super) fn row(&self, attention: &Attention, queries: &Queries, row: usize) -> usize {
        let Queries { sample, head, first, .. } = *queries;
        sample * self.sample + head * self.head + (first + row) * attention.keys
    }
}

impl<'a, T> Heads<'a, T> {
    /// Returns the scalars from a head of a position on.
    #[inline(always)]
    pub(super) fn from(&self, sample: usize, position: usize, head: usize) -> &'a [T] {
        &self.data[sample * self.sample + position * self.position + head * self.head..]
    }
}

impl<T> HeadsMut<'_, T> {
    /// Returns a head of a position.
    #[inline(always)]
    pub(super) fn head(
        &mut self,
        sample: usize,
        position: usize,
        head: usize,
        len: usize,
    ) -> &mut [T] {
        &mut self.data[sample * self.sample + position * self.position + head * self.head..][..len]
    }
}
