//! Instruction sets as types. Code that is generic over [`Simd`] is compiled once for each instruction set,
//! and the set is chosen at run time, once per pass over a batch.
//!
//! A value of an instruction set's type is a token: it proves that this processor has the set, so that code
//! generic over [`Simd`] needs no check of its own. Such functions have no `target_feature` attribute. They
//! are `#[inline(always)]` and get the features of the function that they are inlined into, which
//! [`dispatch`] calls (the technique of the `pulp` crate).

#![allow(clippy::needless_range_loop, reason = "loops over registers read alike by index")]

use crate::kernels::outline::Outline;
use crate::number::Lane;
use crate::scalar::Scalar;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod dispatch;
#[cfg(target_arch = "aarch64")]
mod neon;
mod plain;
#[cfg(test)]
#[macro_use]
pub(crate) mod every_set;
#[cfg(test)]
mod tests;

#[cfg(target_arch = "x86_64")]
pub use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub use avx512::Avx512;
pub(crate) use dispatch::{PLAIN_ALONE, vectorize};
#[cfg(target_arch = "aarch64")]
pub use neon::Neon;
pub use plain::Plain;

/// The properties of an instruction set that do not depend on the scalar.
///
/// ```
/// use monograd::{Isa, Plain};
///
/// /// Returns a b + c: rounded once where that is one instruction.
/// fn multiply_add<I: Isa>(_: I, a: f32, b: f32, c: f32) -> f32 {
///     if I::FMA { a.mul_add(b, c) } else { a * b + c }
/// }
///
/// assert_eq!(multiply_add(Plain, 2.0, 3.0, 1.0), 7.0);
/// ```
pub trait Isa: Copy + Send + Sync + 'static {
    /// `true` if `a * b + c` is one instruction. If not, `mul_add` would be a library call.
    const FMA: bool;
}

/// The vector operations of an instruction set for scalars `T`.
///
/// The functions that take pointers are `unsafe`, as a check for each load would be too slow in the loops of
/// products. The others are safe, since the token proves that the instructions exist.
///
/// ```
/// use monograd::{Plain, Simd};
///
/// /// Returns the sum of as many numbers as a vector has, each times 2.
/// fn doubled<S: Simd<f32>>(simd: S, x: f32) -> f32 {
///     let x = simd.splat(x);
///     simd.sum(simd.add(x, x))
/// }
///
/// assert_eq!(doubled(Plain, 1.5), 3.0 * <Plain as Simd<f32>>::LANES as f32);
/// ```
pub trait Simd<T: Scalar>: Isa + Outline<T> {
    /// A vector register of [`LANES`](Self::LANES) scalars.
    type Vector: Copy;
    /// Number of scalars in a vector.
    const LANES: usize;
    /// Number of vectors that a product may keep in registers as running sums, in addition to its operands.
    const ACCUMULATORS: usize;
    /// Number of vectors in a row of the register tile of a large product. Its number of rows is
    /// [`ACCUMULATORS`](Self::ACCUMULATORS) divided by this.
    const TILE_VECTORS: usize;

    /// Returns `x` as a [`Lane`], whose functions are compiled for this instruction set.
    #[inline(always)]
    fn lane(self, x: T) -> Lane<T, Self> {
        Lane::new(x)
    }

    /// Runs `operation` as a function that is not inlined: for operations that are large, used in several
    /// places, or would make their caller so long that compiling it takes minutes.
    fn outlined<O: Vectorize<T>>(self, operation: O) -> O::Output;

    /// Returns a vector with `x` in every lane.
    fn splat(self, x: T) -> Self::Vector;
    /// Returns `a + b`.
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// Returns `a * b + c`, fused if that is one instruction.
    fn mul_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    /// Returns the sum of the lanes.
    fn sum(self, a: Self::Vector) -> T;

    /// Reads one scalar into every lane.
    ///
    /// # Safety
    /// `from` must be valid for reads of one scalar.
    unsafe fn splat_at(self, from: *const T) -> Self::Vector;
    /// Reads a vector.
    ///
    /// # Safety
    /// `from` must be valid for reads of `LANES` scalars; it need not be aligned to more than `T`.
    unsafe fn load(self, from: *const T) -> Self::Vector;
    /// Writes a vector.
    ///
    /// # Safety
    /// `to` must be valid for writes of `LANES` scalars; it need not be aligned to more than `T`.
    unsafe fn store(self, to: *mut T, a: Self::Vector);
    /// Reads the first `n` lanes, at most `LANES`; the other lanes are zero.
    ///
    /// # Safety
    /// `from` must be valid for reads of `n` scalars.
    unsafe fn load_first(self, from: *const T, n: usize) -> Self::Vector;
    /// Writes the first `n` lanes, at most `LANES`.
    ///
    /// # Safety
    /// `to` must be valid for writes of `n` scalars.
    unsafe fn store_first(self, to: *mut T, a: Self::Vector, n: usize);
    /// Prefetches the cache line at `at`, which may be any address.
    fn prefetch(self, at: *const T);
    /// Transposes a block of `LANES` x `LANES`: `to[j * to_stride + i] = from[i * from_stride + j]`.
    ///
    /// # Safety
    /// Each of the `LANES` rows of `from` must be valid for reads of `LANES` scalars, and each row of `to` for
    /// writes of as many. The two do not overlap.
    unsafe fn transpose(self, from: *const T, from_stride: usize, to: *mut T, to_stride: usize);
}

/// An operation that can be compiled for every instruction set.
///
/// ```
/// use monograd::{InstructionSet, Number, Scalar, Simd, Vectorize};
///
/// /// The sigmoid of each number.
/// struct Sigmoids<'x>(&'x mut [f32]);
///
/// impl Vectorize<f32> for Sigmoids<'_> {
///     type Output = ();
///
///     #[inline(always)]
///     fn run<S: Simd<f32>>(self, simd: S) {
///         self.0.iter_mut().for_each(|x| *x = simd.lane(*x).sigmoid().value);
///     }
/// }
///
/// let mut x = [0.0, 1.0, -1.0];
/// f32::vectorize(InstructionSet::detect(), Sigmoids(&mut x));
/// assert_eq!(x[0], 0.5);
/// assert!((x[1] + x[2] - 1.0).abs() < 1e-6);
/// ```
pub trait Vectorize<T: Scalar> {
    /// The result of the operation.
    type Output;
    /// Runs the operation. Implementations should be `#[inline(always)]`, so that they are compiled with the
    /// features of the instruction set.
    fn run<S: Simd<T>>(self, simd: S) -> Self::Output;
}

/// The instruction sets for which code is compiled.
///
/// ```
/// use monograd::InstructionSet;
///
/// let best = InstructionSet::detect();
/// if cfg!(target_arch = "x86_64") {
///     assert_ne!(best, InstructionSet::Neon);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstructionSet {
    /// The baseline, which every processor of the architecture has.
    Plain,
    /// AVX2 and FMA: 8 `f32` per vector.
    Avx2,
    /// AVX-512 (F, VL, BW, DQ): 16 `f32` per vector.
    Avx512,
    /// NEON: 4 `f32` per vector.
    Neon,
}
