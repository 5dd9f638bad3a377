//! The baseline of every architecture. Vectors are small arrays, which the compiler turns into the vectors
//! of the architecture's baseline (SSE2 on x86-64). Multiplication and addition are not fused.

use super::{Isa, Simd, Vectorize};

/// The instruction set that every processor has.
///
/// ```
/// use monograd::{Plain, Simd};
///
/// let sum = |x: f64| Simd::<f64>::sum(Plain, Plain.splat(x));
/// assert_eq!(sum(0.5), 0.5 * <Plain as Simd<f64>>::LANES as f64);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Plain;

impl Isa for Plain {
    const FMA: bool = false;
}

macro_rules! plain {
    ($t:ident, $lanes:literal) => {
        impl Simd<$t> for Plain {
            type Vector = [$t; $lanes];
            const LANES: usize = $lanes;
            const ACCUMULATORS: usize = 8;
            const TILE_VECTORS: usize = 2;

            #[inline(never)]
            fn outlined<O: Vectorize<$t>>(self, operation: O) -> O::Output {
                operation.run(self)
            }
            #[inline(always)]
            fn splat(self, x: $t) -> Self::Vector {
                [x; $lanes]
            }
            #[inline(always)]
            fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
                let mut sum = a;
                for i in 0..$lanes {
                    sum[i] += b[i];
                }
                sum
            }
            #[inline(always)]
            fn mul_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
                let mut sum = c;
                for i in 0..$lanes {
                    sum[i] += a[i] * b[i];
                }
                sum
            }
            #[inline(always)]
            fn sum(self, a: Self::Vector) -> $t {
                let mut sum = a[0];
                for i in 1..$lanes {
                    sum += a[i];
                }
                sum
            }
            #[inline(always)]
            unsafe fn splat_at(self, from: *const $t) -> Self::Vector {
                // SAFETY: the caller's promise.
                self.splat(unsafe { from.read_unaligned() })
            }
            #[inline(always)]
            unsafe fn load(self, from: *const $t) -> Self::Vector {
                // SAFETY: the caller's promise.
                unsafe { from.cast::<Self::Vector>().read_unaligned() }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $t, a: Self::Vector) {
                // SAFETY: the caller's promise.
                unsafe { to.cast::<Self::Vector>().write_unaligned(a) }
            }
            #[inline(always)]
            unsafe fn load_first(self, from: *const $t, n: usize) -> Self::Vector {
                let mut a = [0.0; $lanes];
                for i in 0..n {
                    // SAFETY: the caller's promise.
                    a[i] = unsafe { from.wrapping_add(i).read_unaligned() };
                }
                a
            }
            #[inline(always)]
            unsafe fn store_first(self, to: *mut $t, a: Self::Vector, n: usize) {
                for i in 0..n {
                    // SAFETY: the caller's promise.
                    unsafe { *to.add(i) = a[i] }
                }
            }
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
                for i in 0..$lanes {
                    for j in 0..$lanes {
                        // SAFETY: the caller's promise.
                        unsafe { *to.add(j * to_stride + i) = *from.add(i * from_stride + j) }
                    }
                }
            }
        }
    };
}

plain!(f32, 4);
plain!(f64, 2);
