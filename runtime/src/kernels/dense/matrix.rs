//! A matrix that is read with a stride for each axis, so that a transposed one costs nothing.

use crate::kernels::pitch::Rows;

/// A view whose every element was checked to lie in its slice.
pub struct Matrix<'a, T> {
    data: &'a [T],
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Scalars from a row to the next.
    pub row_stride: usize,
    /// Scalars from a column to the next.
    pub column_stride: usize,
}

impl<T> Clone for Matrix<'_, T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Matrix<'_, T> {}

impl<'a, T> Matrix<'a, T> {
    /// A matrix with a stride for each axis; `name` is for the message.
    ///
    /// # Panics
    /// When `data` ends before the last element.
    #[inline(always)]
    pub fn strided(
        data: &'a [T],
        [rows, columns]: [usize; 2],
        [row_stride, column_stride]: [usize; 2],
        name: &str,
    ) -> Self {
        if !is_inside(data.len(), [rows, columns], [row_stride, column_stride]) {
            wrong_length(name, data.len(), rows, columns);
        }
        Self { data, rows, columns, row_stride, column_stride }
    }

    /// A matrix that has `value` everywhere.
    #[inline(always)]
    pub fn repeated(value: &'a T, rows: usize, columns: usize) -> Self {
        let data = std::slice::from_ref(value);
        Self { data, rows, columns, row_stride: 0, column_stride: 0 }
    }

    /// The same memory with the axes exchanged.
    #[inline(always)]
    pub fn transposed(self) -> Self {
        Self {
            data: self.data,
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }

    /// Some rows and columns, each from the first on.
    #[inline(always)]
    pub fn part(self, (top, rows): (usize, usize), (left, columns): (usize, usize)) -> Self {
        let first = top * self.row_stride + left * self.column_stride;
        // what has no elements may begin past the end
        let data = self.data.get(first..).unwrap_or_default();
        Self { data, rows, columns, ..self }
    }

    /// The first row of a row-major matrix.
    #[inline(always)]
    pub fn first_row(&self) -> &'a [T] {
        debug_assert!(self.column_stride == 1);
        &self.data[..self.columns]
    }

    /// Where an element is, if there is one; all others are the strides away.
    #[inline(always)]
    pub fn at(&self, row: usize, column: usize) -> *const T {
        self.data.as_ptr().wrapping_add(row * self.row_stride + column * self.column_stride)
    }
}

impl<'a, T> From<Rows<'a, T>> for Matrix<'a, T> {
    #[inline(always)]
    fn from(rows: Rows<'a, T>) -> Self {
        let Rows { data, count, len, pitch } = rows;
        Self { data, rows: count, columns: len, row_stride: pitch, column_stride: 1 }
    }
}

/// Whether all elements of a strided matrix are among `len` scalars.
#[inline(always)]
fn is_inside(
    len: usize,
    [rows, columns]: [usize; 2],
    [row_stride, column_stride]: [usize; 2],
) -> bool {
    let (Some(row), Some(column)) = (rows.checked_sub(1), columns.checked_sub(1)) else {
        return true;
    };
    let last = row.checked_mul(row_stride).zip(column.checked_mul(column_stride));
    last.and_then(|(row, column)| row.checked_add(column)).is_some_and(|last| last < len)
}

#[cold]
#[inline(never)]
fn wrong_length(name: &str, len: usize, rows: usize, columns: usize) -> ! {
    panic!("{name} has {len} scalars, but its shape is [{rows}, {columns}]")
}
