//! Transposes matrices between the order of files and the order of memory block by block, so that no
//! copy of the whole is needed.

use super::Parameter;
use std::ops::Range;

/// Smallest and largest number of scalars of a block.
const SCALARS: [usize; 2] = [1 << 14, 1 << 20];
/// Number of blocks per matrix, within these limits.
const PART: usize = 32;

/// A block of scalars that are consecutive in the order of files: whole rows, or part of one row.
pub(crate) struct Block {
    rows: Range<usize>,
    columns: Range<usize>,
    /// Distance of two columns in memory: number of rows of the whole matrix, or of one that it is part of.
    pitch: usize,
}

impl Parameter {
    /// Splits the parameter into blocks, in the order of files.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = Block> + use<> {
        let (height, width) = self.matrix_shape();
        Block::split(height, width, height)
    }
}

impl Block {
    /// Splits a matrix into blocks, in the order of files. In memory, its columns are `pitch` scalars apart.
    pub fn split(height: usize, width: usize, pitch: usize) -> impl Iterator<Item = Self> + use<> {
        let [least, most] = SCALARS;
        let scalars = (height.saturating_mul(width) / PART).clamp(least, most);
        let rows = (scalars / width.max(1)).max(1);
        let columns = if rows == 1 { scalars } else { width };
        (0..height).step_by(rows).flat_map(move |row| {
            (0..width).step_by(columns.max(1)).map(move |column| Self {
                rows: row..height.min(row + rows),
                columns: column..width.min(column + columns),
                pitch,
            })
        })
    }

    /// Returns its rows and columns in the whole matrix.
    pub fn ranges(&self) -> (Range<usize>, Range<usize>) {
        (self.rows.clone(), self.columns.clone())
    }

    /// Returns the block that is the whole matrix.
    pub fn whole(height: usize, width: usize) -> Self {
        Self { rows: 0..height, columns: 0..width, pitch: height }
    }

    /// Returns the number of scalars.
    pub fn len(&self) -> usize {
        self.rows.len() * self.columns.len()
    }

    /// Copies the scalars of the block into the memory of the whole matrix.
    pub fn file_to_memory<T: Copy>(&self, file: &[T], memory: &mut [T]) {
        self.strips(|memory_range, file_start, width| {
            let from = file[file_start..].iter().step_by(width);
            memory[memory_range].iter_mut().zip(from).for_each(|(to, from)| *to = *from);
        });
    }

    /// Copies the scalars of the block from the memory of the whole matrix.
    pub fn memory_to_file<T: Copy>(&self, memory: &[T], file: &mut [T]) {
        self.strips(|memory_range, file_start, width| {
            let to = file[file_start..].iter_mut().step_by(width);
            to.zip(&memory[memory_range]).for_each(|(to, from)| *to = *from);
        });
    }

    /// Calls `copy` for strips of 16 rows of every column, with the strip's range in memory, the index of
    /// its first scalar in the block, and the stride in the block. A strip is one cache line of memory (up
    /// to 7 times as fast as row by row).
    fn strips(&self, mut copy: impl FnMut(Range<usize>, usize, usize)) {
        const ROWS: usize = 16;
        let width = self.columns.len();
        for first in self.rows.clone().step_by(ROWS) {
            let last = self.rows.end.min(first + ROWS);
            for (at, column) in self.columns.clone().enumerate() {
                let begin = column * self.pitch;
                copy(begin + first..begin + last, (first - self.rows.start) * width + at, width);
            }
        }
    }
}
