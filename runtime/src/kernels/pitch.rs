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
        RowsMut { data: self, len, pitch: len }
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

    /// Each row.
    #[inline(always)]
    pub(super) fn iter(self) -> impl Iterator<Item = &'a [T]> {
        // rows may overlap, or be the same: `chunks` is only for those that do not
        (0..self.count).map(move |index| self.row(index))
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
        Self { data: &mut data[..extent], len, pitch }
    }

    /// Each row.
    #[inline(always)]
    pub(super) fn iter(self) -> impl Iterator<Item = &'a mut [T]> {
        let len = self.len;
        self.data.chunks_mut(self.pitch.max(1)).map(move |row| &mut row[..len])
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
mod tests {
    use super::*;

    #[test]
    fn rows_are_where_the_pitch_says() {
        let x: Vec<u32> = (0..23).collect();
        let rows = |pitch| pitched(&x[2..], pitch);
        let read = |pitch, count, len| {
            let rows = rows(pitch);
            let rows = rows.as_rows(count, len);
            rows.iter().map(<[u32]>::to_vec).collect::<Vec<_>>()
        };
        assert_eq!(read(7, 3, 3), [[2, 3, 4], [9, 10, 11], [16, 17, 18]]);
        assert_eq!(read(7, 3, 7)[2], [16, 17, 18, 19, 20, 21, 22]);
        assert_eq!(read(0, 2, 2), [[2, 3], [2, 3]]);
        assert_eq!((read(7, 0, 3).len(), read(7, 3, 0)), (0, vec![vec![]; 3]));
        for pitch in [2, 7] {
            let mut copy = [0; 4];
            rows(pitch).as_rows(3, 2).copy_to(1, &mut copy);
            let second = 2 + pitch as u32;
            assert_eq!(
                copy,
                [second, second + 1, second + pitch as u32, second + pitch as u32 + 1]
            );
        }
    }

    #[test]
    fn what_lies_between_rows_stays() {
        let mut x = [0; 12];
        for (row, i) in pitched_mut(&mut x[1..], 5).as_rows_mut(3, 1).iter().zip(1..) {
            row.fill(i);
        }
        assert_eq!(x, [0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3]);
        assert_eq!(pitched_mut(&mut x, 5).as_rows_mut(0, 3).iter().count(), 0);
    }

    #[test]
    #[should_panic(expected = "11 scalars for rows of shape [3, 4], one every 4")]
    fn a_slice_has_its_rows_and_no_more() {
        let _ = [0; 11].as_rows(3, 4);
    }

    #[test]
    #[should_panic(expected = "12 scalars for rows of shape [3, 3], one every 5")]
    fn a_pitched_slice_does_not_end_before_its_rows() {
        let _ = pitched(&[0; 12], 5).as_rows(3, 3);
    }

    #[test]
    #[should_panic(expected = "12 scalars for rows of shape [3, 4], one every 3")]
    fn written_rows_do_not_overlap() {
        let _ = pitched_mut(&mut [0; 12], 3).as_rows_mut(3, 4);
    }
}
