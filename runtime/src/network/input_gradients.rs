//! Gradients of inputs: of the loss, and of outputs with given gradients.

use super::feed::{Batch, Inputs, pair};
use super::memory::{Mode, check_batch};
use super::outputs::{Outputs, SlicesMut};
use super::slot::{Slot, arena_len, sample_len};
use super::tile::{Tile, share_of, tile_len};
use super::workspace::described;
use super::{Differentiable, Network, Trainable};
use crate::buffer::Buffer;
use crate::error::Result;
use crate::kernels::Store;
use crate::layout::buffer_len;
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};
use crate::source::{Feed, Lengths, MAX_PORTS, Port, Views};
use crate::workers;
use std::marker::PhantomData;

/// A network that computes the gradients of its inputs from those of its outputs.
///
/// `network!` implements it for a network with the attribute `#[input_gradients]`, for
/// [`Network::vjp`].
///
/// ```
/// use monograd::VectorJacobian;
/// use monograd::prelude::*;
///
/// network! {
///     #[input_gradients]
///     Square(x: [2]) -> [] { sum(x * x) }
///     loss |y| mean(y)
/// }
///
/// /// Returns the gradients of the inputs for a gradient of 1 of the output, of any such network of one real input.
/// fn slopes<N>(net: &N, x: &[f32]) -> Result<Tensor, Error>
/// where
///     N: VectorJacobian<Scalar = f32, InputGradients = Tensor>,
///     for<'a> N: Network<Inputs<'a> = (&'a [f32],)> + VectorJacobian<OutputGradients<'a> = (&'a [f32],)>,
/// {
///     assert_eq!(N::REAL_INPUTS.len(), 1);
///     net.vjp(x, &[1.0])
/// }
///
/// assert_eq!(slopes(&Square::init(1), &[1.0, -3.0])?.as_slice(), [2.0, -6.0]);
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no gradients of its inputs",
    note = "write `#[input_gradients]` before the network's name; without it, nothing is compiled for them"
)]
pub trait VectorJacobian: Network {
    /// The gradients of the inputs that hold real numbers: a tensor, or a tuple of tensors.
    type InputGradients: Outputs<Self::Scalar>;
    /// The views of the gradients of the outputs, one slice each.
    type OutputGradients<'a>: Views;

    /// The inputs that hold real numbers.
    const REAL_INPUTS: &'static [Port];
    #[doc(hidden)]
    const VJP_SLOTS: &'static [Slot];

    /// Returns [`VJP_SLOTS`](Self::VJP_SLOTS) for the given run-time sizes.
    #[doc(hidden)]
    fn vjp_slots(_: &[usize]) -> impl AsRef<[Slot]> {
        Self::VJP_SLOTS
    }

    /// Writes the gradients of the inputs of a tile.
    #[doc(hidden)]
    fn vjp_tile<S: Simd<Self::Scalar>>(
        simd: S,
        tile: &Tile<'_, Self::Scalar>,
        parameters: &[Self::Scalar],
        inputs: Self::Inputs<'_>,
        d_outputs: Self::OutputGradients<'_>,
        arena: &mut [Self::Scalar],
        outputs: <Self::InputGradients as Outputs<Self::Scalar>>::SlicesMut<'_>,
    );
}

/// A network with a loss that computes the gradients of its inputs.
///
/// `network!` implements it for a network with a loss and the attribute `#[input_gradients]`, for
/// [`Network::input_gradients`].
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     #[input_gradients]
///     Square(x: [2]) -> [] { sum(x * x) }
///     loss |y| mean(y)
/// }
///
/// let (loss, gradients) = Square::init(1).input_gradients(&[1.0, -3.0], ())?;
/// assert_eq!((loss, gradients.as_slice()), (10.0, &[2.0, -6.0][..]));
///
/// fn has_gradients<N: monograd::InputGradients>() -> bool {
///     !N::REAL_INPUTS.is_empty()
/// }
/// assert!(has_gradients::<Square>());
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no gradients of its inputs with respect to a loss",
    note = "write `#[input_gradients]` before the network's name, and a loss after its body"
)]
pub trait InputGradients: Differentiable<Network = Self> + VectorJacobian + Trainable {
    #[doc(hidden)]
    const INPUT_GRADIENT_SLOTS: &'static [Slot];

    /// Returns [`INPUT_GRADIENT_SLOTS`](Self::INPUT_GRADIENT_SLOTS) for the given run-time sizes.
    #[doc(hidden)]
    fn input_gradient_slots(_: &[usize]) -> impl AsRef<[Slot]> {
        Self::INPUT_GRADIENT_SLOTS
    }

    /// Returns the sum of the losses of a tile, and writes the gradients of its inputs.
    #[doc(hidden)]
    fn input_gradients_tile<S: Simd<Self::Scalar>>(
        simd: S,
        tile: &Tile<'_, Self::Scalar>,
        parameters: &[Self::Scalar],
        inputs: Self::Inputs<'_>,
        targets: Self::Targets<'_>,
        arena: &mut [Self::Scalar],
        outputs: <Self::InputGradients as Outputs<Self::Scalar>>::SlicesMut<'_>,
    ) -> Self::Scalar;
}

/// Implements [`Network::vjp`].
pub(super) fn vjp<'a, 'b, N: VectorJacobian>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    gradients: impl Feed<N::OutputGradients<'b>>,
) -> Result<N::InputGradients> {
    let requirements = [N::REQUIREMENTS, &[]];
    let (inputs, given) = pair::<N, _>(inputs, (gradients, N::OUTPUTS), requirements)?;
    check_batch::<N>(Mode::Infer, inputs.samples, &inputs.lengths)?;
    let slots = N::vjp_slots(&inputs.lengths);
    let memory = Memory::new::<N>(Mode::Infer, slots.as_ref(), &inputs)?;
    Ok(run::<N, Vjp<'b>>(net, &inputs, (given, N::OUTPUTS), &[], memory)?.1)
}

/// Implements [`Network::input_gradients`].
pub(super) fn input_gradients<'a, 'b, N: InputGradients>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
) -> Result<(N::Scalar, N::InputGradients)> {
    let Batch { inputs, targets, samples, lengths } = Batch::<N>::new(inputs, targets)?;
    check_batch::<N>(Mode::Evaluate, samples, &lengths)?;
    let inputs = Inputs { views: inputs, samples, lengths };
    let slots = N::input_gradient_slots(&inputs.lengths);
    let memory = Memory::new::<N>(Mode::Evaluate, slots.as_ref(), &inputs)?;
    let mut normalisers = Buffer::zeros(N::NORMALISERS);
    N::normalisers(samples, targets, &mut normalisers);
    let given = (targets, N::TARGETS);
    let (sum, gradients) = run::<N, OfLoss<'b>>(net, &inputs, given, &normalisers, memory)?;
    Ok((N::Scalar::from_f64(sum / samples as f64), gradients))
}

/// The pass over one tile. It is a type, so that a pass that a program does not call is not compiled.
trait Pass<N: VectorJacobian>: Send + Sync {
    /// The views given beside the inputs: targets, or gradients of outputs.
    type Given: Views;

    /// Returns the sum of the losses, 0 if there is none, and writes the gradients.
    fn run<S: Simd<N::Scalar>>(
        simd: S,
        tile: &Tile<'_, N::Scalar>,
        parameters: &[N::Scalar],
        given: (N::Inputs<'_>, Self::Given),
        arena: &mut [N::Scalar],
        outputs: <N::InputGradients as Outputs<N::Scalar>>::SlicesMut<'_>,
    ) -> N::Scalar;
}

/// From the gradients of outputs.
struct Vjp<'b>(PhantomData<&'b ()>);
/// From the loss.
struct OfLoss<'b>(PhantomData<&'b ()>);

impl<'b, N: VectorJacobian> Pass<N> for Vjp<'b> {
    type Given = N::OutputGradients<'b>;

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(
        simd: S,
        tile: &Tile<'_, N::Scalar>,
        parameters: &[N::Scalar],
        (inputs, given): (N::Inputs<'_>, Self::Given),
        arena: &mut [N::Scalar],
        outputs: <N::InputGradients as Outputs<N::Scalar>>::SlicesMut<'_>,
    ) -> N::Scalar {
        N::vjp_tile(simd, tile, parameters, inputs, given, arena, outputs);
        N::Scalar::ZERO
    }
}

impl<'b, N: InputGradients> Pass<N> for OfLoss<'b> {
    type Given = N::Targets<'b>;

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(
        simd: S,
        tile: &Tile<'_, N::Scalar>,
        parameters: &[N::Scalar],
        (inputs, given): (N::Inputs<'_>, Self::Given),
        arena: &mut [N::Scalar],
        outputs: <N::InputGradients as Outputs<N::Scalar>>::SlicesMut<'_>,
    ) -> N::Scalar {
        N::input_gradients_tile(simd, tile, parameters, inputs, given, arena, outputs)
    }
}

/// The memory of a pass: an arena for each thread, and the number of samples of a tile.
struct Memory<T> {
    arenas: Vec<Buffer<T>>,
    tile: usize,
}

impl<T: Scalar> Memory<T> {
    /// Divides a batch over threads and tiles; all samples are one tile if those of a pass of this `mode`
    /// depend on each other.
    fn new<N: Network<Scalar = T>>(
        mode: Mode,
        slots: &[Slot],
        inputs: &Inputs<N::Inputs<'_>>,
    ) -> Result<Self> {
        let Inputs { samples, lengths, .. } = inputs;
        let (mut workers, mut tile) = (1, (*samples).max(1));
        if N::whole_batch(mode, lengths).is_none() {
            // the backward pass to the inputs costs about as much as the forward pass
            let operations = N::flops(lengths).saturating_mul(samples.saturating_mul(2));
            workers = workers::count(operations, *samples);
            let sample = sample_len(slots).saturating_mul(T::BYTES);
            let parameters = buffer_len(N::LAYOUT) * T::BYTES;
            tile = tile_len(sample, parameters, samples.div_ceil(workers));
        }
        let len = arena_len(slots, tile);
        let arena = || Buffer::zeros_for(len, || described::<N>(*samples, lengths));
        Ok(Self {
            arenas: std::iter::repeat_with(arena).take(workers).collect::<Result<_>>()?,
            tile,
        })
    }
}

/// Runs a pass over a batch. Returns the sum of the losses, and the gradients of the inputs.
fn run<N: VectorJacobian, P: Pass<N>>(
    net: &N,
    inputs: &Inputs<N::Inputs<'_>>,
    (given, ports): (P::Given, &'static [Port]),
    normalisers: &[N::Scalar],
    mut memory: Memory<N::Scalar>,
) -> Result<(f64, N::InputGradients)> {
    let Inputs { views, samples, lengths } = inputs;
    let mut gradients = N::InputGradients::zeros(*samples, N::REAL_INPUTS, lengths)?;
    let share = Share::<N, P> {
        set: InstructionSet::detect(),
        tile: memory.tile,
        batch: *samples,
        parameters: &net.state().parameters,
        inputs: *views,
        given,
        ports,
        normalisers,
        lengths,
        start: 0,
        samples: *samples,
    };
    let sum = share.run(&mut memory.arenas, gradients.slices_mut());
    Ok((sum, gradients))
}

/// A contiguous range of the samples of a batch.
struct Share<'p, 'i, N: VectorJacobian, P: Pass<N>> {
    set: InstructionSet,
    /// Maximum number of samples of a tile.
    tile: usize,
    batch: usize,
    parameters: &'p [N::Scalar],
    inputs: N::Inputs<'i>,
    given: P::Given,
    ports: &'static [Port],
    normalisers: &'p [N::Scalar],
    lengths: &'p Lengths,
    start: usize,
    samples: usize,
}

impl<N: VectorJacobian, P: Pass<N>> Clone for Share<'_, '_, N, P> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<N: VectorJacobian, P: Pass<N>> Copy for Share<'_, '_, N, P> {}

impl<N: VectorJacobian, P: Pass<N>> Share<'_, '_, N, P> {
    /// Runs the pass on the share, divided among threads; returns the sum of the losses.
    fn run(
        self,
        arenas: &mut [Buffer<N::Scalar>],
        outputs: <N::InputGradients as Outputs<N::Scalar>>::SlicesMut<'_>,
    ) -> f64 {
        let [arena] = arenas else {
            let first = workers::first_share(self.samples, arenas.len());
            let (left, right) = outputs.split(first, N::REAL_INPUTS, self.lengths);
            let half = arenas.len() / 2;
            let (left_arenas, right_arenas) = arenas.split_at_mut(half);
            let rest = Self { start: self.start + first, samples: self.samples - first, ..self };
            let begin = Self { samples: first, ..self };
            let (mut a, mut b) = (0.0, 0.0);
            workers::join(
                || a = begin.run(left_arenas, left),
                || b = rest.run(right_arenas, right),
            );
            return a + b;
        };
        N::Scalar::vectorize(self.set, Tiles { share: self, arena, outputs })
    }
}

/// A share that one thread processes, one tile after the other.
struct Tiles<'p, 'i, 'w, 'o, N: VectorJacobian, P: Pass<N>> {
    share: Share<'p, 'i, N, P>,
    arena: &'w mut [N::Scalar],
    outputs: <N::InputGradients as Outputs<N::Scalar>>::SlicesMut<'o>,
}

impl<N: VectorJacobian, P: Pass<N>> Vectorize<N::Scalar> for Tiles<'_, '_, '_, '_, N, P> {
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(self, simd: S) -> f64 {
        let Share { parameters, inputs, given, ports, normalisers, lengths, mut start, .. } =
            self.share;
        let lens = |ports: &[Port]| {
            let mut lens = [0; MAX_PORTS];
            lens.iter_mut().zip(ports).for_each(|(len, port)| *len = port.len_at(lengths));
            lens
        };
        let (input_lens, given_lens) = (lens(N::INPUTS), lens(ports));
        let (end, batch) = (start + self.share.samples, self.share.batch);
        let mut outputs = self.outputs;
        let mut sum = 0.0;
        while start < end {
            let tile = Tile {
                samples: self.share.tile.min(end - start),
                batch,
                batch_mean: share_of(batch),
                normalisers,
                store: Store::Set,
                first: start,
                key: (0, 0),
                lengths,
            };
            let inputs = inputs.rows(start, tile.samples, &input_lens);
            let given = given.rows(start, tile.samples, &given_lens);
            let (first, rest) = outputs.split(tile.samples, N::REAL_INPUTS, lengths);
            sum += P::run(simd, &tile, parameters, (inputs, given), self.arena, first).to_f64();
            outputs = rest;
            start += tile.samples;
        }
        sum
    }
}
