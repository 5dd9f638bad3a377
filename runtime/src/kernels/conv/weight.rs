//! The gradient of the weight: for each tap and each output, a sum over the positions.

use super::Conv;
use super::chunk::{DEPTH, Parts, ROWS, least};
use super::correlate::Correlation;
use super::dots;
use super::strips::{Strip, Strips};
use super::tile::{Gathered, Start};
use super::window::{Place, Window};
use crate::kernels::pitch::Rows;
use crate::kernels::transpose::transpose;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// Adds the gradient to `dw`.
///
/// The product's left side is read as the forward pass reads it, with the taps as rows and the positions
/// as terms of the sums; its right side is `dy` with the outputs as columns.
#[inline(always)]
pub(super) fn add<T: Scalar, S: Simd<T>>(
    simd: S,
    conv: &Conv,
    x: Rows<'_, T>,
    dy: Rows<'_, T>,
    dw: &mut [T],
    scratch: &mut [T],
) {
    let correlation = Correlation::forward(conv);
    // Only processors of long ago lack this instruction, and one kernel is enough for them.
    if const { S::FMA } && dots::takes::<T, S>(&correlation) {
        return dots::add(simd, conv, x, dy, dw, scratch);
    }
    let Parts { panel, sums, turned, window } = Parts::of(&correlation, scratch);
    let mut positions = [0; ROWS];
    let mut taps = [0; ROWS];
    let mut places = correlation.places(x.count);
    while let Some(place) = places.next() {
        let window = Window::new(simd, &correlation, &place, x, window);
        let count = window.positions(&correlation, place.size, &mut positions);
        let mut strips = Strips::of::<T, S>(correlation.targets);
        while let Some(strip) = strips.next() {
            let mut first = 0;
            while first < correlation.depth() {
                let rows = least(ROWS, correlation.depth() - first);
                window.taps(&correlation, first, &mut taps[..rows]);
                let mut done = 0;
                while done < count {
                    let depth = least(DEPTH, count - done);
                    pack(simd, &correlation, &place, &strip, dy, [done, depth], panel);
                    let product = Gathered {
                        a: window.data,
                        rows: &taps[..rows],
                        depth: &positions[done..][..depth],
                        b: panel,
                        c: sums,
                        vectors: strip.vectors,
                        start: if done > 0 { Start::Output } else { Start::Zero },
                    };
                    product.run(simd);
                    done += depth;
                }
                unload(simd, &correlation, &place, &strip, [first, rows], sums, turned, dw);
                first += rows;
            }
        }
    }
}

/// Writes `dy` of a strip of outputs, a row for each of `count` positions of a chunk from `first` on.
#[inline(always)]
fn pack<T: Scalar, S: Simd<T>>(
    simd: S,
    correlation: &Correlation,
    place: &Place,
    strip: &Strip,
    dy: Rows<'_, T>,
    [first, count]: [usize; 2],
    panel: &mut [T],
) {
    let width = strip.vectors * S::LANES;
    let [height, columns] = &correlation.axes;
    let pixels = height.target * columns.target;
    // the positions of a chunk in one sample are contiguous
    let each = place.size.rows * place.size.columns;
    let begin = place.top * columns.target + place.left;
    let channel = place.group * correlation.targets + strip.first;
    if strip.count < width {
        panel[..count * width].fill(T::ZERO);
    }
    let mut done = 0;
    while done < count {
        let (sample, position) = ((first + done) / each, (first + done) % each);
        let positions = least(each - position, count - done);
        let dy = &dy.row(place.sample + sample)[channel * pixels + begin + position..];
        let panel = &mut panel[done * width..];
        transpose(simd, [strip.count, positions], dy, pixels, panel, width);
        done += positions;
    }
}

/// Adds the sums of a strip, rows of which are the taps from `first` on, to the gradient.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "a place, and buffers in and out")]
fn unload<T: Scalar, S: Simd<T>>(
    simd: S,
    correlation: &Correlation,
    place: &Place,
    strip: &Strip,
    [first, rows]: [usize; 2],
    sums: &[T],
    turned: &mut [T],
    dw: &mut [T],
) {
    let width = strip.vectors * S::LANES;
    let whole = rows.next_multiple_of(S::LANES);
    let pitch = whole + S::LANES;
    let mut lane = 0;
    while lane < strip.count {
        transpose(simd, [whole, S::LANES], &sums[lane..], width, turned, pitch);
        let lanes = least(S::LANES, strip.count - lane);
        for (i, sums) in turned.chunks(pitch).take(lanes).enumerate() {
            let channel = place.group * correlation.targets + strip.first + lane + i;
            let dw = &mut dw[channel * correlation.depth() + first..][..rows];
            for (dw, sum) in dw.iter_mut().zip(sums) {
                *dw += *sum;
            }
        }
        lane += S::LANES;
    }
}
