//! Transposition of blocks. A vector has four lanes of 128 bits. Masked reads put each lane in its place,
//! which takes no shuffle; transpositions within the lanes remain.
//!
//! 16 x 16 `f32` take 48 masked reads and 32 shuffles. Exchanging rows in four stages would take 64
//! shuffles, of which the processor does one per cycle.

use core::arch::x86_64::*;

/// Reads one lane from each of four rows that are `stride` apart.
macro_rules! lanes {
    ($from:expr, $stride:expr, $load:ident, $broadcast:ident, $mask_broadcast:ident, $masks:expr) => {{
        let (from, stride, [second, third, fourth]) = ($from, $stride, $masks);
        let rows = $broadcast($load(from));
        let rows = $mask_broadcast(rows, second, $load(from.wrapping_add(stride)));
        let rows = $mask_broadcast(rows, third, $load(from.wrapping_add(2 * stride)));
        $mask_broadcast(rows, fourth, $load(from.wrapping_add(3 * stride)))
    }};
}

/// Transposes 16 x 16 scalars: `to[j * to_stride + i] = from[i * from_stride + j]`.
///
/// # Safety
/// Each of the 16 rows of `from` must be valid for reads of 16 scalars, and each row of `to` for writes of
/// as many. The two do not overlap. The processor has AVX-512 with its DQ part.
#[inline(always)]
pub unsafe fn f32s(from: *const f32, from_stride: usize, to: *mut f32, to_stride: usize) {
    // SAFETY: the caller's promise; lane a of the vector b of the columns from 4 q is
    // from[4 a + b][4 q ..].
    unsafe {
        for q in 0..4 {
            let mut b = [_mm512_setzero_ps(); 4];
            for (row, b) in b.iter_mut().enumerate() {
                *b = lanes!(
                    from.wrapping_add(row * from_stride + 4 * q),
                    4 * from_stride,
                    _mm_loadu_ps,
                    _mm512_broadcast_f32x4,
                    _mm512_mask_broadcast_f32x4,
                    [0x00f0, 0x0f00, 0xf000]
                );
            }
            let pairs = [
                [_mm512_unpacklo_ps(b[0], b[1]), _mm512_unpacklo_ps(b[2], b[3])],
                [_mm512_unpackhi_ps(b[0], b[1]), _mm512_unpackhi_ps(b[2], b[3])],
            ];
            for (half, [first, last]) in pairs.into_iter().enumerate() {
                let [first, last] = [_mm512_castps_pd(first), _mm512_castps_pd(last)];
                let rows = [_mm512_unpacklo_pd(first, last), _mm512_unpackhi_pd(first, last)];
                for (row, vector) in rows.into_iter().enumerate() {
                    let to = to.wrapping_add((4 * q + 2 * half + row) * to_stride);
                    _mm512_storeu_ps(to, _mm512_castpd_ps(vector));
                }
            }
        }
    }
}

/// Transposes 8 x 8 scalars: `to[j * to_stride + i] = from[i * from_stride + j]`.
///
/// # Safety
/// Like [`f32s`], with 8 instead of 16.
#[inline(always)]
pub unsafe fn f64s(from: *const f64, from_stride: usize, to: *mut f64, to_stride: usize) {
    // SAFETY: the caller's promise; lane a of the vector b of the columns from 2 q is
    // from[2 a + b][2 q ..].
    unsafe {
        for q in 0..4 {
            let mut b = [_mm512_setzero_pd(); 2];
            for (row, b) in b.iter_mut().enumerate() {
                *b = lanes!(
                    from.wrapping_add(row * from_stride + 2 * q),
                    2 * from_stride,
                    _mm_loadu_pd,
                    _mm512_broadcast_f64x2,
                    _mm512_mask_broadcast_f64x2,
                    [0b0000_1100, 0b0011_0000, 0b1100_0000]
                );
            }
            let rows = [_mm512_unpacklo_pd(b[0], b[1]), _mm512_unpackhi_pd(b[0], b[1])];
            for (row, vector) in rows.into_iter().enumerate() {
                _mm512_storeu_pd(to.wrapping_add((2 * q + row) * to_stride), vector);
            }
        }
    }
}
