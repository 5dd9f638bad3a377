//! Divides the positions of a correlation into chunks, and the scratch memory into the buffers of a chunk.

use super::correlate::Correlation;
use crate::scalar::Scalar;

/// Largest number of rows of a product, which are the positions of a chunk or weights: the panel of the
/// other side is packed once for so many.
pub(super) const ROWS: usize = 512;
/// Largest number of terms of a sum in registers: a panel of so many rows stays in the L1 cache.
pub(super) const DEPTH: usize = 256;
/// Most lanes of a vector on any instruction set.
pub(super) const LANES: usize = 16;
/// Most columns of a strip on any instruction set.
pub(super) const WIDTH: usize = 3 * LANES;
/// Bytes of a cache line.
const LINE: usize = 64;

/// The number of samples, rows and columns of positions that are computed together: some rows, a part of a
/// row, or several whole samples.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    pub samples: usize,
    pub rows: usize,
    pub columns: usize,
}

impl Chunk {
    /// Returns the division for a grid of positions, as even as possible.
    pub const fn of([rows, columns]: [usize; 2]) -> Self {
        let positions = rows * columns;
        if positions == 0 {
            return Self { samples: 1, rows: 1, columns: 1 };
        }
        if positions <= ROWS {
            return Self { samples: ROWS / positions, rows, columns };
        }
        if columns <= ROWS {
            return Self { samples: 1, rows: even(rows, ROWS / columns), columns };
        }
        Self { samples: 1, rows: 1, columns: even(columns, ROWS) }
    }

    /// Returns the most positions of a chunk.
    const fn positions(&self) -> usize {
        self.samples * self.rows * self.columns
    }
}

/// Returns the size of the parts if `all` is divided into parts of nearly the same size, at most `most`.
const fn even(all: usize, most: usize) -> usize {
    all.div_ceil(all.div_ceil(most))
}

/// Returns the number of scalars between two planes of a window. An odd number of cache lines, so that the
/// planes do not compete for the same lines of the cache.
pub(super) const fn plane(rows: usize, columns: usize) -> usize {
    const ODD: usize = LINE / 4;
    let lines = (rows * columns).div_ceil(ODD);
    (lines | 1) * ODD
}

/// The buffers of a chunk.
pub(super) struct Parts<'a, T> {
    /// A strip of the right side: up to [`DEPTH`] rows.
    pub panel: &'a mut [T],
    /// The result: up to [`ROWS`] rows.
    pub sums: &'a mut [T],
    /// Some columns of the result, as rows.
    pub turned: &'a mut [T],
    /// The copy of the source.
    pub window: &'a mut [T],
}

/// The number of scalars of each buffer.
struct Sizes {
    panel: usize,
    sums: usize,
    turned: usize,
    window: usize,
}

impl Sizes {
    const fn of(correlation: &Correlation) -> Self {
        let [height, width] = correlation.axes;
        let chunk = Chunk::of([height.positions, width.positions]);
        let taps = height.taps * width.taps * correlation.sources;
        // of this many weights or positions, the weight gradient's or the others' result has rows
        let rows = most(least(ROWS, taps), chunk.positions()).next_multiple_of(LANES);
        let columns = least(correlation.targets.next_multiple_of(LANES), WIDTH);
        let depth = least(most(taps, chunk.positions()), DEPTH);
        // a row may be divided into parts of the same length
        let columns_read = width.span(chunk.columns).next_multiple_of(width.stride);
        let planes = plane(height.span(chunk.rows), columns_read);
        let window = chunk.samples * correlation.sources * planes;
        Self {
            panel: depth * columns,
            sums: rows * columns,
            turned: LANES * (rows + LANES),
            window: match (correlation.may_have_few_targets(), correlation.reads_in_place()) {
                // whole vectors are read at the end of the last row
                (true, _) => window + LANES,
                (false, true) => 0,
                (false, false) => window,
            },
        }
    }

    /// Returns the number of scalars of all, with room for aligning each.
    const fn all(&self) -> usize {
        self.panel + self.sums + self.turned + self.window + 4 * LANES
    }
}

/// Returns the number of scalars of scratch for a correlation and its weight gradient.
pub(super) const fn scratch(correlation: &Correlation) -> usize {
    Sizes::of(correlation).all()
}

impl<'a, T: Scalar> Parts<'a, T> {
    /// Divides `scratch`.
    ///
    /// # Panics
    /// If it is too short.
    pub fn of(correlation: &Correlation, scratch: &'a mut [T]) -> Self {
        let sizes = Sizes::of(correlation);
        assert!(
            scratch.len() >= sizes.all(),
            "{} scalars of scratch, where {} are needed",
            scratch.len(),
            sizes.all()
        );
        let (panel, rest) = aligned(scratch).split_at_mut(sizes.panel);
        let (sums, rest) = aligned(rest).split_at_mut(sizes.sums);
        let (turned, rest) = aligned(rest).split_at_mut(sizes.turned);
        let window = &mut aligned(rest)[..sizes.window];
        Self { panel, sums, turned, window }
    }
}

/// Returns the part of a buffer that begins at a cache line.
fn aligned<T>(buffer: &mut [T]) -> &mut [T] {
    let skip = buffer.as_ptr().align_offset(LINE);
    &mut buffer[skip..]
}

pub(super) const fn least(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

const fn most(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}
