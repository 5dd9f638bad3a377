//! Instruction sets as types: the same source compiled once for each, chosen once a step.
//!
//! A value of an instruction set's type is the proof that this processor has it, so that code
//! generic over [`Simd`] needs neither `unsafe` nor a check of its own.

use crate::number::Lane;
use crate::scalar::Scalar;

mod plain;

pub use plain::Plain;

/// What an instruction set offers, whatever the scalar.
pub trait Isa: Copy + Send + Sync + 'static {
    /// Whether `a * b + c` is one instruction; where it is not, `mul_add` would be a library call.
    const FMA: bool;
}

/// An instruction set's vectors of `T`.
pub trait Simd<T: Scalar>: Isa {
    /// A register of [`LANES`](Self::LANES) scalars.
    type Vector: Copy;
    /// Scalars in a vector.
    const LANES: usize;

    /// `x` as a number whose functions are compiled for this instruction set.
    #[inline(always)]
    fn lane(self, x: T) -> Lane<T, Self> {
        Lane::new(x)
    }
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
    /// AVX-512: 16 `f32` a vector.
    Avx512,
    /// NEON: 4 `f32` a vector.
    Neon,
}
