//! The items that generated code refers to. Not a public interface.

pub use crate::activation::{Activation, Gelu, Relu, Sigmoid, Silu, Tanh};
pub use crate::graph::Drawing;
pub use crate::init::Init;
pub use crate::inspect::{Located, Role, Shown, TraceSource, Traced};
pub use crate::kernels::loss::{CrossEntropy, IGNORE_INDEX};
pub use crate::kernels::pitch::{pitched, pitched_mut};
pub use crate::kernels::{
    Store, attention, axis, constant, contract, conv, copy, delay, dense, dropout, gather, loss,
    permute, pool, reduce, rows, softmax, strided_slice, triangle,
};
pub use crate::layer::{
    ASKED, Applied, Backward, Forward, Layer, PRIVATE, Random, assert_fits, assert_size,
    assert_sizes, assert_stepwise, each, larger, output_size, scratch, scratch_at,
};
pub use crate::layout::{Parameter, assert_distinct, place};
pub use crate::network::{
    BLOCK_STEPS, Differentiable, InputGradients, Inspect, InspectTraining, Learner, Mode, Network,
    Slot, State, Streamable, Streaming, Tile, Trainable, VectorJacobian, locate,
    place_of_iteration, scalars, slot_len, slots, states,
};
pub use crate::number::{Constant, Dual, Lane, Number, Own};
pub use crate::scalar::Scalar;
pub use crate::simd::Simd;
pub use crate::source::{Anything, Extent, Length, Port, Requirement};
pub use crate::summary::{Label, Row};
pub use core::iter::zip;
pub use core::option::Option::{None, Some};
pub use core::result::Result::{Err, Ok};
pub use std::path::Path;

pub mod sizes;

use std::fmt;
use std::ops::Range;

/// Returns the slice of a parameter in the buffer.
#[inline(always)]
pub fn part<'a, T>(parameters: &'a [T], layout: &[Parameter], index: usize) -> &'a [T] {
    &parameters[layout[index].range()]
}

/// Splits the memory of metrics into one slice for each metric, with one number per sample.
#[inline(always)]
pub fn metric_values<T, const K: usize>(values: &mut [T], samples: usize) -> [&mut [T]; K] {
    let mut rest = values;
    [(); K].map(|()| {
        let (own, others) = std::mem::take(&mut rest).split_at_mut(samples);
        rest = others;
        own
    })
}

/// Returns the slice of a parameter's gradient.
#[inline(always)]
pub fn part_mut<'a, T>(gradients: &'a mut [T], layout: &[Parameter], index: usize) -> &'a mut [T] {
    &mut gradients[layout[index].range()]
}

/// Returns the slice of one iteration, for a parameter that has a copy per iteration of a loop.
#[inline(always)]
pub fn part_of_iteration<'a, T>(
    parameters: &'a [T],
    layout: &[Parameter],
    index: usize,
    iteration: usize,
) -> &'a [T] {
    &parameters[layout[index].range_of_iteration(iteration)]
}

/// Returns the slice of one iteration's gradient.
#[inline(always)]
pub fn part_of_iteration_mut<'a, T>(
    gradients: &'a mut [T],
    layout: &[Parameter],
    index: usize,
    iteration: usize,
) -> &'a mut [T] {
    &mut gradients[layout[index].range_of_iteration(iteration)]
}

/// Splits a slice into rows of `len`. There are none if `len` is 0 and the slice is empty.
#[inline(always)]
pub fn chunks<T>(slice: &[T], len: usize) -> core::slice::ChunksExact<'_, T> {
    slice.chunks_exact(len.max(1))
}

/// Splits a slice into mutable rows of `len`.
#[inline(always)]
pub fn chunks_mut<T>(slice: &mut [T], len: usize) -> core::slice::ChunksExactMut<'_, T> {
    slice.chunks_exact_mut(len.max(1))
}

/// Returns the slice from `start` on, or an empty one if it is shorter, as with no samples.
#[inline(always)]
pub fn tail<T>(slice: &[T], start: usize) -> &[T] {
    slice.get(start..).unwrap_or(&[])
}

/// Returns the mutable slice from `start` on, or an empty one if it is shorter.
#[inline(always)]
pub fn tail_mut<T>(slice: &mut [T], start: usize) -> &mut [T] {
    slice.get_mut(start..).unwrap_or(&mut [])
}

/// Borrows several ranges of a slice mutably at once.
///
/// # Panics
/// If they overlap or exceed the slice.
#[inline(always)]
pub fn parts_mut<T, const K: usize>(slice: &mut [T], ranges: [Range<usize>; K]) -> [&mut [T]; K] {
    slice.get_disjoint_mut(ranges).expect("ranges that do not overlap")
}

/// Reverses a range: `Iterator::rev`, for code where that trait is not in scope.
#[inline(always)]
pub fn rev(range: Range<usize>) -> core::iter::Rev<Range<usize>> {
    range.rev()
}

/// Returns zero: the result of a scalar in the stub of a network with errors.
pub fn zero<T: Scalar>() -> T {
    T::ZERO
}

/// Formats a network for `Debug`.
///
/// # Errors
/// Those of the formatter.
pub fn debug<T: Scalar>(name: &str, state: &State<T>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_struct(name).field("state", state).finish_non_exhaustive()
}

/// Wraps a scalar for a loop compiled for `S`.
#[inline(always)]
pub fn lane<T: Scalar, S: Simd<T>>(value: T) -> Lane<T, S> {
    Lane::new(value)
}

/// Wraps a constant for a loop compiled for `S`.
#[inline(always)]
pub fn number<T: Scalar, S: Simd<T>>(value: f64) -> Lane<T, S> {
    Lane::new(T::from_f64(value))
}

/// Converts a number of elements for arithmetic.
#[inline(always)]
#[must_use]
pub const fn count(len: usize) -> f64 {
    len as f64
}

/// Converts a user-defined constant for arithmetic.
#[inline(always)]
pub fn constant(value: impl Constant) -> f64 {
    value.to_f64()
}

/// Returns the scalars that training keeps for an activation in addition to its output, for an output
/// of `len` scalars.
#[inline(always)]
#[must_use]
pub const fn kept_len(from_output: bool, len: usize) -> usize {
    if from_output { 0 } else { len }
}

macro_rules! functions {
    ($($name:ident),*) => {$(
        /// Calls the method of [`Number`] of this name.
        #[inline(always)]
        pub fn $name<N: Number>(x: N) -> N {
            Number::$name(x)
        }
    )*};
}
functions!(
    exp, exp2, exp_m1, ln, ln_1p, sqrt, sin, cos, atan, tanh, sigmoid, softplus, erf, abs, floor,
    ceil, round
);

/// Returns the larger.
#[inline(always)]
pub fn maximum<N: Number>(a: N, b: N) -> N {
    a.maximum(b)
}

/// Returns the smaller.
#[inline(always)]
pub fn minimum<N: Number>(a: N, b: N) -> N {
    a.minimum(b)
}

/// Returns x limited to `low..=high`.
#[inline(always)]
pub fn clamp<N: Number>(x: N, low: N, high: N) -> N {
    x.maximum(low).minimum(high)
}

/// Returns 1 if a >= b, else 0.
#[inline(always)]
pub fn at_least<N: Number>(a: N, b: N) -> N {
    N::constant(if a >= b { 1.0 } else { 0.0 })
}

/// Returns 1 if a > b, else 0.
#[inline(always)]
pub fn above<N: Number>(a: N, b: N) -> N {
    N::constant(if a > b { 1.0 } else { 0.0 })
}

/// Returns 1 if a = b, else 0.
#[inline(always)]
pub fn equal<N: Number>(a: N, b: N) -> N {
    N::constant(if a == b { 1.0 } else { 0.0 })
}

/// Returns 1 if a and b are not equal, else 0.
#[inline(always)]
pub fn unequal<N: Number>(a: N, b: N) -> N {
    N::constant(if a == b { 0.0 } else { 1.0 })
}

/// Returns `yes` if the condition is not 0, else `no`.
#[inline(always)]
pub fn select<N: Number>(condition: N, yes: N, no: N) -> N {
    if condition == N::constant(0.0) { no } else { yes }
}

/// Returns `gradient` if the condition is not 0, else 0.
///
/// Adding 0 leaves a gradient unchanged, but keeps the compiler from using masked stores if the result
/// overwrites the operand: it would store only the elements that change, which takes eight times as
/// long.
#[inline(always)]
pub fn chosen<N: Number>(condition: N, gradient: N) -> N {
    let zero = N::constant(0.0);
    if condition == zero { zero } else { gradient + zero }
}

/// Returns the argument by which a user-defined function is differentiated.
#[inline(always)]
pub fn variable<N: Number>(x: N) -> Dual<N> {
    Dual::variable(x)
}

/// Returns an argument that is constant in the differentiation.
#[inline(always)]
pub fn fixed<N: Number>(x: N) -> Dual<N> {
    Dual { value: x, derivative: N::constant(0.0) }
}

/// Returns -1, 0 or 1: the sign of x.
#[inline(always)]
pub fn sign<N: Number>(x: N) -> N {
    let zero = N::constant(0.0);
    let positive = N::constant(if x > zero { 1.0 } else { 0.0 });
    let negative = N::constant(if x < zero { 1.0 } else { 0.0 });
    positive - negative
}

/// Returns x^p.
#[inline(always)]
pub fn pow<N: Number>(x: N, p: f64) -> N {
    x.pow(p)
}

/// Returns the binary cross entropy of sigmoid(x) with a target.
#[inline(always)]
pub fn bce_with_logits<N: Number>(x: N, target: N) -> N {
    loss::bce_with_logits(x, target)
}
