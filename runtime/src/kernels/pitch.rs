//! Views of rows: contiguous in a slice, or with a pitch (a stride between rows) in a larger one, so
//! that a part of a tensor is read and written in place.

/// A type whose rows can be read: a slice with contiguous rows, or a [`Pitched`].
pub trait AsRows<T> {
    /// Returns a view of `rows` rows of `len` scalars.
    ///
    /// # Panics
    /// If a slice has another length, or a pitched one ends before the last row does.
    fn as_rows(&self, rows: usize, len: usize) -> Rows<'_, T>;
}

/// A type whose rows can be written: a slice with contiguous rows, or a [`PitchedMut`].
pub trait AsRowsMut<T> {
    /// Returns a mutable view of `rows` rows of `len` scalars.
    ///
    /// # Panics
    /// If a slice has another length, if a pitched one ends before the last row does, or if its rows
    /// overlap.
    fn as_rows_mut(&mut self, rows: usize, len: usize) -> RowsMut<'_, T>;
}

/// A slice of rows with a pitch, beginning with the first row.
#[derive(Clone, Copy, Debug)]
pub struct Pitched<'a, T> {
    data: &'a [T],
    pitch: usize,
}

/// A mutable slice of rows with a pitch. Scalars between the rows are not changed.
#[derive(Debug)]
pub struct PitchedMut<'a, T> {
    data: &'a mut [T],
    pitch: usize,
}

/// Returns rows that begin every `pitch` scalars of a slice.
#[inline(always)]
pub fn pitched<T>(data: &[T], pitch: usize) -> Pitched<'_, T> {
    Pitched { data, pitch }
}

/// Returns mutable rows that begin every `pitch` scalars of a slice.
#[inline(always)]
pub fn pitched_mut<T>(data: &mut [T], pitch: usize) -> PitchedMut<'_, T> {
    PitchedMut { data, pitch }
}

/// A view of rows, whose extent has been checked.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a, T> {
    /// The scalars from the first row to the end of the last.
    pub(super) data: &'a [T],
    /// Number of rows.
    pub(super) count: usize,
    /// Number of scalars of each row.
    pub(super) len: usize,
    /// Stride between rows, in scalars.
    pub(super) pitch: usize,
}

/// A mutable view of rows, whose extent has been checked.
#[derive(Debug)]
pub struct RowsMut<'a, T> {
    /// The scalars from the first row to the end of the last.
    pub(super) data: &'a mut [T],
    /// Number of rows.
    pub(super) count: usize,
    /// Number of scalars of each row.
    pub(super) len: usize,
    /// Stride between rows, in scalars.
    pub(super) pitch: usize,
}

impl<T> AsRows<T> for [T] {
    #[inline(always)]
    fn as_rows(&self, rows: usize, len: usize) -> Rows<'_, T> {
        fits(rows.checked_mul(len) == Some(self.len()), self.len(), [rows, len], len);
        Rows { data: self, count: rows, len, pitch: len }
    }
}

impl<T> AsRowsMut<T> for [T] {
    #[inline(always)]
    fn as_rows_mut(&mut self, rows: usize, len: usize) -> RowsMut<'_, T> {
        fits(rows.checked_mul(len) == Some(self.len()), self.len(), [rows, len], len);
        RowsMut { data: self, count: rows, len, pitch: len }
    }
}

impl<T> AsRows<T> for Pitched<'_, T> {
    #[inline(always)]
    fn as_rows(&self, rows: usize, len: usize) -> Rows<'_, T> {
        let data = &self.data[..extent(self.data.len(), [rows, len], self.pitch)];
        Rows { data, count: rows, len, pitch: self.pitch }
    }
}

impl<T> AsRowsMut<T> for PitchedMut<'_, T> {
    #[inline(always)]
    fn as_rows_mut(&mut self, rows: usize, len: usize) -> RowsMut<'_, T> {
        let Self { data, pitch } = self;
        RowsMut::new(data, [rows, len], *pitch)
    }
}

impl<'a, T> Rows<'a, T> {
    /// Returns row `index`.
    #[inline(always)]
    pub(super) fn row(&self, index: usize) -> &'a [T] {
        if self.len == 0 { &[] } else { &self.data[index * self.pitch..][..self.len] }
    }

    /// Iterates over the rows, unless they are empty. They must not overlap.
    #[inline(always)]
    pub(super) fn iter(self) -> impl Iterator<Item = &'a [T]> {
        self.data.chunks(self.pitch.max(1)).map(move |row| &row[..self.len])
    }

    /// Returns true if there are no gaps between the rows.
    #[inline(always)]
    pub(super) fn is_dense(&self) -> bool {
        self.pitch == self.len
    }

    /// Copies rows from row `first` on, until `to` is full.
    #[inline(always)]
    pub(super) fn copy_to(&self, first: usize, to: &mut [T])
    where
        T: Copy,
    {
        if self.is_dense() {
            return to.copy_from_slice(&self.data[first * self.len..][..to.len()]);
        }
        for (to, index) in to.chunks_exact_mut(self.len.max(1)).zip(first..) {
            to.copy_from_slice(self.row(index));
        }
    }
}

impl<'a, T> RowsMut<'a, T> {
    /// Returns a view of rows of a slice with a stride of `pitch`; see [`PitchedMut`].
    #[inline(always)]
    pub(super) fn new(data: &'a mut [T], [rows, len]: [usize; 2], pitch: usize) -> Self {
        fits(rows <= 1 || len <= pitch, data.len(), [rows, len], pitch);
        let extent = extent(data.len(), [rows, len], pitch);
        Self { data: &mut data[..extent], count: rows, len, pitch }
    }

    /// Returns a read-only view.
    #[inline(always)]
    pub(super) fn as_rows(&self) -> Rows<'_, T> {
        let Self { data, count, len, pitch } = self;
        Rows { data, count: *count, len: *len, pitch: *pitch }
    }

    /// Iterates over the rows, unless they are empty.
    #[inline(always)]
    pub(super) fn iter(self) -> impl Iterator<Item = &'a mut [T]> {
        let len = self.len;
        self.data.chunks_mut(self.pitch.max(1)).map(move |row| &mut row[..len])
    }

    /// Iterates over blocks of up to `most` contiguous rows, each with the index of its first row.
    #[inline(always)]
    pub(super) fn blocks(self, most: usize) -> impl Iterator<Item = (usize, &'a mut [T])> {
        let rows = if self.is_dense() { most } else { 1 };
        let (len, pitch) = (rows * self.len, rows * self.pitch);
        self.data.chunks_mut(pitch.max(1)).enumerate().map(move |(block, x)| {
            let len = len.min(x.len());
            (block * rows, &mut x[..len])
        })
    }

    /// Copies all rows of `from`.
    #[inline(always)]
    pub(super) fn copy_from(self, from: Rows<'_, T>)
    where
        T: Copy,
    {
        if self.is_dense() {
            return from.copy_to(0, self.data);
        }
        self.iter().zip(from.iter()).for_each(|(to, from)| to.copy_from_slice(from));
    }

    /// Returns true if there are no gaps between the rows.
    #[inline(always)]
    fn is_dense(&self) -> bool {
        self.pitch == self.len
    }
}

/// Returns the number of scalars from the first row to the end of the last.
#[inline(always)]
fn extent(there: usize, [rows, len]: [usize; 2], pitch: usize) -> usize {
    if rows == 0 || len == 0 {
        return 0;
    }
    let extent = (rows - 1).checked_mul(pitch).and_then(|before| before.checked_add(len));
    fits(extent.is_some_and(|extent| extent <= there), there, [rows, len], pitch);
    extent.unwrap_or(0)
}

#[inline(always)]
fn fits(holds: bool, there: usize, shape: [usize; 2], pitch: usize) {
    if !holds {
        wrong_length(there, shape, pitch);
    }
}

#[cold]
#[inline(never)]
fn wrong_length(there: usize, shape: [usize; 2], pitch: usize) -> ! {
    panic!("{there} scalars for rows of shape {shape:?}, one every {pitch}")
}

#[cfg(test)]
mod kernels;
#[cfg(test)]
mod tests;
