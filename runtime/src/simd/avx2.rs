//! AVX2 and FMA: 8 `f32` or 4 `f64` per vector, 16 registers.

use super::{Isa, Simd, Vectorize};
use crate::scalar::Scalar;
use core::arch::x86_64::*;

/// The token that proves that this processor has AVX2 and FMA.
#[derive(Clone, Copy, Debug)]
pub struct Avx2(());

impl Avx2 {
    /// Returns the token if this processor has the features.
    #[must_use]
    #[inline]
    pub fn detect() -> Option<Self> {
        (std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma"))
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

#[target_feature(enable = "avx2,fma")]
#[inline(never)]
fn run<T: Scalar, O: Vectorize<T>>(token: Avx2, operation: O) -> O::Output
where
    Avx2: Simd<T>,
{
    operation.run(token)
}

impl Isa for Avx2 {
    const FMA: bool = true;
}

// Whole vectors are read and written by the masked intrinsics with a constant mask, which compile to the
// plain instructions. The plain intrinsics check the pointer in builds with debug assertions, which made
// the loops of such builds four times slower, even with optimisation.

/// The vector at `MASK[8 - n..]` selects the first `n` lanes.
static MASK: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];

impl Simd<f32> for Avx2 {
    type Vector = __m256;
    const LANES: usize = 8;
    const ACCUMULATORS: usize = 12;
    // Tiles have 6 rows. With 3 vectors and 4 rows no register is left, and the compiler spills a sum in
    // every iteration: 40 GFLOP/s instead of 90 (Zen 3).
    const TILE_VECTORS: usize = 2;

    #[inline(always)]
    fn outlined<O: Vectorize<f32>>(self, operation: O) -> O::Output {
        self.enter(operation)
    }
    #[inline(always)]
    fn splat(self, x: f32) -> __m256 {
        // SAFETY: the token proves AVX2.
        unsafe { _mm256_set1_ps(x) }
    }
    #[inline(always)]
    fn add(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: the token proves AVX2.
        unsafe { _mm256_add_ps(a, b) }
    }
    #[inline(always)]
    fn mul_add(self, a: __m256, b: __m256, c: __m256) -> __m256 {
        // SAFETY: the token proves FMA.
        unsafe { _mm256_fmadd_ps(a, b, c) }
    }
    #[inline(always)]
    fn sum(self, a: __m256) -> f32 {
        // SAFETY: the token proves AVX2.
        unsafe {
            let four = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
            let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
        }
    }
    #[inline(always)]
    unsafe fn splat_at(self, from: *const f32) -> __m256 {
        // SAFETY: the caller's promise.
        unsafe { _mm256_broadcastss_ps(_mm_load_ss(from)) }
    }
    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> __m256 {
        // SAFETY: the caller's promise.
        unsafe { _mm256_maskload_ps(from, _mm256_set1_epi64x(-1)) }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32, a: __m256) {
        // SAFETY: the caller's promise.
        unsafe { _mm256_maskstore_ps(to, _mm256_set1_epi64x(-1), a) }
    }
    #[inline(always)]
    unsafe fn load_first(self, from: *const f32, n: usize) -> __m256 {
        debug_assert!(n <= 8);
        // SAFETY: n is at most 8, and lanes whose mask is 0 are not read.
        unsafe {
            let mask = _mm256_loadu_si256(MASK.as_ptr().add(8 - n).cast());
            _mm256_maskload_ps(from, mask)
        }
    }
    #[inline(always)]
    unsafe fn store_first(self, to: *mut f32, a: __m256, n: usize) {
        debug_assert!(n <= 8);
        // A masked store is microcoded on Zen; stores of halves are not.
        // SAFETY: exactly n scalars are written.
        unsafe {
            if n == 8 {
                return _mm256_storeu_ps(to, a);
            }
            let (mut to, mut rest) = (to, _mm256_castps256_ps128(a));
            if n & 4 != 0 {
                _mm_storeu_ps(to, rest);
                (to, rest) = (to.add(4), _mm256_extractf128_ps::<1>(a));
            }
            if n & 2 != 0 {
                _mm_storel_pd(to.cast(), _mm_castps_pd(rest));
                (to, rest) = (to.add(2), _mm_movehl_ps(rest, rest));
            }
            if n & 1 != 0 {
                _mm_store_ss(to, rest);
            }
        }
    }
    #[inline(always)]
    fn prefetch(self, at: *const f32) {
        // SAFETY: a prefetch of any address is harmless.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(at.cast()) }
    }
    #[inline(always)]
    unsafe fn transpose(
        self,
        from: *const f32,
        from_stride: usize,
        to: *mut f32,
        to_stride: usize,
    ) {
        // SAFETY: the caller's promise; each load and store stays in one row.
        unsafe {
            for half in 0..2 {
                let mut r = [_mm256_setzero_ps(); 4];
                for i in 0..4 {
                    // Rows i and i + 4 side by side, so that only shuffles within halves are left.
                    let low = _mm_loadu_ps(from.add(i * from_stride + 4 * half));
                    let high = _mm_loadu_ps(from.add((i + 4) * from_stride + 4 * half));
                    r[i] = _mm256_insertf128_ps::<1>(_mm256_castps128_ps256(low), high);
                }
                let low = [_mm256_unpacklo_ps(r[0], r[1]), _mm256_unpacklo_ps(r[2], r[3])];
                let high = [_mm256_unpackhi_ps(r[0], r[1]), _mm256_unpackhi_ps(r[2], r[3])];
                let to = to.add(4 * half * to_stride);
                _mm256_storeu_ps(to, _mm256_shuffle_ps::<0x44>(low[0], low[1]));
                _mm256_storeu_ps(to.add(to_stride), _mm256_shuffle_ps::<0xEE>(low[0], low[1]));
                _mm256_storeu_ps(
                    to.add(2 * to_stride),
                    _mm256_shuffle_ps::<0x44>(high[0], high[1]),
                );
                _mm256_storeu_ps(
                    to.add(3 * to_stride),
                    _mm256_shuffle_ps::<0xEE>(high[0], high[1]),
                );
            }
        }
    }
}

impl Simd<f64> for Avx2 {
    type Vector = __m256d;
    const LANES: usize = 4;
    const ACCUMULATORS: usize = 12;
    const TILE_VECTORS: usize = 2;

    #[inline(always)]
    fn outlined<O: Vectorize<f64>>(self, operation: O) -> O::Output {
        self.enter(operation)
    }
    #[inline(always)]
    fn splat(self, x: f64) -> __m256d {
        // SAFETY: the token proves AVX2.
        unsafe { _mm256_set1_pd(x) }
    }
    #[inline(always)]
    fn add(self, a: __m256d, b: __m256d) -> __m256d {
        // SAFETY: the token proves AVX2.
        unsafe { _mm256_add_pd(a, b) }
    }
    #[inline(always)]
    fn mul_add(self, a: __m256d, b: __m256d, c: __m256d) -> __m256d {
        // SAFETY: the token proves FMA.
        unsafe { _mm256_fmadd_pd(a, b, c) }
    }
    #[inline(always)]
    fn sum(self, a: __m256d) -> f64 {
        // SAFETY: the token proves AVX2.
        unsafe {
            let two = _mm_add_pd(_mm256_castpd256_pd128(a), _mm256_extractf128_pd::<1>(a));
            _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)))
        }
    }
    #[inline(always)]
    unsafe fn splat_at(self, from: *const f64) -> __m256d {
        // SAFETY: the caller's promise.
        unsafe { _mm256_broadcastsd_pd(_mm_load_sd(from)) }
    }
    #[inline(always)]
    unsafe fn load(self, from: *const f64) -> __m256d {
        // SAFETY: the caller's promise.
        unsafe { _mm256_maskload_pd(from, _mm256_set1_epi64x(-1)) }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f64, a: __m256d) {
        // SAFETY: the caller's promise.
        unsafe { _mm256_maskstore_pd(to, _mm256_set1_epi64x(-1), a) }
    }
    #[inline(always)]
    unsafe fn load_first(self, from: *const f64, n: usize) -> __m256d {
        debug_assert!(n <= 4);
        // SAFETY: n is at most 4, and lanes whose mask is 0 are not read.
        unsafe {
            let mask = _mm256_loadu_si256(MASK.as_ptr().add(8 - 2 * n).cast());
            _mm256_maskload_pd(from, mask)
        }
    }
    #[inline(always)]
    unsafe fn store_first(self, to: *mut f64, a: __m256d, n: usize) {
        debug_assert!(n <= 4);
        // SAFETY: exactly n scalars are written.
        unsafe {
            if n == 4 {
                return _mm256_storeu_pd(to, a);
            }
            let (mut to, mut rest) = (to, _mm256_castpd256_pd128(a));
            if n & 2 != 0 {
                _mm_storeu_pd(to, rest);
                (to, rest) = (to.add(2), _mm256_extractf128_pd::<1>(a));
            }
            if n & 1 != 0 {
                _mm_store_sd(to, rest);
            }
        }
    }
    #[inline(always)]
    fn prefetch(self, at: *const f64) {
        // SAFETY: a prefetch of any address is harmless.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(at.cast()) }
    }
    #[inline(always)]
    unsafe fn transpose(
        self,
        from: *const f64,
        from_stride: usize,
        to: *mut f64,
        to_stride: usize,
    ) {
        // SAFETY: the caller's promise; each load and store stays in one row.
        unsafe {
            let mut r = [_mm256_setzero_pd(); 4];
            for i in 0..4 {
                r[i] = _mm256_loadu_pd(from.add(i * from_stride));
            }
            let even = [_mm256_unpacklo_pd(r[0], r[1]), _mm256_unpacklo_pd(r[2], r[3])];
            let odd = [_mm256_unpackhi_pd(r[0], r[1]), _mm256_unpackhi_pd(r[2], r[3])];
            _mm256_storeu_pd(to, _mm256_permute2f128_pd::<0x20>(even[0], even[1]));
            _mm256_storeu_pd(to.add(to_stride), _mm256_permute2f128_pd::<0x20>(odd[0], odd[1]));
            _mm256_storeu_pd(
                to.add(2 * to_stride),
                _mm256_permute2f128_pd::<0x31>(even[0], even[1]),
            );
            _mm256_storeu_pd(to.add(3 * to_stride), _mm256_permute2f128_pd::<0x31>(odd[0], odd[1]));
        }
    }
}
