//! The part of a source that a chunk reads, with its padding.

use super::axis::Axis;
use super::chunk::{Chunk, plane};
use super::correlate::Correlation;
use crate::kernels::pitch::Rows;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// The place of a chunk: the first and the number of its samples, rows and columns, and its group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub group: usize,
    pub sample: usize,
    pub top: usize,
    pub left: usize,
    pub size: Chunk,
}

/// The part of the source that a chunk reads, of one group.
#[derive(Clone, Copy)]
pub(super) struct Window<'a, T> {
    /// Its elements: the first is what the first tap of the first position reads.
    pub data: &'a [T],
    /// Distance between two samples.
    pub sample: usize,
    /// Distance between two channels.
    channel: usize,
    /// Distance between two rows.
    pub row: usize,
    /// Number of parts of a row, and the length of each.
    parts: [usize; 2],
}

impl<'a, T: Scalar> Window<'a, T> {
    /// Returns the source itself, if nothing is read outside of it, or else a copy in `room`.
    #[inline(always)]
    pub fn new<S: Simd<T>>(
        simd: S,
        correlation: &Correlation,
        place: &Place,
        source: Rows<'a, T>,
        room: &'a mut [T],
    ) -> Self {
        if correlation.reads_in_place() {
            return Self::in_place(correlation, place, source);
        }
        Self::copied(simd, correlation, place, source, room, 1)
    }

    /// Returns a window in which the elements that consecutive positions read are contiguous, and that has
    /// whole vectors of them at its end.
    #[inline(always)]
    pub fn contiguous<S: Simd<T>>(
        simd: S,
        correlation: &Correlation,
        place: &Place,
        source: Rows<'a, T>,
        room: &'a mut [T],
    ) -> Self {
        let stride = correlation.axes[1].stride;
        let end = (place.sample + place.size.samples - 1) * source.pitch + source.len;
        if stride == 1 && correlation.reads_in_place() && end + S::LANES <= source.data.len() {
            return Self::in_place(correlation, place, source);
        }
        Self::copied(simd, correlation, place, source, room, stride)
    }

    #[inline(always)]
    fn in_place(correlation: &Correlation, place: &Place, source: Rows<'a, T>) -> Self {
        let [height, width] = &correlation.axes;
        let pixels = height.source * width.source;
        let (top, left) = (height.first(place.top), width.first(place.left));
        let first = place.sample * source.pitch + place.group * correlation.sources * pixels;
        let first = first + top as usize * width.source + left as usize;
        Self {
            data: source.data.get(first..).unwrap_or_default(),
            sample: source.pitch,
            channel: pixels,
            row: width.source,
            parts: [1, 0],
        }
    }

    /// Copies the source. Of each row, every `stride`-th element makes one of `stride` parts.
    #[inline(always)]
    fn copied<S: Simd<T>>(
        simd: S,
        correlation: &Correlation,
        place: &Place,
        source: Rows<'a, T>,
        room: &'a mut [T],
        stride: usize,
    ) -> Self {
        let [height, width] = &correlation.axes;
        let pixels = height.source * width.source;
        let channels = correlation.sources;
        let rows = height.span(place.size.rows);
        let parts = [stride, width.span(place.size.columns).div_ceil(stride)];
        let columns = parts[0] * parts[1];
        let window = plane(rows, columns);
        for sample in 0..place.size.samples {
            let from = &source.row(place.sample + sample)[place.group * channels * pixels..];
            for channel in 0..channels {
                let from = &from[channel * pixels..][..pixels];
                let to = &mut room[(sample * channels + channel) * window..];
                copy(simd, &correlation.axes, place, from, to, rows, parts);
            }
        }
        Self { data: room, sample: channels * window, channel: window, row: columns, parts }
    }

    /// Writes the offset of each position of a chunk, and returns their number.
    #[inline(always)]
    pub fn positions(&self, correlation: &Correlation, size: Chunk, to: &mut [usize]) -> usize {
        let [height, width] = &correlation.axes;
        let mut count = 0;
        for sample in 0..size.samples {
            for row in 0..size.rows {
                let first = sample * self.sample + row * height.stride * self.row;
                for (column, to) in to[count..][..size.columns].iter_mut().enumerate() {
                    *to = first + column * width.stride;
                }
                count += size.columns;
            }
        }
        count
    }

    /// Writes the offsets of the taps from `first` on: of all taps of the first channel, then of the next.
    #[inline(always)]
    pub fn taps(&self, correlation: &Correlation, first: usize, to: &mut [usize]) {
        let [height, width] = &correlation.axes;
        let mut each = correlation.taps(first);
        for to in to {
            let [channel, row, column] = each.next();
            let column = match self.parts {
                [1, _] => width.place(column),
                [parts, len] => width.place(column) % parts * len + width.place(column) / parts,
            };
            *to = channel * self.channel + height.place(row) * self.row + column;
        }
    }
}

/// Copies what a chunk reads of one channel, with zeros outside of the source.
#[inline(always)]
fn copy<T: Scalar, S: Simd<T>>(
    simd: S,
    [height, width]: &[Axis; 2],
    place: &Place,
    from: &[T],
    to: &mut [T],
    rows: usize,
    parts: [usize; 2],
) {
    let columns = parts[0] * parts[1];
    let down = Inside::of(height, place.top, rows);
    let along = Inside::of(width, place.left, columns);
    let to = &mut to[..rows * columns];
    if down.len < rows || along.len < columns {
        to.fill(T::ZERO);
    }
    if down.len == 0 || along.len == 0 {
        return;
    }
    let from = &from[down.from * width.source + along.from..];
    if parts[0] > 1 {
        for (row, to) in to[down.to * columns..].chunks_mut(columns).take(down.len).enumerate() {
            divide(&from[row * width.source..][..along.len], along.to, parts, to);
        }
        return;
    }
    let to = &mut to[down.to * columns + along.to..];
    let len = along.len;
    assert!((down.len - 1) * width.source + len <= from.len());
    assert!((down.len - 1) * columns + len <= to.len());
    for row in 0..down.len {
        let from = from.as_ptr().wrapping_add(row * width.source);
        let to = to.as_mut_ptr().wrapping_add(row * columns);
        // Rows are short: a call of `memcpy` for each, or a check, would take as long as 100 products.
        // SAFETY: the last scalar of the last row has been checked.
        unsafe {
            let mut at = 0;
            while at + S::LANES <= len {
                simd.store(to.wrapping_add(at), simd.load(from.wrapping_add(at)));
                at += S::LANES;
            }
            if at < len && len >= S::LANES {
                // again some of the vector before
                let at = len - S::LANES;
                simd.store(to.wrapping_add(at), simd.load(from.wrapping_add(at)));
            } else if at < len {
                simd.store_first(to, simd.load_first(from, len), len);
            }
        }
    }
}

/// Copies a row that begins at column `first`, divided into parts.
#[inline(always)]
fn divide<T: Scalar>(row: &[T], first: usize, [parts, len]: [usize; 2], to: &mut [T]) {
    for begin in 0..parts.min(row.len()) {
        let column = first + begin;
        let (from, to) = (&row[begin..], &mut to[column % parts * len + column / parts..]);
        if parts == 2 {
            // a constant, so that it fills vectors
            for (to, from) in to.iter_mut().zip(from.chunks(2)) {
                *to = from[0];
            }
        } else {
            for (to, from) in to.iter_mut().zip(from.iter().step_by(parts)) {
                *to = *from;
            }
        }
    }
}

/// The part of a window that is inside of the source, along one axis.
struct Inside {
    /// Its first place in the source.
    from: usize,
    /// Its first place in the window.
    to: usize,
    len: usize,
}

impl Inside {
    #[inline(always)]
    fn of(axis: &Axis, position: usize, span: usize) -> Self {
        let first = axis.first(position);
        let end = (first + span as isize).clamp(0, axis.source as isize) as usize;
        let from = first.clamp(0, axis.source as isize) as usize;
        let to = (from as isize - first) as usize;
        Self { from, to, len: end.saturating_sub(from) }
    }
}
