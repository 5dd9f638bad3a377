//! NEON: 4 `f32` or 2 `f64` per vector, 32 registers.

use super::{Isa, Simd, Vectorize};
use crate::scalar::Scalar;
use core::arch::aarch64::*;

/// The token that proves that this processor has NEON.
#[derive(Clone, Copy, Debug)]
pub struct Neon(());

impl Neon {
    /// Returns the token if this processor has the features.
    #[must_use]
    #[inline]
    pub fn detect() -> Option<Self> {
        std::arch::is_aarch64_feature_detected!("neon").then_some(Self(()))
    }

    /// Runs `operation`, compiled with these features.
    #[inline]
    pub(super) fn enter<T: Scalar, O: Vectorize<T>>(self, operation: O) -> O::Output
    where
        Self: Simd<T>,
    {
        // SAFETY: a token exists only where the processor has the features.
        unsafe { run(self, operation) }
    }
}

#[target_feature(enable = "neon")]
#[inline(never)]
fn run<T: Scalar, O: Vectorize<T>>(token: Neon, operation: O) -> O::Output
where
    Neon: Simd<T>,
{
    operation.run(token)
}

impl Isa for Neon {
    const FMA: bool = true;
}

macro_rules! neon {
    (
        $t:ident, $vector:ident, $lanes:literal, $splat:ident, $add:ident, $fma:ident, $sum:ident,
        $load:ident, $store:ident, $transpose:expr
    ) => {
        impl Simd<$t> for Neon {
            type Vector = $vector;
            const LANES: usize = $lanes;
            const ACCUMULATORS: usize = 24;
            const TILE_VECTORS: usize = 3;

            #[inline(always)]
            fn outlined<O: Vectorize<$t>>(self, operation: O) -> O::Output {
                self.enter(operation)
            }
            #[inline(always)]
            fn splat(self, x: $t) -> $vector {
                // SAFETY: the token proves NEON.
                unsafe { $splat(x) }
            }
            #[inline(always)]
            fn add(self, a: $vector, b: $vector) -> $vector {
                // SAFETY: the token proves NEON.
                unsafe { $add(a, b) }
            }
            #[inline(always)]
            fn mul_add(self, a: $vector, b: $vector, c: $vector) -> $vector {
                // SAFETY: the token proves NEON.
                unsafe { $fma(c, a, b) }
            }
            #[inline(always)]
            fn sum(self, a: $vector) -> $t {
                // SAFETY: the token proves NEON.
                unsafe { $sum(a) }
            }
            #[inline(always)]
            unsafe fn splat_at(self, from: *const $t) -> $vector {
                // SAFETY: the caller's promise.
                self.splat(unsafe { from.read_unaligned() })
            }
            #[inline(always)]
            unsafe fn load(self, from: *const $t) -> $vector {
                // SAFETY: the caller's promise.
                unsafe { $load(from) }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $t, a: $vector) {
                // SAFETY: the caller's promise.
                unsafe { $store(to, a) }
            }
            #[inline(always)]
            unsafe fn load_first(self, from: *const $t, n: usize) -> $vector {
                let mut lanes = [0.0; $lanes];
                for i in 0..n {
                    // SAFETY: the caller's promise.
                    lanes[i] = unsafe { *from.add(i) };
                }
                // SAFETY: the array has one vector's lanes.
                unsafe { $load(lanes.as_ptr()) }
            }
            #[inline(always)]
            unsafe fn store_first(self, to: *mut $t, a: $vector, n: usize) {
                let mut lanes = [0.0; $lanes];
                // SAFETY: the array has one vector's lanes.
                unsafe { $store(lanes.as_mut_ptr(), a) };
                for i in 0..n {
                    // SAFETY: the caller's promise.
                    unsafe { *to.add(i) = lanes[i] }
                }
            }
            // The instruction has no stable intrinsic, and these cores prefetch well by themselves.
            #[inline(always)]
            fn prefetch(self, _at: *const $t) {}
            #[inline(always)]
            unsafe fn transpose(
                self,
                from: *const $t,
                from_stride: usize,
                to: *mut $t,
                to_stride: usize,
            ) {
                // SAFETY: the caller's promise; each load and store is one row.
                unsafe {
                    let mut rows = [$splat(0.0); $lanes];
                    for i in 0..$lanes {
                        rows[i] = $load(from.add(i * from_stride));
                    }
                    let columns: [$vector; $lanes] = $transpose(rows);
                    for i in 0..$lanes {
                        $store(to.add(i * to_stride), columns[i]);
                    }
                }
            }
        }
    };
}

neon!(
    f32,
    float32x4_t,
    4,
    vdupq_n_f32,
    vaddq_f32,
    vfmaq_f32,
    vaddvq_f32,
    vld1q_f32,
    vst1q_f32,
    transpose_4
);
neon!(
    f64,
    float64x2_t,
    2,
    vdupq_n_f64,
    vaddq_f64,
    vfmaq_f64,
    vaddvq_f64,
    vld1q_f64,
    vst1q_f64,
    transpose_2
);

#[inline(always)]
unsafe fn transpose_4(r: [float32x4_t; 4]) -> [float32x4_t; 4] {
    // SAFETY: called with a token at hand.
    unsafe {
        let even = [vtrn1q_f32(r[0], r[1]), vtrn1q_f32(r[2], r[3])];
        let odd = [vtrn2q_f32(r[0], r[1]), vtrn2q_f32(r[2], r[3])];
        let (c0, c2) = halves(even);
        let (c1, c3) = halves(odd);
        [c0, c1, c2, c3]
    }
}

/// Returns a vector of the low halves of `a` and `b`, and one of the high halves.
#[inline(always)]
unsafe fn halves([a, b]: [float32x4_t; 2]) -> (float32x4_t, float32x4_t) {
    // SAFETY: called with a token at hand.
    unsafe {
        let (a, b) = (vreinterpretq_f64_f32(a), vreinterpretq_f64_f32(b));
        let low = vreinterpretq_f32_f64(vtrn1q_f64(a, b));
        (low, vreinterpretq_f32_f64(vtrn2q_f64(a, b)))
    }
}

#[inline(always)]
unsafe fn transpose_2(r: [float64x2_t; 2]) -> [float64x2_t; 2] {
    // SAFETY: called with a token at hand.
    unsafe { [vtrn1q_f64(r[0], r[1]), vtrn2q_f64(r[0], r[1])] }
}
