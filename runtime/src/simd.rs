//! Instruction sets as types: the same source compiled once for each, chosen once a step.
//!
//! A value of an instruction set's type is the proof that this processor has it, so that code
//! generic over [`Simd`] needs no check of its own. Nothing here carries `target_feature`: every
//! function is `#[inline(always)]` and gets its features from the function that it ends up in,
//! which [`dispatch`] enters (the technique of the `pulp` crate).

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

/// What an instruction set offers, whatever the scalar.
pub trait Isa: Copy + Send + Sync + 'static {
    /// Whether `a * b + c` is one instruction; where it is not, `mul_add` would be a library call.
    const FMA: bool;
}

/// An instruction set's vectors of `T`.
///
/// The functions that take pointers are `unsafe` because the loops of a product cannot afford a
/// check for each load; the others are safe, since the token proves that the instructions exist.
pub trait Simd<T: Scalar>: Isa + Outline<T> {
    /// A register of [`LANES`](Self::LANES) scalars.
    type Vector: Copy;
    /// Scalars in a vector.
    const LANES: usize;
    /// Vectors that a product may keep in registers as running sums, beside the operands.
    const ACCUMULATORS: usize;
    /// Vectors in a row of the register tile of a large product; its rows are
    /// [`ACCUMULATORS`](Self::ACCUMULATORS) divided by this.
    const TILE_VECTORS: usize;

    /// `x` as a number whose functions are compiled for this instruction set.
    #[inline(always)]
    fn lane(self, x: T) -> Lane<T, Self> {
        Lane::new(x)
    }

    /// Runs `operation` as a function of its own: for what is large, used in several places, or
    /// would make its caller so long that compiling takes minutes.
    fn outlined<O: Vectorize<T>>(self, operation: O) -> O::Output;

    /// `x` in every lane.
    fn splat(self, x: T) -> Self::Vector;
    /// `a + b`.
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// `a * b + c`, fused where that is one instruction.
    fn mul_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    /// The sum of the lanes.
    fn sum(self, a: Self::Vector) -> T;

    /// Reads one scalar into every lane.
    ///
    /// # Safety
    /// `from` can be read.
    unsafe fn splat_at(self, from: *const T) -> Self::Vector;
    /// Reads a vector.
    ///
    /// # Safety
    /// `LANES` scalars can be read from `from`; no alignment is asked beyond that of `T`.
    unsafe fn load(self, from: *const T) -> Self::Vector;
    /// Writes a vector.
    ///
    /// # Safety
    /// `LANES` scalars can be written to `to`; no alignment is asked beyond that of `T`.
    unsafe fn store(self, to: *mut T, a: Self::Vector);
    /// Reads the first `n` lanes, at most `LANES`; the others are zero.
    ///
    /// # Safety
    /// `n` scalars can be read from `from`.
    unsafe fn load_first(self, from: *const T, n: usize) -> Self::Vector;
    /// Writes the first `n` lanes, at most `LANES`.
    ///
    /// # Safety
    /// `n` scalars can be written to `to`.
    unsafe fn store_first(self, to: *mut T, a: Self::Vector, n: usize);
    /// Asks for the line at `at`, which may be any address, to come to a cache close by.
    fn prefetch(self, at: *const T);
    /// Transposes a block of `LANES` x `LANES`: `to[j * to_stride + i] = from[i * from_stride + j]`.
    ///
    /// # Safety
    /// `LANES` scalars can be read at each of the `LANES` rows of `from`, and written at those of
    /// `to`; the two do not overlap.
    unsafe fn transpose(self, from: *const T, from_stride: usize, to: *mut T, to_stride: usize);
}

/// An operation that can be compiled for every instruction set.
pub trait Vectorize<T: Scalar> {
    /// What the operation gives.
    type Output;
    /// Does the work; mark it `#[inline(always)]`, so that it is compiled with the instruction
    /// set's features.
    fn run<S: Simd<T>>(self, simd: S) -> Self::Output;
}

/// The instruction sets that code is compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstructionSet {
    /// What every processor of the architecture has.
    Plain,
    /// AVX2 and FMA: 8 `f32` a vector.
    Avx2,
    /// AVX-512 (F, VL, BW, DQ): 16 `f32` a vector.
    Avx512,
    /// NEON: 4 `f32` a vector.
    Neon,
}
