//! Iterators over the parts of a correlation: its chunks, and strips of its target channels. (They are plain
//! structs, since closures are not compiled for the instruction set.)

use super::chunk::{Chunk, least};
use super::window::Place;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// Consecutive target channels of a group, whose sums are the lanes of some vectors.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strip {
    /// The first channel.
    pub first: usize,
    /// Number of channels.
    pub count: usize,
    /// Number of vectors that hold them.
    pub vectors: usize,
}

/// Divides channels into strips of nearly the same width.
pub(super) struct Strips {
    channels: usize,
    lanes: usize,
    first: usize,
    vectors: usize,
    strips: usize,
}

impl Strips {
    #[inline(always)]
    pub fn of<T: Scalar, S: Simd<T>>(channels: usize) -> Self {
        let vectors = channels.div_ceil(S::LANES);
        let strips = vectors.div_ceil(S::TILE_VECTORS);
        Self { channels, lanes: S::LANES, first: 0, vectors, strips }
    }

    #[inline(always)]
    pub fn next(&mut self) -> Option<Strip> {
        if self.strips == 0 {
            return None;
        }
        let vectors = self.vectors.div_ceil(self.strips);
        let count = least(vectors * self.lanes, self.channels - self.first);
        let strip = Strip { first: self.first, count, vectors };
        self.first += count;
        self.vectors -= vectors;
        self.strips -= 1;
        Some(strip)
    }
}

/// Divides the positions of all samples and groups into chunks.
pub(super) struct Places {
    pub(super) next: Place,
    pub(super) most: Chunk,
    pub(super) samples: usize,
    pub(super) whole: [usize; 2],
    pub(super) groups: usize,
}

impl Places {
    #[inline(always)]
    pub fn next(&mut self) -> Option<Place> {
        let [rows, columns] = self.whole;
        let mut place = self.next;
        if place.sample >= self.samples || rows * columns == 0 {
            return None;
        }
        place.size = Chunk {
            samples: least(self.most.samples, self.samples - place.sample),
            rows: least(self.most.rows, rows - place.top),
            columns: least(self.most.columns, columns - place.left),
        };
        let next = &mut self.next;
        next.left += place.size.columns;
        if next.left == columns {
            (next.left, next.top) = (0, next.top + place.size.rows);
        }
        if next.top == rows {
            (next.top, next.group) = (0, next.group + 1);
        }
        if next.group == self.groups {
            (next.group, next.sample) = (0, next.sample + place.size.samples);
        }
        Some(place)
    }
}

/// An iterator over the indices (source channel, row, column) of taps.
pub(super) struct Taps {
    pub(super) next: [usize; 3],
    pub(super) rows: usize,
    pub(super) columns: usize,
}

impl Taps {
    #[inline(always)]
    pub fn next(&mut self) -> [usize; 3] {
        let now @ [channel, row, column] = self.next;
        self.next = if column + 1 < self.columns {
            [channel, row, column + 1]
        } else if row + 1 < self.rows {
            [channel, row + 1, 0]
        } else {
            [channel + 1, 0, 0]
        };
        now
    }
}
