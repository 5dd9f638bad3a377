//! AVX-512: 16 `f32` or 8 `f64` a vector, 32 registers.

use super::{Isa, Simd, Vectorize};
use crate::scalar::Scalar;
use core::arch::x86_64::*;

/// The proof that this processor has AVX-512 with its F, VL, BW and DQ parts (and AVX2, FMA).
#[derive(Clone, Copy, Debug)]
pub struct Avx512(());

impl Avx512 {
    /// The proof, if it can be given.
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

    /// Runs `operation` compiled with these features.
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

/// A mask of the first `n` lanes.
#[inline(always)]
fn first(n: usize) -> u32 {
    debug_assert!(n <= 16);
    (1 << n) - 1
}

/// The lanes that one stage of a transposition takes from two rows whose numbers differ in the
/// bit `stage` (numbers from `L` on mean the second row): the row whose bit is clear keeps its
/// lanes whose bit is clear and gets the same lanes of the other; the row whose bit is set (`HIGH`)
/// keeps its lanes whose bit is set. (Eklundh's algorithm: after all stages, lane and row numbers
/// have changed places.)
const fn exchange<const L: usize>(stage: usize, high: bool) -> [i64; L] {
    let mut lanes = [0; L];
    let mut lane = 0;
    while lane < L {
        lanes[lane] = match (lane & stage != 0, high) {
            (false, false) => lane,
            (true, false) => L + lane - stage,
            (false, true) => lane + stage,
            (true, true) => L + lane,
        } as i64;
        lane += 1;
    }
    lanes
}

const fn narrow(lanes: [i64; 16]) -> [i32; 16] {
    let mut narrow = [0; 16];
    let mut i = 0;
    while i < 16 {
        narrow[i] = lanes[i] as i32;
        i += 1;
    }
    narrow
}

/// By stage (1, 2, 4, 8), the lanes of the low and of the high row.
static EXCHANGE_16: [[[i32; 16]; 2]; 4] = [
    [narrow(exchange(1, false)), narrow(exchange(1, true))],
    [narrow(exchange(2, false)), narrow(exchange(2, true))],
    [narrow(exchange(4, false)), narrow(exchange(4, true))],
    [narrow(exchange(8, false)), narrow(exchange(8, true))],
];

/// By stage (1, 2, 4), the lanes of the low and of the high row.
static EXCHANGE_8: [[[i64; 8]; 2]; 3] = [
    [exchange(1, false), exchange(1, true)],
    [exchange(2, false), exchange(2, true)],
    [exchange(4, false), exchange(4, true)],
];

// Whole vectors go through the masked functions, for the reason told in `avx2`.
macro_rules! avx512 {
    (
        $t:ident, $vector:ident, $lanes:literal, $mask:ident, $index:ident, $exchange:ident,
        $splat:ident, $splat_at:ident, $load_one:ident, $add:ident, $fmadd:ident, $sum:ident, $load:ident, $store:ident,
        $load_first:ident, $store_first:ident, $permute:ident
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
                unsafe { _mm_prefetch::<_MM_HINT_T1>(at.cast()) }
            }
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
                    for (log, lanes) in $exchange.iter().enumerate() {
                        let low_lanes = core::mem::transmute::<[$index; $lanes], __m512i>(lanes[0]);
                        let high_lanes =
                            core::mem::transmute::<[$index; $lanes], __m512i>(lanes[1]);
                        for i in 0..$lanes {
                            let j = i | 1 << log;
                            if i != j {
                                let (low, high) = (rows[i], rows[j]);
                                rows[i] = $permute(low, low_lanes, high);
                                rows[j] = $permute(low, high_lanes, high);
                            }
                        }
                    }
                    for i in 0..$lanes {
                        $store(to.add(i * to_stride), rows[i]);
                    }
                }
            }
        }
    };
}

avx512!(
    f32,
    __m512,
    16,
    __mmask16,
    i32,
    EXCHANGE_16,
    _mm512_set1_ps,
    _mm512_broadcastss_ps,
    _mm_load_ss,
    _mm512_add_ps,
    _mm512_fmadd_ps,
    _mm512_reduce_add_ps,
    _mm512_loadu_ps,
    _mm512_storeu_ps,
    _mm512_maskz_loadu_ps,
    _mm512_mask_storeu_ps,
    _mm512_permutex2var_ps
);
avx512!(
    f64,
    __m512d,
    8,
    __mmask8,
    i64,
    EXCHANGE_8,
    _mm512_set1_pd,
    _mm512_broadcastsd_pd,
    _mm_load_sd,
    _mm512_add_pd,
    _mm512_fmadd_pd,
    _mm512_reduce_add_pd,
    _mm512_loadu_pd,
    _mm512_storeu_pd,
    _mm512_maskz_loadu_pd,
    _mm512_mask_storeu_pd,
    _mm512_permutex2var_pd
);

#[cfg(test)]
mod tests {
    use super::{EXCHANGE_8, EXCHANGE_16};

    /// Runs a transposition's stages on plain arrays: processors without AVX-512 can check the
    /// tables, too.
    fn assert_transposes<const L: usize>(stages: &[[[usize; L]; 2]]) {
        let mut rows: Vec<Vec<usize>> =
            (0..L).map(|i| (0..L).map(|j| i * L + j).collect()).collect();
        for (log, lanes) in stages.iter().enumerate() {
            for i in (0..L).filter(|i| i & 1 << log == 0) {
                let j = i | 1 << log;
                let both = [rows[i].clone(), rows[j].clone()].concat();
                rows[i] = lanes[0].iter().map(|&lane| both[lane]).collect();
                rows[j] = lanes[1].iter().map(|&lane| both[lane]).collect();
            }
        }
        for (i, row) in rows.iter().enumerate() {
            for (j, &x) in row.iter().enumerate() {
                assert_eq!(x, j * L + i);
            }
        }
    }

    #[test]
    fn exchanges_transpose() {
        assert_transposes(&EXCHANGE_16.map(|stage| stage.map(|row| row.map(|lane| lane as usize))));
        assert_transposes(&EXCHANGE_8.map(|stage| stage.map(|row| row.map(|lane| lane as usize))));
    }
}
