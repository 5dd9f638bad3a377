//! Compiles the table of kernels for each instruction set and scalar.
//!
//! Those for `f64` would be half of the library's compile time, and few networks use them. So they are compiled with
//! the crates that call them, unless the feature `f64` asks for them here.

#![allow(
    clippy::extra_unused_type_parameters,
    reason = "what is generic is compiled where it is called"
)]

#[allow(clippy::wildcard_imports, reason = "what the signatures of the table name")]
use super::*;
#[cfg(target_arch = "aarch64")]
use crate::simd::Neon;
#[cfg(target_arch = "x86_64")]
use crate::simd::{Avx2, Avx512};
use crate::simd::{PLAIN_ALONE, Plain};

macro_rules! implement {
    (
        ($token:ident, $t:ident $(in $caller:ident)? $(, $features:meta)? $(; instead: $better:ident)*)
        $($kernels:tt)*
    ) => {
        const _: () = {
            type T = $t;
            impl Outline<T> for $token {
                #[inline]
                fn product(self, product: Product<'_, T>) {
                    $(if PLAIN_ALONE && let Some(better) = $better::detect() {
                        return Outline::<T>::product(better, product);
                    })*
                    // These are generic only if they are to be compiled where they are called, and not here.
                    $(#[$features])?
                    #[inline(never)]
                    fn direct$(<$caller>)?(token: $token, product: Product<'_, T>) {
                        product.run_direct(token);
                    }
                    $(#[$features])?
                    #[inline(never)]
                    fn blocked$(<$caller>)?(token: $token, product: Product<'_, T>) {
                        product.run_blocked(token);
                    }
                    // SAFETY: a token exists only where the processor has the features.
                    #[allow(unused_unsafe, reason = "the plain one has no features")]
                    unsafe {
                        if product.is_long() {
                            product.run_long(self);
                        } else if product.is_direct() {
                            direct$(::<$caller>)?(self, product);
                        } else {
                            blocked$(::<$caller>)?(self, product);
                        }
                    }
                }
                methods! { ($token $(in $caller)? $(, $features)? $(; $better)*) $($kernels)* }
            }
        };
    };
}

macro_rules! methods {
    ($isa:tt $(
        $(#[$documentation:meta])*
        fn $name:ident $arguments:tt $(-> $result:ty)? = $body:path $(, with $simd:ident)?;
    )*) => { $(
        method! { $isa $name $arguments $arguments ($($result)?) $body, ($($simd)?) }
    )* };
}

macro_rules! method {
    (
        ($token:ident $(in $caller:ident)? $(, $features:meta)? $(; $better:ident)*)
        $name:ident $list:tt ($($argument:ident: $type:ty),*) ($($result:ty)?)
        $body:path, ($($simd:ident)?)
    ) => {
        #[inline]
        fn $name(self, $($argument: $type),*) $(-> $result)? {
            $(instead! { $better $name $list })*
            $(#[$features])?
            #[inline(never)]
            #[allow(clippy::too_many_arguments, reason = "sizes and buffers are the operation")]
            fn compiled$(<$caller>)?($($simd: $token,)? $($argument: $type),*) $(-> $result)? {
                $body($($simd,)? $($argument),*)
            }
            // SAFETY: a token exists only where the processor has the features.
            #[allow(unused_unsafe, reason = "the plain one has no features")]
            unsafe {
                $(let $simd = self;)?
                compiled$(::<$caller>)?($($simd,)? $($argument),*)
            }
        }
    };
}

macro_rules! instead {
    ($better:ident $name:ident ($($argument:ident: $type:ty),*)) => {
        if PLAIN_ALONE && let Some(better) = $better::detect() {
            return Outline::<T>::$name(better, $($argument),*);
        }
    };
}

/// The type parameter of kernels that are compiled where they are called, since they are generic.
#[allow(dead_code, reason = "every set and scalar may be compiled here")]
enum Caller {}

/// Implements [`Outline`] for an instruction set and a scalar. Its kernels are compiled with the library, unless a
/// configuration holds under which few programs, or none, call them.
macro_rules! outline {
    (unless $rare:meta; $token:ident, $t:ident $($rest:tt)*) => {
        #[cfg(not($rare))]
        kernels! { implement! { ($token, $t $($rest)*) } }
        #[cfg($rare)]
        kernels! { implement! { ($token, $t in Caller $($rest)*) } }
    };
    // The same for both scalars.
    (both unless $rare:meta; $token:ident $($rest:tt)*) => {
        outline!(unless $rare; $token, f32 $($rest)*);
        outline!(unless any(not(feature = "f64"), $rare); $token, f64 $($rest)*);
    };
}

// A set is not used by programs for processors that all have a better one (`AVX512_ALONE` and others in
// `simd/dispatch.rs`). In builds with debug assertions, [`Plain`] is where the better one is called from.
#[cfg(target_arch = "x86_64")]
outline!(
    both unless all(target_feature = "avx2", target_feature = "fma", not(debug_assertions));
    Plain; instead: Avx512; instead: Avx2
);
#[cfg(target_arch = "x86_64")]
outline!(
    both unless all(
        target_feature = "avx512f",
        target_feature = "avx512vl",
        target_feature = "avx512bw",
        target_feature = "avx512dq",
        target_feature = "avx2",
        target_feature = "fma",
        not(debug_assertions)
    );
    Avx2, target_feature(enable = "avx2,fma")
);
#[cfg(target_arch = "x86_64")]
outline!(
    both unless all(
        target_feature = "avx2",
        target_feature = "fma",
        not(all(
            target_feature = "avx512f",
            target_feature = "avx512vl",
            target_feature = "avx512bw",
            target_feature = "avx512dq"
        )),
        not(debug_assertions)
    );
    Avx512, target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")
);
#[cfg(target_arch = "aarch64")]
outline!(both unless all(target_feature = "neon", not(debug_assertions)); Plain; instead: Neon);
#[cfg(target_arch = "aarch64")]
outline!(both unless any(); Neon, target_feature(enable = "neon"));
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
outline!(both unless any(); Plain);
