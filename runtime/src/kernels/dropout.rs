//! Dropout whose mask is computed from the position of each element. The mask is not stored: the
//! backward pass computes it again.
//!
//! Element i of a stream is kept iff a hash of (seed, stream, i) is at least p. The hash is a
//! counter-based generator in the manner of Salmon et al. 2011, of 32-bit operations only, since
//! AVX2 and NEON multiply only those in vectors (Philox needs 32 x 32 -> 64 bits, which is half as
//! fast there): the three rounds of Wellons' `triple32` (nullprogram.com, "Prospecting for hash
//! functions", 2018; bias 0.02 of 2^-32 from ideal avalanche), before each of which a word of the
//! key is mixed in. With a single key word, one stream would be a permutation of another.

use crate::scalar::Scalar;
use crate::simd::Simd;
use std::ops::Range;

/// The stream of a pass without dropout: nothing is dropped. No pass with dropout has it.
pub const NOTHING_DROPPED: u64 = u64::MAX;

/// y = x / (1 - p) if an element is kept, 0 if it is dropped, which happens with probability `p`
/// (inverted dropout, Srivastava et al. 2014; PyTorch's form). All are dropped for p = 1.
///
/// `key` is (seed, stream), with a stream for every dropout layer and step. `first` is the position of
/// `x[0]` in its stream, so that tiles and threads compute parts of the same mask.
#[inline(always)]
pub fn dropout<T: Scalar, S: Simd<T>>(
    simd: S,
    key: (u64, u64),
    first: u64,
    p: f64,
    x: &[T],
    y: &mut [T],
) {
    y.copy_from_slice(x);
    dropout_in_place(simd, key, first, p, y);
}

/// Like [`dropout`], in place. It also computes the gradient: dy under the same mask.
#[inline(always)]
pub fn dropout_in_place<T: Scalar, S: Simd<T>>(
    simd: S,
    key: (u64, u64),
    first: u64,
    p: f64,
    x: &mut [T],
) {
    simd.dropout(key, first, p, x);
}

/// [`dropout_in_place`] as it is compiled with the library.
#[inline(always)]
pub(super) fn compiled<T: Scalar, S: Simd<T>>(
    simd: S,
    key: (u64, u64),
    first: u64,
    p: f64,
    x: &mut [T],
) {
    if key.1 == NOTHING_DROPPED {
        return;
    }
    let scale = simd.lane(T::from_f64(if p < 1.0 { 1.0 / (1.0 - p) } else { 0.0 }));
    for_key_ranges(key, first, p, x.len(), |range, mask, mut low| {
        for x in &mut x[range] {
            let kept = (simd.lane(*x) * scale).value;
            *x = if mask.keeps(low) { kept } else { T::ZERO };
            low = low.wrapping_add(1);
        }
    });
}

/// Returns true if the element at `index` is kept, for drop probability `p`.
#[must_use]
#[inline(always)]
pub const fn keep(key: (u64, u64), index: u64, p: f64) -> bool {
    Mask::new(key, index, p).keeps(index as u32)
}

/// Calls `each` for every range of elements whose indices have the same upper 32 bits, since these
/// are part of the key. There is nearly always one range.
#[inline(always)]
fn for_key_ranges(
    key: (u64, u64),
    first: u64,
    p: f64,
    len: usize,
    mut each: impl FnMut(Range<usize>, Mask, u32),
) {
    let mut done = 0;
    while done < len {
        let index = first + done as u64;
        let elements = ((1 << 32) - u64::from(index as u32)).min((len - done) as u64) as usize;
        each(done..done + elements, Mask::new(key, index, p), index as u32);
        done += elements;
    }
}

/// The mask of 2^32 elements, whose indices have the same upper 32 bits.
#[derive(Clone, Copy)]
struct Mask {
    key: [u32; 3],
    /// p in units of 2^-31, so that 1 is representable.
    threshold: u32,
}

impl Mask {
    #[inline(always)]
    const fn new((seed, stream): (u64, u64), index: u64, p: f64) -> Self {
        let low = split_mix(seed ^ split_mix(stream ^ split_mix(index >> 32)));
        let high = split_mix(low);
        let key = [low as u32, (low >> 32) as u32, high as u32];
        Self { key, threshold: (p * (1_u64 << 31) as f64) as u32 }
    }

    /// Returns true if the element is kept whose index has these lower 32 bits.
    #[inline(always)]
    const fn keeps(self, low: u32) -> bool {
        let mut x = low ^ self.key[0];
        x = (x ^ (x >> 17)).wrapping_mul(0xed5a_d4bb) ^ self.key[1];
        x = (x ^ (x >> 11)).wrapping_mul(0xac4c_1b51) ^ self.key[2];
        x = (x ^ (x >> 15)).wrapping_mul(0x3184_8bab);
        (x ^ (x >> 14)) >> 1 >= self.threshold
    }
}

/// One step of SplitMix64 (Steele, Lea and Flood 2014): mixes the bits of a seed.
#[inline(always)]
const fn split_mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests;
