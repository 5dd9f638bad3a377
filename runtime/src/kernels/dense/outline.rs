//! The copies of the product that are compiled once, with run-time sizes: two for each pair of
//! instruction set and scalar.

use super::Product;
use crate::scalar::Scalar;
#[cfg(target_arch = "aarch64")]
use crate::simd::Neon;
#[cfg(target_arch = "x86_64")]
use crate::simd::{Avx2, Avx512};
use crate::simd::{Isa, PLAIN_ALONE, Plain};

/// An instruction set with a compiled copy of the product of `T`.
pub trait Outline<T: Scalar>: Isa {
    /// Computes `product`.
    fn product(self, product: Product<'_, T>);
}

macro_rules! outline {
    ($token:ident, $t:ident $(, $features:meta)? $(; instead: $better:ident)*) => {
        impl Outline<$t> for $token {
            fn product(self, product: Product<'_, $t>) {
                $(if PLAIN_ALONE && let Some(better) = $better::detect() {
                    return Outline::<$t>::product(better, product);
                })*
                // Not generic, so that they are compiled here and not where they are called.
                $(#[$features])?
                #[inline(never)]
                fn small(token: $token, product: Product<'_, $t>) {
                    product.run_small(token);
                }
                $(#[$features])?
                #[inline(never)]
                fn blocked(token: $token, product: Product<'_, $t>) {
                    product.run_blocked(token);
                }
                // SAFETY: a token exists only where the processor has the features.
                #[allow(unused_unsafe, reason = "the plain one has no features")]
                unsafe {
                    if product.is_small() {
                        small(self, product);
                    } else {
                        blocked(self, product);
                    }
                }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
outline!(Plain, f32; instead: Avx512; instead: Avx2);
#[cfg(target_arch = "x86_64")]
outline!(Plain, f64; instead: Avx512; instead: Avx2);
#[cfg(target_arch = "aarch64")]
outline!(Plain, f32; instead: Neon);
#[cfg(target_arch = "aarch64")]
outline!(Plain, f64; instead: Neon);
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
outline!(Plain, f32);
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
outline!(Plain, f64);
#[cfg(target_arch = "x86_64")]
outline!(Avx2, f32, target_feature(enable = "avx2,fma"));
#[cfg(target_arch = "x86_64")]
outline!(Avx2, f64, target_feature(enable = "avx2,fma"));
#[cfg(target_arch = "x86_64")]
outline!(Avx512, f32, target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"));
#[cfg(target_arch = "x86_64")]
outline!(Avx512, f64, target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"));
#[cfg(target_arch = "aarch64")]
outline!(Neon, f32, target_feature(enable = "neon"));
#[cfg(target_arch = "aarch64")]
outline!(Neon, f64, target_feature(enable = "neon"));
