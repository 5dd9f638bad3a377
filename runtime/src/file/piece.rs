//! Reads a tensor, or some rows of one, into its place in a parameter.

use super::dtype::Dtype;
use super::header::{Attempt, Bytes};
use crate::error::FileProblem;
use crate::layout::{Block, Entry};
use crate::scalar::Scalar;
use std::io::SeekFrom;
use std::ops::Range;

/// Number of bytes read at a time.
const CHUNK: usize = 1 << 16;

/// Rows of a tensor that are rows of a parameter. Rows go along the first axis; if the tensor is
/// transposed, along its second one.
#[derive(Debug)]
pub(super) struct Piece {
    /// The index of the file.
    pub shard: usize,
    /// The name of the tensor.
    pub tensor: String,
    /// The shape in the file.
    pub shape: Vec<usize>,
    pub stored: Dtype,
    /// The offset of the tensor, relative to the first one of the file.
    pub begin: u64,
    pub transposed: bool,
    /// The number of the piece among those of the parameter.
    pub part: usize,
    /// The first row in the tensor.
    pub from: usize,
    /// The first row in the parameter.
    pub to: usize,
    /// Number of rows.
    pub rows: usize,
}

impl Piece {
    /// Reads the piece into `memory`, that of the whole parameter `entry`. `data` is the offset of the
    /// first tensor of the file.
    ///
    /// If rows of the file are columns in memory, they go there block by block, so that no copy of the
    /// whole is made.
    pub fn read<T: Scalar>(
        &self,
        source: &mut dyn Bytes,
        data: u64,
        entry: Entry<'_>,
        memory: &mut [T],
    ) -> Attempt<()> {
        let parameter = entry.parameter();
        let (height, width) = parameter.matrix_shape();
        let (file_height, file_width) = matrix(&self.shape);
        // the distances in memory of neighbours along a column and along a row of the parameter
        let (down, across) = if parameter.transposed { (1, height) } else { (width, 1) };
        let memory = &mut memory[self.to * down..];
        let own = self.from..self.from + self.rows;
        let (rows, columns, down, across) = match self.transposed {
            false => (own, 0..file_width, down, across),
            true => (0..file_height, own, across, down),
        };
        let mut reader =
            Reader { piece: self, source, start: data + self.begin, width: file_width };
        let (count, len) = (rows.len(), columns.len());
        if count == 0 || len == 0 {
            return Ok(());
        }
        if across == 1 && (down == len || count == 1) {
            return reader.read(rows, columns, &mut memory[..count * len]);
        }
        if across == 1 {
            return rows.enumerate().try_for_each(|(i, row)| {
                reader.read(row..row + 1, columns.clone(), &mut memory[i * down..][..len])
            });
        }
        let mut scratch = Vec::new();
        for block in Block::split(count, len, across) {
            let (block_rows, block_columns) = block.ranges();
            scratch.resize(block.len(), T::ZERO);
            let rows = rows.start + block_rows.start..rows.start + block_rows.end;
            let columns = columns.start + block_columns.start..columns.start + block_columns.end;
            reader.read(rows, columns, &mut scratch)?;
            block.file_to_memory(&scratch, memory);
        }
        Ok(())
    }

    /// Returns true if the bytes of two pieces are the same.
    pub fn equals(
        &self,
        (source, data): (&mut dyn Bytes, u64),
        other: &Self,
        (other_source, other_data): (&mut dyn Bytes, u64),
    ) -> Attempt<bool> {
        if (&self.shape, self.stored) != (&other.shape, other.stored) {
            return Ok(false);
        }
        let mut left = self.shape.iter().product::<usize>() * self.stored.bytes();
        let (mut ours, mut theirs) = ([0; CHUNK], [0; CHUNK]);
        source.seek(SeekFrom::Start(data + self.begin))?;
        other_source.seek(SeekFrom::Start(other_data + other.begin))?;
        while left > 0 {
            let len = left.min(CHUNK);
            source.read_exact(&mut ours[..len])?;
            other_source.read_exact(&mut theirs[..len])?;
            if ours[..len] != theirs[..len] {
                return Ok(false);
            }
            left -= len;
        }
        Ok(true)
    }
}

/// Returns a shape as that of a matrix: the first axis, and all others merged.
pub(super) fn matrix(shape: &[usize]) -> (usize, usize) {
    match shape {
        [] => (1, 1),
        [rows, columns @ ..] => (*rows, columns.iter().product()),
    }
}

/// A reader of the matrix of a tensor.
struct Reader<'a> {
    piece: &'a Piece,
    source: &'a mut dyn Bytes,
    /// The offset of the tensor in the file.
    start: u64,
    /// Number of columns.
    width: usize,
}

impl Reader<'_> {
    /// Reads some rows of some columns, row by row.
    fn read<T: Scalar>(
        &mut self,
        rows: Range<usize>,
        columns: Range<usize>,
        values: &mut [T],
    ) -> Attempt<()> {
        if columns.len() == self.width {
            return self.read_run(rows.start * self.width, values);
        }
        rows.zip(values.chunks_exact_mut(columns.len()))
            .try_for_each(|(row, values)| self.read_run(row * self.width + columns.start, values))
    }

    /// Reads consecutive numbers, beginning with element `position`. They must be finite, also after
    /// rounding to `T`.
    fn read_run<T: Scalar>(&mut self, position: usize, values: &mut [T]) -> Attempt<()> {
        let Self { piece, start, .. } = *self;
        let stored = piece.stored;
        self.source.seek(SeekFrom::Start(start + (position * stored.bytes()) as u64))?;
        let mut bytes = [0; CHUNK];
        let per_chunk = CHUNK / stored.bytes();
        for (i, values) in values.chunks_mut(per_chunk).enumerate() {
            let bytes = &mut bytes[..values.len() * stored.bytes()];
            self.source.read_exact(bytes)?;
            stored.decode(bytes, values);
            if let Some(at) = values.iter().position(|x| !x.is_finite()) {
                let mut value = [0.0_f64];
                stored.decode(&bytes[at * stored.bytes()..], &mut value);
                let at = position + i * per_chunk + at;
                return Err(not_finite_at(&piece.tensor, &piece.shape, at, value[0], T::NAME));
            }
        }
        Ok(())
    }
}

/// Returns the problem of the `value` at `position`, counted in the order of the file.
pub(super) fn not_finite_at(
    name: &str,
    shape: &[usize],
    mut position: usize,
    value: f64,
    scalar: &'static str,
) -> FileProblem {
    let mut index: Vec<usize> = shape
        .iter()
        .rev()
        .map(|&size| {
            let along = position % size;
            position /= size;
            along
        })
        .collect();
    index.reverse();
    FileProblem::NotFinite { name: name.to_owned().into(), index, value, scalar }
}
