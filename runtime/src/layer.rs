//! External layers: networks and hand-written layers that a network applies without knowing their
//! bodies.

mod fit;
mod outputs;
mod place;
mod run;
mod sizes;
mod text;
mod visible;

#[doc(hidden)]
pub use fit::{ASKED, assert_fits, assert_stepwise, output_size};
pub use place::{Applied, Backward, Forward, Random, each};
#[doc(hidden)]
pub use sizes::{assert_size, assert_sizes};
pub(crate) use text::Text;
#[doc(hidden)]
pub use visible::PRIVATE;

use crate::kernels::Store;
use crate::layout::{self, Parameter, buffer_len};
use crate::network::Slot;
use crate::scalar::Scalar;
use crate::simd::Simd;
use crate::source::{Length, Port, Requirement};
use run::{BackwardCall, ForwardCall, Given};
use std::marker::PhantomData;

/// A layer that a network can apply: `x >> Name()`.
///
/// Every network that is visible outside of its module implements this trait, so that networks of
/// other modules and crates can apply it. Implement it by hand for an operation that the language
/// lacks: a transform with constants of its own, or a hand-written forward and backward pass.
///
/// The type only names the layer and needs no values; its functions are generic in the scalar. Shapes
/// are constants, so that a shape that does not fit is a compile error.
///
/// ```
/// use monograd::layer::{Backward, Forward};
/// use monograd::prelude::*;
/// use monograd::{Layer, Port, Simd};
///
/// /// The differences of neighbours.
/// struct Differences<const N: usize>;
///
/// impl<const N: usize> Layer for Differences<N> {
///     const INPUTS: &'static [Port] = &[Port::new("x", &[N])];
///     const OUTPUTS: &'static [Port] = &[Port::new("y", &[N])];
///
///     fn forward<T: Scalar, S: Simd<T>>(_: S, at: Forward<'_, T>) {
///         for (x, y) in at.inputs[0].chunks_exact(N).zip(at.outputs[0].chunks_exact_mut(N)) {
///             y[0] = x[0];
///             (1..N).for_each(|i| y[i] = x[i] - x[i - 1]);
///         }
///     }
///
///     fn backward<T: Scalar, S: Simd<T>>(_: S, at: Backward<'_, T>) {
///         for (dy, dx) in at.d_outputs[0].chunks_exact(N).zip(at.d_inputs[0].chunks_exact_mut(N)) {
///             dx[N - 1] = dy[N - 1];
///             (1..N).for_each(|i| dx[i - 1] = dy[i - 1] - dy[i]);
///         }
///     }
/// }
///
/// network! {
///     Edges(x: [8]) -> [2] { x >> Differences::<8>() >> Linear(2) }
///     loss mse
/// }
///
/// let net = Edges::init(1);
/// assert_eq!(net.forward(&[0.5; 8])?.shape(), [1, 2]);
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer",
    label = "applied as a layer",
    note = "layers from elsewhere are networks that are visible outside of their module (`pub`, `pub(crate)`), take no class numbers and neither keep states nor mix samples (batch normalisation), and types that implement `monograd::Layer`"
)]
pub trait Layer {
    /// The inputs, with the shape of one sample of each. The backward pass writes the gradient of each.
    const INPUTS: &'static [Port];
    /// The outputs, with the shape of one sample of each.
    const OUTPUTS: &'static [Port];
    /// The parameters, [placed](crate::layout::place) in the layer's part of the network's buffer.
    const LAYOUT: &'static [Parameter] = &[];
    /// The run-time sizes, to which [extents](Port::with_extents) of inputs and outputs refer. Each must
    /// be an extent of some input.
    const LENGTHS: &'static [Length] = &[];
    /// Number of floating point operations of the forward pass for one sample, with run-time sizes at
    /// their bounds, or at 1 if they have none.
    const FLOPS: usize = 0;
    /// Number of scalars of scratch memory of the forward pass, per sample.
    const FORWARD_SCRATCH: usize = 0;
    /// Number of scalars of scratch memory of the backward pass, per sample.
    const BACKWARD_SCRATCH: usize = scratch(Self::BACKWARD_SLOTS);
    /// `true` if every step along the only run-time size is computed independently of the other steps,
    /// so that the layer can be used in a stream.
    const STEPWISE: bool = false;

    /// The conditions on run-time sizes.
    #[doc(hidden)]
    const REQUIREMENTS: &'static [Requirement] = &[];
    /// The lengths of the slots of a network's backward pass, per sample.
    #[doc(hidden)]
    const BACKWARD_SLOTS: &'static [Slot] = &[];
    /// The lengths of the slots of a forward pass with the randomness of training, per sample.
    #[doc(hidden)]
    const TRAINING_SLOTS: &'static [Slot] = &[];
    /// Number of scalars of its parameters in the network's buffer, with gaps.
    #[doc(hidden)]
    const BUFFER: usize = buffer_len(Self::LAYOUT);
    /// Number of scalars of its parameters, without gaps.
    #[doc(hidden)]
    const PARAMS: usize = layout::count(Self::LAYOUT);
    /// [`FORWARD_SCRATCH`](Self::FORWARD_SCRATCH), plus room for the outputs if there are several.
    #[doc(hidden)]
    const FORWARD_MEMORY: usize = Self::FORWARD_SCRATCH + outputs::constant_len(Self::OUTPUTS);
    /// [`BACKWARD_SCRATCH`](Self::BACKWARD_SCRATCH), plus room for the gradients of the outputs if there
    /// are several.
    #[doc(hidden)]
    const BACKWARD_MEMORY: usize = Self::BACKWARD_SCRATCH + outputs::constant_len(Self::OUTPUTS);

    /// Returns [`FLOPS`](Self::FLOPS) for given run-time sizes.
    #[must_use]
    fn flops(lengths: &[usize]) -> usize {
        let _ = lengths;
        Self::FLOPS
    }
    /// Returns [`FORWARD_SCRATCH`](Self::FORWARD_SCRATCH) for given run-time sizes.
    #[must_use]
    fn forward_scratch(lengths: &[usize]) -> usize {
        let _ = lengths;
        Self::FORWARD_SCRATCH
    }
    /// Returns [`BACKWARD_SCRATCH`](Self::BACKWARD_SCRATCH) for given run-time sizes.
    #[must_use]
    fn backward_scratch(lengths: &[usize]) -> usize {
        let _ = lengths;
        Self::BACKWARD_SCRATCH
    }

    /// Computes the outputs of a number of samples.
    ///
    /// Mark it `#[inline]`, so that it is compiled for the instruction set of `simd`.
    fn forward<T: Scalar, S: Simd<T>>(simd: S, at: Forward<'_, T>);

    /// Computes the gradients of the inputs, and adds to the gradients of the parameters.
    fn backward<T: Scalar, S: Simd<T>>(simd: S, at: Backward<'_, T>);

    /// Returns [`BACKWARD_SLOTS`](Self::BACKWARD_SLOTS) for given run-time sizes.
    #[doc(hidden)]
    fn backward_slots(_: &[usize]) -> impl AsRef<[Slot]> {
        Self::BACKWARD_SLOTS
    }
    /// Returns [`TRAINING_SLOTS`](Self::TRAINING_SLOTS) for given run-time sizes.
    #[doc(hidden)]
    fn training_slots(_: &[usize]) -> impl AsRef<[Slot]> {
        Self::TRAINING_SLOTS
    }
    /// Returns the number of floating point operations for inputs of these shapes.
    #[doc(hidden)]
    fn flops_for(shapes: &[&[usize]]) -> usize {
        Self::flops(&fit::lengths(Self::INPUTS, shapes))
    }
    /// Returns [`FORWARD_MEMORY`](Self::FORWARD_MEMORY) for inputs of these shapes.
    #[doc(hidden)]
    fn forward_room(shapes: &[&[usize]]) -> usize {
        let lengths = fit::lengths(Self::INPUTS, shapes);
        Self::forward_scratch(&lengths) + outputs::len_side_by_side(Self::OUTPUTS, &lengths)
    }
    /// Returns [`BACKWARD_MEMORY`](Self::BACKWARD_MEMORY) for inputs of these shapes.
    #[doc(hidden)]
    fn backward_room(shapes: &[&[usize]]) -> usize {
        let lengths = fit::lengths(Self::INPUTS, shapes);
        Self::backward_scratch(&lengths) + outputs::len_side_by_side(Self::OUTPUTS, &lengths)
    }
    /// Returns true if the layer accepts inputs and outputs of these shapes. Evaluated at run time.
    #[doc(hidden)]
    fn fits(inputs: &[&[usize]], outputs: &[&[usize]]) -> bool {
        let ports = [Self::INPUTS, Self::OUTPUTS];
        fit::fits(ports, Self::LENGTHS, Self::REQUIREMENTS, inputs, outputs)
    }

    /// Runs the forward pass of a tile. Several outputs are concatenated in each sample of `output`.
    #[doc(hidden)]
    #[inline(always)]
    fn apply<T: Scalar, S: Simd<T>, const I: usize>(
        simd: S,
        applied: Applied<'_>,
        parameters: &[T],
        inputs: [&[T]; I],
        output: &mut [T],
        scratch: &mut [T],
    ) {
        let lengths = fit::lengths(Self::INPUTS, applied.shapes);
        let (lengths, inputs) = (&lengths[..], &inputs[..]);
        let given = Given { applied, lengths, parameters, inputs, scratch };
        simd.outlined(ForwardCall { given, output, layer: PhantomData::<fn(&Self)> });
    }

    /// Runs the backward pass of a tile.
    #[doc(hidden)]
    #[inline(always)]
    #[allow(clippy::too_many_arguments, reason = "what a backward pass is made of")]
    fn run_backward<T: Scalar, S: Simd<T>, const I: usize>(
        simd: S,
        applied: Applied<'_>,
        parameters: &[T],
        inputs: [&[T]; I],
        d_output: &[T],
        d_inputs: [&mut [T]; I],
        (d_parameters, store): (&mut [T], Store),
        scratch: &mut [T],
    ) {
        if store == Store::Set {
            d_parameters.fill(T::ZERO);
        }
        let lengths = fit::lengths(Self::INPUTS, applied.shapes);
        let (lengths, inputs) = (&lengths[..], &inputs[..]);
        let given = Given { applied, lengths, parameters, inputs, scratch };
        let layer = PhantomData::<fn(&Self)>;
        simd.outlined(BackwardCall { given, d_output, d_inputs, d_parameters, layer });
    }
}

/// Returns the scalars per sample that slots of these lengths take. Each slot begins at a cache line.
#[must_use]
pub const fn scratch(slots: &[Slot]) -> usize {
    let (mut sum, mut i) = (0, 0);
    while i < slots.len() {
        sum += slots[i].len(1).next_multiple_of(Parameter::ALIGNMENT);
        i += 1;
    }
    sum
}

/// Like [`scratch`], for lengths that depend on run-time sizes.
#[must_use]
pub fn scratch_at(slots: impl AsRef<[Slot]>) -> usize {
    scratch(slots.as_ref())
}

/// Returns the larger of two numbers.
#[must_use]
pub const fn larger(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests;
