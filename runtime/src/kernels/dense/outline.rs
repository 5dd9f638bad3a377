//! The copies of the product that are compiled once, with run-time sizes: two for each pair of
//! instruction set and scalar.

use super::Product;
use crate::scalar::Scalar;
#[cfg(target_arch = "aarch64")]
use crate::simd::Neon;
#[cfg(target_arch = "x86_64")]
use crate::simd::{Avx2, Avx512};
use crate::simd::{Isa, Plain};

/// An instruction set with a compiled copy of the product of `T`.
pub trait Outline<T: Scalar>: Isa {
    /// Computes `product`.
    fn product(self, product: Product<'_, T>);
}

macro_rules! outline {
    ($token:ident, $t:ident $(, $features:meta)?) => {
        impl Outline<$t> for $token {
            fn product(self, product: Product<'_, $t>) {
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

outline!(Plain, f32);
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
