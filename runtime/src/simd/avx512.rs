//! AVX-512: 16 `f32` or 8 `f64` per vector, 32 registers.

mod transpose;

use super::{Isa, Simd, Vectorize};
use crate::scalar::Scalar;
use core::arch::x86_64::*;

/// The token that proves that this processor has AVX-512 with its F, VL, BW and DQ parts (and AVX2, FMA).
#[derive(Clone, Copy, Debug)]
pub struct Avx512(());

impl Avx512 {
    /// Returns the token if this processor has the features.
    #[must_use]
    #[inline]
    pub fn detect() -> Option<Self> {
        (std::is_x86_feature_detected!("avx512f")
            && std::is_x86_feature_detected!("avx512vl")
            && std::is_x86_feature_detected!("avx512bw")
            && std::is_x86_feature_detected!("avx512dq")
            && std::is_x86_feature_detected!("avx2")
            && std::is_x86_feature_detected!("fma"))
        .then_some(Self(()))
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

#[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")]
#[inline(never)]
fn run<T: Scalar, O: Vectorize<T>>(token: Avx512, operation: O) -> O::Output
where
    Avx512: Simd<T>,
{
    operation.run(token)
}

impl Isa for Avx512 {
    const FMA: bool = true;
}

/// Returns a mask of the first `n` lanes.
#[inline(always)]
fn first(n: usize) -> u32 {
    debug_assert!(n <= 16);
    (1 << n) - 1
}

// Whole vectors use the masked intrinsics, for the reason given in `avx2`.
macro_rules! avx512 {
    (
        $t:ident, $vector:ident, $lanes:literal, $mask:ident, $splat:ident, $splat_at:ident,
        $load_one:ident, $add:ident, $fmadd:ident, $sum:ident, $load_first:ident,
        $store_first:ident, $transpose:ident
    ) => {
        impl Simd<$t> for Avx512 {
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
                // SAFETY: the token proves AVX-512.
                unsafe { $splat(x) }
            }
            #[inline(always)]
            fn add(self, a: $vector, b: $vector) -> $vector {
                // SAFETY: the token proves AVX-512.
                unsafe { $add(a, b) }
            }
            #[inline(always)]
            fn mul_add(self, a: $vector, b: $vector, c: $vector) -> $vector {
                // SAFETY: the token proves AVX-512.
                unsafe { $fmadd(a, b, c) }
            }
            #[inline(always)]
            fn sum(self, a: $vector) -> $t {
                // SAFETY: the token proves AVX-512.
                unsafe { $sum(a) }
            }
            #[inline(always)]
            unsafe fn splat_at(self, from: *const $t) -> $vector {
                // SAFETY: the caller's promise.
                unsafe { $splat_at($load_one(from)) }
            }
            #[inline(always)]
            unsafe fn load(self, from: *const $t) -> $vector {
                // SAFETY: the caller's promise.
                unsafe { $load_first($mask::MAX, from) }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $t, a: $vector) {
                // SAFETY: the caller's promise.
                unsafe { $store_first(to, $mask::MAX, a) }
            }
            #[inline(always)]
            unsafe fn load_first(self, from: *const $t, n: usize) -> $vector {
                // SAFETY: lanes outside the mask are not read.
                unsafe { $load_first(first(n) as $mask, from) }
            }
            #[inline(always)]
            unsafe fn store_first(self, to: *mut $t, a: $vector, n: usize) {
                // SAFETY: lanes outside the mask are not written.
                unsafe { $store_first(to, first(n) as $mask, a) }
            }
            #[inline(always)]
            fn prefetch(self, at: *const $t) {
                // SAFETY: a prefetch of any address is harmless.
                unsafe { _mm_prefetch::<_MM_HINT_T0>(at.cast()) }
            }
            #[inline(always)]
            unsafe fn transpose(
                self,
                from: *const $t,
                from_stride: usize,
                to: *mut $t,
                to_stride: usize,
            ) {
                // SAFETY: the caller's promise, and the token proves AVX-512.
                unsafe { transpose::$transpose(from, from_stride, to, to_stride) }
            }
        }
    };
}

avx512!(
    f32,
    __m512,
    16,
    __mmask16,
    _mm512_set1_ps,
    _mm512_broadcastss_ps,
    _mm_load_ss,
    _mm512_add_ps,
    _mm512_fmadd_ps,
    _mm512_reduce_add_ps,
    _mm512_maskz_loadu_ps,
    _mm512_mask_storeu_ps,
    f32s
);
avx512!(
    f64,
    __m512d,
    8,
    __mmask8,
    _mm512_set1_pd,
    _mm512_broadcastsd_pd,
    _mm_load_sd,
    _mm512_add_pd,
    _mm512_fmadd_pd,
    _mm512_reduce_add_pd,
    _mm512_maskz_loadu_pd,
    _mm512_mask_storeu_pd,
    f64s
);
