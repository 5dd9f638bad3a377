//! The part of a source that a chunk reads, with its padding.

use super::axis::Axis;
use super::chunk::{Chunk, plane};
use super::correlate::Correlation;
use crate::kernels::pitch::Rows;
use crate::scalar::Scalar;

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
    sample: usize,
    /// Distance between two channels.
    channel: usize,
    /// Distance between two rows.
    row: usize,
}

impl<'a, T: Scalar> Window<'a, T> {
    /// Returns the source itself, if nothing is read outside of it, or else a copy in `room`.
    #[inline(always)]
    pub fn new(
        correlation: &Correlation,
        place: &Place,
        source: Rows<'a, T>,
        room: &'a mut [T],
    ) -> Self {
        let [height, width] = &correlation.axes;
        let pixels = height.source * width.source;
        let channels = correlation.sources;
        if correlation.is_inside() {
            let (top, left) = (height.first(place.top), width.first(place.left));
            let first = place.group * channels * pixels;
            let first = first + top as usize * width.source + left as usize;
            return Self {
                data: source.data.get(place.sample * source.pitch + first..).unwrap_or_default(),
                sample: source.pitch,
                channel: pixels,
                row: width.source,
            };
        }
        let [rows, columns] = [height.span(place.size.rows), width.span(place.size.columns)];
        let window = plane(rows, columns);
        for sample in 0..place.size.samples {
            let from = &source.row(place.sample + sample)[place.group * channels * pixels..];
            for channel in 0..channels {
                let from = &from[channel * pixels..][..pixels];
                let to = &mut room[(sample * channels + channel) * window..][..window];
                copy(height, width, place, from, to, [rows, columns]);
            }
        }
        Self { data: room, sample: channels * window, channel: window, row: columns }
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
            *to = channel * self.channel + height.place(row) * self.row + width.place(column);
        }
    }
}

/// Copies what a chunk reads of one channel.
#[inline(always)]
fn copy<T: Scalar>(
    height: &Axis,
    width: &Axis,
    place: &Place,
    from: &[T],
    to: &mut [T],
    [rows, columns]: [usize; 2],
) {
    let (top, left) = (height.first(place.top), width.first(place.left));
    // columns before the source, in it, and behind it
    let before = (-left).clamp(0, columns as isize) as usize;
    let end = (width.source as isize - left).clamp(before as isize, columns as isize) as usize;
    for (row, to) in to.chunks_exact_mut(columns.max(1)).take(rows).enumerate() {
        let row = top + row as isize;
        if row < 0 || row >= height.source as isize || before == end {
            to.fill(T::ZERO);
            continue;
        }
        let from = &from[row as usize * width.source..][..width.source];
        let from = &from[(left + before as isize) as usize..][..end - before];
        to[..before].fill(T::ZERO);
        to[before..end].copy_from_slice(from);
        to[end..].fill(T::ZERO);
    }
}
