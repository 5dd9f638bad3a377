//! A matrix view with a stride for each axis, so that transposing needs no copy.

use crate::kernels::pitch::Rows;

/// A strided matrix view, whose elements have been checked to lie within its slice.
pub struct Matrix<'a, T> {
    data: &'a [T],
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// Stride between rows, in scalars.
    pub row_stride: usize,
    /// Stride between columns, in scalars.
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
    /// Returns a view with a stride for each axis. `name` is used in the panic message.
    ///
    /// # Panics
    /// If `data` ends before the last element.
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

    /// Returns a matrix whose elements are all `value`.
    #[inline(always)]
    pub fn repeated(value: &'a T, rows: usize, columns: usize) -> Self {
        let data = std::slice::from_ref(value);
        Self { data, rows, columns, row_stride: 0, column_stride: 0 }
    }

    /// Returns the transpose: the same memory with the axes exchanged.
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

    /// Returns a submatrix. Rows and columns are given as (first, count).
    #[inline(always)]
    pub fn part(self, (top, rows): (usize, usize), (left, columns): (usize, usize)) -> Self {
        let first = top * self.row_stride + left * self.column_stride;
        // an empty part may begin past the end
        let data = self.data.get(first..).unwrap_or_default();
        Self { data, rows, columns, ..self }
    }

    /// Returns the first row of a row-major matrix.
    #[inline(always)]
    pub fn first_row(&self) -> &'a [T] {
        debug_assert!(self.column_stride == 1);
        &self.data[..self.columns]
    }

    /// Returns the address of an element. It is not checked.
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

/// Returns true if all elements of a strided matrix are within `len` scalars.
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
