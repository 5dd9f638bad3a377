//! Running a network one step along its run-time axis at a time.

mod extend;
mod saved;

pub use saved::SavedStream;

use super::outputs::Outputs;
use super::slot::{Slot, arena_len, states_len};
use super::tile::Tile;
use super::{Network, State, Streamable};
use crate::buffer::Buffer;
use crate::error::{Error, Result};
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};
use crate::source::{Feed, Lengths, Port, Requirement, Views};
use extend::Blocks;
use std::fmt;

/// The maximum number of steps of a block: enough rows for products at full speed, few enough that what a
/// block needs does not grow with the number of steps of a call.
pub const BLOCK_STEPS: usize = 256;

/// A network that can be run one step along its run-time axis at a time. It is implemented by `network!` if
/// no operation looks ahead. A step returns what the forward pass of the whole sequence computes there.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Filter(x: [dyn T]) -> [T] {
///         let mut y = 0.0;
///         for x_t in x {
///             y = 0.9 * y + 0.1 * x_t;
///             y
///         }
///     }
/// }
///
/// let net = Filter::init(1);
/// let whole = net.forward(&[1.0, 2.0, 3.0])?;
/// let mut stream = net.stream();
/// for (x, y) in [1.0, 2.0, 3.0].iter().zip(whole.as_slice()) {
///     assert_eq!(stream.step(&[*x]), [*y]);
/// }
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be run one step at a time",
    note = "mark it as `#[streaming]` to see which operation looks ahead"
)]
pub trait Streaming: Streamable<Network = Self> {
    /// The inputs of one step: those of the network without the run-time axis.
    const STEP_INPUTS: &'static [Port];
    /// The outputs of one step.
    const STEP_OUTPUTS: &'static [Port];
    /// The maximum number of steps of a stream: the bound of the run-time size, as in `dyn T <= 256`.
    const MOST_STEPS: Option<usize>;

    /// The other conditions on the number of steps.
    #[doc(hidden)]
    const STEP_REQUIREMENTS: &'static [Requirement] = &[];
    #[doc(hidden)]
    const STEP_LENS: &'static [usize];
    /// Number of scalars of each value that is kept from step to step.
    #[doc(hidden)]
    const STATES: &'static [usize];
    #[doc(hidden)]
    const STEP_SLOTS: &'static [Slot];

    /// Returns the number of scalars of each slot of the arena for the given number of steps.
    #[doc(hidden)]
    fn step_slots(_: &[usize]) -> impl AsRef<[Slot]> {
        Self::STEP_SLOTS
    }

    /// The maximum number of steps that [`block`](Self::block) takes at once; 1 if steps are taken one by one.
    #[doc(hidden)]
    const BLOCK: usize = 1;

    /// Returns the number of scalars of each slot of the arena of [`block`](Self::block). Its run-time sizes
    /// are the number of steps up to the end of the block, the number in the block, and the number of the
    /// last ones whose outputs are computed.
    #[doc(hidden)]
    fn block_slots(_: &[usize]) -> impl AsRef<[Slot]> {
        [Slot::Once(0); 0]
    }

    /// Runs a block of steps at once.
    #[doc(hidden)]
    fn block<S: Simd<Self::Scalar>>(
        _: S,
        _: &Tile<'_, Self::Scalar>,
        _: &[Self::Scalar],
        _: Self::Inputs<'_>,
        _: &mut [Self::Scalar],
        _: &mut [Self::Scalar],
        _: <Self::Output as Outputs<Self::Scalar>>::SlicesMut<'_>,
    ) {
    }

    /// Runs one step.
    #[doc(hidden)]
    fn step<S: Simd<Self::Scalar>>(
        simd: S,
        tile: &Tile<'_, Self::Scalar>,
        parameters: &[Self::Scalar],
        inputs: Self::Inputs<'_>,
        states: &mut [Self::Scalar],
        arena: &mut [Self::Scalar],
        outputs: <Self::Output as Outputs<Self::Scalar>>::SlicesMut<'_>,
    );
}

/// The outputs of steps of a network: a slice, or a tuple of slices.
///
/// ```
/// use monograd::prelude::*;
/// use monograd::{StepOutput, Stream};
///
/// network! { Half(x: [dyn T]) -> [T] { x / 2 } }
///
/// fn play<'s>(stream: &'s mut Stream<'_, Half>, x: f32) -> StepOutput<'s, Half> {
///     stream.step(&[x])
/// }
///
/// let net = Half::init(1);
/// let mut stream = net.stream();
/// assert_eq!(play(&mut stream, 3.0), [1.5]);
/// ```
pub type StepOutput<'a, N> =
    <<N as Network>::Output as Outputs<<N as Network>::Scalar>>::Slices<'a>;

/// A network that is run one step at a time, or some steps at once, with the state that it keeps from step to
/// step.
///
/// A network can have any number of streams at once, on one thread or several: each has a state of its own,
/// and all read the network's parameters.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Sums(x: [dyn T, 2]) -> [T, 2] { cumsum(x, axis = 0) }
/// }
///
/// let net = Sums::init(1);
/// let mut stream = net.stream();
/// assert_eq!(stream.step(&[1.0, 2.0]), [1.0, 2.0]);
/// // several steps at once
/// assert_eq!(stream.extend(&[[1.0, 2.0], [3.0, 4.0]]), [2.0, 4.0, 5.0, 8.0]);
/// let saved = stream.save();
/// // only the outputs of the last of them
/// assert_eq!(stream.prefill(&[[1.0, 1.0], [1.0, 1.0]]), [7.0, 10.0]);
/// assert_eq!(stream.position(), 5);
/// stream.restore(&saved)?;
/// assert_eq!(stream.step(&[0.0, 0.0]), [5.0, 8.0]);
/// # Ok::<(), Error>(())
/// ```
pub struct Stream<'n, N: Network> {
    state: &'n State<N::Scalar>,
    /// The values that are kept from step to step; see [`Streaming::STATES`].
    kept: Buffer<N::Scalar>,
    arena: Buffer<N::Scalar>,
    /// The outputs of one step.
    outputs: Buffer<N::Scalar>,
    position: usize,
    set: InstructionSet,
    /// The memory for several steps at once.
    blocks: Blocks<N::Scalar>,
}

impl<'n, N: Streaming> Stream<'n, N> {
    /// Creates a stream before its first step.
    pub(super) fn new(state: &'n State<N::Scalar>) -> Self {
        let lengths = Lengths::at_bounds(N::LENGTHS);
        Self {
            state,
            kept: Buffer::zeros(states_len(N::STATES)),
            arena: Buffer::zeros(arena_len(N::step_slots(&lengths).as_ref(), 1)),
            outputs: Buffer::zeros(N::STEP_OUTPUTS.iter().map(Port::len).sum()),
            position: 0,
            set: InstructionSet::detect(),
            blocks: Blocks::default(),
        }
    }

    /// Runs the next step and returns its outputs. Its inputs are those of the network without the run-time
    /// axis: `&x`, or `(&x, &y)` for two inputs. It neither allocates nor waits.
    ///
    /// # Panics
    /// If [`try_step`](Self::try_step) returns an error.
    #[inline]
    pub fn step<'a>(&mut self, inputs: impl Feed<N::Inputs<'a>>) -> StepOutput<'_, N> {
        match self.try_step(inputs) {
            Ok(outputs) => outputs,
            Err(error) => panic!("{error}"),
        }
    }

    /// Runs the next step and returns its outputs.
    ///
    /// # Errors
    /// If the inputs are not those of one step, or the stream has already taken as many steps as the bound
    /// of the run-time size allows (`dyn T <= 256`), or as another size in the network allows (a table of
    /// 64 positions in `w[..T]`). The stream is then unchanged.
    #[inline]
    pub fn try_step<'a>(&mut self, inputs: impl Feed<N::Inputs<'a>>) -> Result<StepOutput<'_, N>> {
        let (views, forms) = (inputs.views(), inputs.forms());
        let steps = views.batch(&forms, N::STEP_INPUTS, &[])?;
        if steps != 1 {
            return Err(Error::OneStep { port: N::STEP_INPUTS[0].name, steps });
        }
        let lengths = self.lengths_after(1)?;
        self.run(views, lengths);
        Ok(N::Output::slices_in(&self.outputs, 1, N::STEP_OUTPUTS, &[]))
    }

    /// Returns the run-time sizes after some more steps.
    ///
    /// # Errors
    /// If the stream has no room for them.
    #[inline]
    fn lengths_after(&self, more: usize) -> Result<Lengths> {
        let (taken, length) = (self.position, self.position.saturating_add(more));
        if let Some(most) = N::MOST_STEPS.filter(|most| length > *most) {
            return Err(Error::StreamLength { taken, more, most });
        }
        let lengths = Lengths::of_one(length);
        lengths.require(N::LENGTHS, N::STEP_REQUIREMENTS)?;
        Ok(lengths)
    }

    /// Runs the next step, with its run-time sizes.
    #[inline]
    fn run(&mut self, views: N::Inputs<'_>, lengths: Lengths) {
        self.position += 1;
        let Self { state, kept, arena, outputs, set, .. } = self;
        let slices_mut = N::Output::slices_mut_in(outputs, 1, N::STEP_OUTPUTS, &[]);
        let parameters = &state.parameters;
        let step = OneStep::<N> { parameters, views, kept, arena, slices_mut, lengths };
        N::Scalar::vectorize(*set, step);
    }

    /// Returns the number of steps so far.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// Resets the stream to its initial state: the next step is the first.
    pub fn reset(&mut self) {
        self.kept.fill(N::Scalar::ZERO);
        self.position = 0;
    }

    /// Returns a copy of the state that the steps so far have left, from which any stream of such a network
    /// can go on.
    #[must_use]
    pub fn save(&self) -> SavedStream<N::Scalar> {
        SavedStream::new::<N>(&self.kept, self.position)
    }

    /// Replaces the state by a saved one: the next step is the one that was next when it was saved.
    ///
    /// # Errors
    /// [`Error::StreamState`] if it is the state of another network, or of one with other sizes. The stream is
    /// then unchanged.
    pub fn restore(&mut self, saved: &SavedStream<N::Scalar>) -> Result<()> {
        saved.restore::<N>(&mut self.kept)?;
        self.position = saved.position();
        Ok(())
    }
}

/// One step, ready to be compiled for an instruction set.
struct OneStep<'p, 'i, 'w, 'o, N: Network> {
    parameters: &'p [N::Scalar],
    views: N::Inputs<'i>,
    kept: &'w mut [N::Scalar],
    arena: &'w mut [N::Scalar],
    slices_mut: <N::Output as Outputs<N::Scalar>>::SlicesMut<'o>,
    lengths: Lengths,
}

impl<N: Streaming> Vectorize<N::Scalar> for OneStep<'_, '_, '_, '_, N> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(self, simd: S) {
        let Self { parameters, views, kept, arena, slices_mut, lengths } = self;
        let tile = Tile::inference(1, &lengths);
        N::step(simd, &tile, parameters, views, kept, arena, slices_mut);
    }
}

impl<N: Network> fmt::Debug for Stream<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("network", &N::NAME)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
