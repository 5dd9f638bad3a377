//! Detects the instruction sets of this processor, and runs code compiled for one of them.

#[cfg(target_arch = "aarch64")]
use super::Neon;
#[cfg(target_arch = "x86_64")]
use super::{Avx2, Avx512};
use super::{InstructionSet, Plain, Simd, Vectorize};
use crate::scalar::Scalar;

/// `true` if generic code is compiled for [`Plain`] alone: in builds with debug assertions, where little is
/// vectorised and compiling every network for each set would take long. Products and the other kernels that
/// are compiled with the library still use the best set.
pub(crate) const PLAIN_ALONE: bool = cfg!(all(debug_assertions, not(test)));

/// `true` if the compiler was told that the processor has AVX-512 (`-C target-cpu=native`): code is then
/// compiled for that set alone. (Tests run on every set.)
const AVX512_ALONE: bool = cfg!(all(
    not(test),
    target_feature = "avx512f",
    target_feature = "avx512vl",
    target_feature = "avx512bw",
    target_feature = "avx512dq",
    target_feature = "avx2",
    target_feature = "fma"
));
/// The same for AVX2 and FMA.
const AVX2_ALONE: bool =
    cfg!(all(not(test), target_feature = "avx2", target_feature = "fma")) && !AVX512_ALONE;
/// The same for NEON, which nearly every target of its architecture enables.
const NEON_ALONE: bool = cfg!(all(not(test), target_feature = "neon"));

impl InstructionSet {
    const ALL: [Self; 4] = [Self::Avx512, Self::Avx2, Self::Neon, Self::Plain];

    /// Returns the best set of this processor. It is cheap, as the standard library caches the answer.
    #[must_use]
    #[inline]
    pub fn detect() -> Self {
        // `Plain` is last, and is available unless the compiler knows of a better set.
        let mut best = 0;
        while best + 1 < Self::ALL.len() && !Self::ALL[best].is_available() {
            best += 1;
        }
        Self::ALL[best]
    }

    /// Returns all sets that can run here, the best first.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|set| set.is_available())
    }

    /// Returns true if this processor has the set, and code is compiled for it. If the compiler knows that
    /// the processor has a better set than [`Plain`], code is compiled for that set alone.
    #[must_use]
    #[inline]
    pub fn is_available(self) -> bool {
        match self {
            Self::Plain => !(AVX512_ALONE || AVX2_ALONE || NEON_ALONE),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => !AVX512_ALONE && Avx2::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => !AVX2_ALONE && Avx512::detect().is_some(),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => Neon::detect().is_some(),
            #[allow(unreachable_patterns, reason = "every architecture lacks some")]
            _ => false,
        }
    }
}

/// Runs `operation` compiled for [`Plain`], whatever the set is, because of [`PLAIN_ALONE`].
///
/// # Panics
/// If this processor does not have `set`.
#[inline]
#[cfg(all(debug_assertions, not(test)))]
pub(crate) fn vectorize<T, O>(set: InstructionSet, operation: O) -> O::Output
where
    T: Scalar,
    O: Vectorize<T>,
    Plain: Simd<T>,
{
    if !set.is_available() {
        unavailable(set);
    }
    operation.run(Plain)
}

/// Runs `operation` compiled for `set`. It implements [`Scalar::vectorize`].
///
/// # Panics
/// If this processor does not have `set`.
#[inline]
#[cfg(all(any(not(debug_assertions), test), target_arch = "x86_64"))]
pub(crate) fn vectorize<T, O>(set: InstructionSet, operation: O) -> O::Output
where
    T: Scalar,
    O: Vectorize<T>,
    Plain: Simd<T>,
    Avx2: Simd<T>,
    Avx512: Simd<T>,
{
    match set {
        InstructionSet::Plain if !AVX512_ALONE && !AVX2_ALONE => operation.run(Plain),
        InstructionSet::Avx2 if !AVX512_ALONE => match Avx2::detect() {
            Some(token) => token.enter(operation),
            None => unavailable(set),
        },
        InstructionSet::Avx512 if !AVX2_ALONE => match Avx512::detect() {
            Some(token) => token.enter(operation),
            None => unavailable(set),
        },
        _ => unavailable(set),
    }
}

/// Runs `operation` compiled for `set`. It implements [`Scalar::vectorize`].
///
/// # Panics
/// If this processor does not have `set`.
#[inline]
#[cfg(all(any(not(debug_assertions), test), target_arch = "aarch64"))]
pub(crate) fn vectorize<T, O>(set: InstructionSet, operation: O) -> O::Output
where
    T: Scalar,
    O: Vectorize<T>,
    Plain: Simd<T>,
    Neon: Simd<T>,
{
    match set {
        InstructionSet::Plain if !NEON_ALONE => operation.run(Plain),
        InstructionSet::Neon => match Neon::detect() {
            Some(token) => token.enter(operation),
            None => unavailable(set),
        },
        _ => unavailable(set),
    }
}

/// Runs `operation` compiled for `set`. It implements [`Scalar::vectorize`].
///
/// # Panics
/// If this processor does not have `set`.
#[inline]
#[cfg(all(
    any(not(debug_assertions), test),
    not(any(target_arch = "x86_64", target_arch = "aarch64"))
))]
pub(crate) fn vectorize<T, O>(set: InstructionSet, operation: O) -> O::Output
where
    T: Scalar,
    O: Vectorize<T>,
    Plain: Simd<T>,
{
    match set {
        InstructionSet::Plain => operation.run(Plain),
        _ => unavailable(set),
    }
}

#[cold]
fn unavailable(set: InstructionSet) -> ! {
    panic!("this processor does not have the instruction set {set:?}")
}
