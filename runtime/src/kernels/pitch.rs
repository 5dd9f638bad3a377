//! Rows that kernels work on: side by side in a slice of their own, or a pitch apart in a larger
//! one, so that a part of a tensor is read and written where it is.

/// What has rows to read: a slice, whose rows lie side by side, or a [`Pitched`] one.
pub trait AsRows<T> {
    /// `rows` rows of `len` scalars.
    ///
    /// # Panics
    /// When a slice has another length, or a pitched one ends before the last row does.
    fn as_rows(&self, rows: usize, len: usize) -> Rows<'_, T>;
}

/// What has rows to write: a slice, whose rows lie side by side, or a [`PitchedMut`] one.
pub trait AsRowsMut<T> {
    /// `rows` rows of `len` scalars.
    ///
    /// # Panics
    /// When a slice has another length, when a pitched one ends before the last row does, or when
    /// its rows overlap.
    fn as_rows_mut(&mut self, rows: usize, len: usize) -> RowsMut<'_, T>;
}

/// A slice of rows, from the first on.
#[derive(Clone, Copy, Debug)]
pub struct Pitched<'a, T> {
    data: &'a [T],
    pitch: usize,
}

/// A slice of rows to be written, from the first on; what lies between them is left alone.
#[derive(Debug)]
pub struct PitchedMut<'a, T> {
    data: &'a mut [T],
    pitch: usize,
}

/// A slice whose rows begin every `pitch` scalars.
#[inline(always)]
pub fn pitched<T>(data: &[T], pitch: usize) -> Pitched<'_, T> {
    Pitched { data, pitch }
}

/// The same, to be written.
#[inline(always)]
pub fn pitched_mut<T>(data: &mut [T], pitch: usize) -> PitchedMut<'_, T> {
    PitchedMut { data, pitch }
}

/// Rows that are there.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a, T> {
    /// From the first row to the end of the last.
    pub(super) data: &'a [T],
    /// How many.
    pub(super) count: usize,
    /// Scalars of each.
    pub(super) len: usize,
    /// Scalars from one to the next.
    pub(super) pitch: usize,
}

/// Rows that are there, to be written.
#[derive(Debug)]
pub struct RowsMut<'a, T> {
    /// From the first row to the end of the last.
    pub(super) data: &'a mut [T],
    /// How many.
    pub(super) count: usize,
    /// Scalars of each.
    pub(super) len: usize,
    /// Scalars from one to the next.
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
    /// Row `index`.
    #[inline(always)]
    pub(super) fn row(&self, index: usize) -> &'a [T] {
        if self.len == 0 { &[] } else { &self.data[index * self.pitch..][..self.len] }
    }

    /// Each row that has scalars; they do not overlap.
    #[inline(always)]
    pub(super) fn iter(self) -> impl Iterator<Item = &'a [T]> {
        self.data.chunks(self.pitch.max(1)).map(move |row| &row[..self.len])
    }

    /// Whether nothing lies between the rows.
    #[inline(always)]
    pub(super) fn is_dense(&self) -> bool {
        self.pitch == self.len
    }

    /// Copies the rows from `first` on, as many as fill `to`.
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
    /// Rows of a slice, `pitch` from one to the next; see [`PitchedMut`].
    #[inline(always)]
    pub(super) fn new(data: &'a mut [T], [rows, len]: [usize; 2], pitch: usize) -> Self {
        fits(rows <= 1 || len <= pitch, data.len(), [rows, len], pitch);
        let extent = extent(data.len(), [rows, len], pitch);
        Self { data: &mut data[..extent], count: rows, len, pitch }
    }

    /// The same, to be read.
    #[inline(always)]
    pub(super) fn as_rows(&self) -> Rows<'_, T> {
        let Self { data, count, len, pitch } = self;
        Rows { data, count: *count, len: *len, pitch: *pitch }
    }

    /// Each row that has scalars.
    #[inline(always)]
    pub(super) fn iter(self) -> impl Iterator<Item = &'a mut [T]> {
        let len = self.len;
        self.data.chunks_mut(self.pitch.max(1)).map(move |row| &mut row[..len])
    }

    /// Rows that lie side by side, up to `most` at a time, with the number of the first.
    #[inline(always)]
    pub(super) fn blocks(self, most: usize) -> impl Iterator<Item = (usize, &'a mut [T])> {
        let rows = if self.is_dense() { most } else { 1 };
        let (len, pitch) = (rows * self.len, rows * self.pitch);
        self.data.chunks_mut(pitch.max(1)).enumerate().map(move |(block, x)| {
            let len = len.min(x.len());
            (block * rows, &mut x[..len])
        })
    }

    /// Copies as many rows as there are.
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

    /// Whether nothing lies between the rows.
    #[inline(always)]
    fn is_dense(&self) -> bool {
        self.pitch == self.len
    }
}

/// Scalars from the first row to the end of the last.
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
