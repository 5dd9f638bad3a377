//! Functions compiled once for each instruction set and scalar, with run-time sizes: two versions of
//! the product, and sums over many rows.

use super::Product;
use crate::kernels::Store;
use crate::kernels::pitch::Rows;
use crate::kernels::reduce::columns;
use crate::scalar::Scalar;
#[cfg(target_arch = "aarch64")]
use crate::simd::Neon;
#[cfg(target_arch = "x86_64")]
use crate::simd::{Avx2, Avx512};
use crate::simd::{Isa, PLAIN_ALONE, Plain};

/// An instruction set for which the product of `T` and column sums are compiled.
pub trait Outline<T: Scalar>: Isa {
    /// Computes `product`.
    fn product(self, product: Product<'_, T>);
    /// Stores the sum of each column in `y`.
    fn sum_columns(self, x: Rows<'_, T>, y: &mut [T], store: Store);
}

macro_rules! outline {
    ($token:ident, $t:ident $(, $features:meta)? $(; instead: $better:ident)*) => {
        impl Outline<$t> for $token {
            fn product(self, product: Product<'_, $t>) {
                $(if PLAIN_ALONE && let Some(better) = $better::detect() {
                    return Outline::<$t>::product(better, product);
                })*
                // Not generic, so that they are compiled here instead of in the calling crate.
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
                // SAFETY: a token exists only if the processor has the features.
                #[allow(unused_unsafe, reason = "the plain one has no features")]
                unsafe {
                    if product.is_small() {
                        small(self, product);
                    } else if product.is_long() {
                        product.run_long(self);
                    } else {
                        blocked(self, product);
                    }
                }
            }

            fn sum_columns(self, x: Rows<'_, $t>, y: &mut [$t], store: Store) {
                $(#[$features])?
                #[inline(never)]
                fn sum(x: Rows<'_, $t>, y: &mut [$t], store: Store) {
                    columns::sum_columns(x, y, store);
                }
                // SAFETY: as above.
                #[allow(unused_unsafe, reason = "the plain one has no features")]
                unsafe {
                    sum(x, y, store);
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
