//! Networks that can be looked into.

use super::feed::{Batch, Inputs};
use super::memory::{Mode, check_batch};
use super::slot::{Slot, arena_len};
use super::tile::{Tile, share_of};
use super::workspace::described;
use super::{Network, Trainable};
use crate::buffer::Buffer;
use crate::error::Result;
use crate::inspect::{
    Collector, Inspection, Located, Operands, Origin, Search, Shown, TraceSource, Traced,
};
use crate::kernels::Store;
use crate::layout::{buffer_len, entries};
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};
use crate::source::{Feed, Port, Views as _};

/// A network that can be looked into. `network!` implements it for a network with the attribute `#[inspect]`, for
/// [`Network::inspect`].
///
/// ```
/// use monograd::Inspect;
/// use monograd::prelude::*;
///
/// network! {
///     #[inspect]
///     Dead(x: [1]) -> [1] { x >> Linear(4) >> Relu >> Linear(1) }
/// }
///
/// /// Returns the number of layers that are looked into, of any such network.
/// fn looked_at<N: Inspect<Scalar = f32>>(net: &N, x: &[f32]) -> Result<usize, Error>
/// where
///     for<'a> N: Network<Inputs<'a> = (&'a [f32],)>,
/// {
///     Ok(net.inspect(x)?.rows.len())
/// }
///
/// assert!(looked_at(&Dead::init(1), &[0.5, -0.5])? >= 3);
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be looked into",
    note = "write `#[inspect]` before the network's name; without it, nothing is compiled for it"
)]
pub trait Inspect: Network {
    #[doc(hidden)]
    const LOOK_SLOTS: &'static [Slot];
    #[doc(hidden)]
    const LOOKED_AT: &'static [Traced];
    #[doc(hidden)]
    const SHOWN: &'static [Shown];

    /// Returns [`LOOK_SLOTS`](Self::LOOK_SLOTS) for the given run-time sizes.
    #[doc(hidden)]
    fn look_slots(_: &[usize]) -> impl AsRef<[Slot]> {
        Self::LOOK_SLOTS
    }

    /// Runs the forward pass and shows its values.
    #[doc(hidden)]
    fn look<S: Simd<Self::Scalar>>(
        simd: S,
        tile: &Tile<'_, Self::Scalar>,
        parameters: &[Self::Scalar],
        inputs: Self::Inputs<'_>,
        arena: &mut [Self::Scalar],
        trace: Show<'_, Self::Scalar>,
    );
}

/// A network with a loss that can be looked into, for [`Network::inspect_training`] and the places of anomalies.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     #[inspect]
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let inspection = Line::init(1).inspect_training(&[0.5], &[2.0])?;
/// assert!(inspection.loss.is_some_and(f64::is_finite));
///
/// fn can_be_looked_into<N: monograd::InspectTraining>() -> &'static str {
///     N::NAME
/// }
/// assert_eq!(can_be_looked_into::<Line>(), "Line");
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "the training of `{Self}` cannot be looked into",
    note = "write `#[inspect]` before the network's name, and a loss after its body"
)]
pub trait InspectTraining: Inspect + Trainable {
    /// The network itself, so that a network which cannot be looked into is one error.
    type Network: InspectTraining<Scalar = Self::Scalar>;

    #[doc(hidden)]
    fn itself(&self) -> &<Self as InspectTraining>::Network;

    #[doc(hidden)]
    const TRACE_SLOTS: &'static [Slot];
    #[doc(hidden)]
    const TRACED: &'static [Traced];
    #[doc(hidden)]
    const SHOWN_IN_TRAINING: &'static [Shown];

    /// Returns [`TRACE_SLOTS`](Self::TRACE_SLOTS) for the given run-time sizes.
    #[doc(hidden)]
    fn trace_slots(_: &[usize]) -> impl AsRef<[Slot]> {
        Self::TRACE_SLOTS
    }

    /// Does the same as [`Trainable::train`], and shows all values.
    #[doc(hidden)]
    #[allow(clippy::too_many_arguments)]
    fn trace_tile<S: Simd<Self::Scalar>>(
        simd: S,
        tile: &Tile<'_, Self::Scalar>,
        parameters: &[Self::Scalar],
        inputs: Self::Inputs<'_>,
        targets: Self::Targets<'_>,
        arena: &mut [Self::Scalar],
        gradients: &mut [Self::Scalar],
        trace: Show<'_, Self::Scalar>,
    ) -> Self::Scalar;
}

/// Takes a value that a pass shows: its number, the iterations of the loops around it, and its elements.
type Show<'s, T> = &'s mut dyn FnMut(usize, &[usize], &[T]);

/// Implements [`Network::inspect`].
pub(super) fn inspect<'a, N: Inspect>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
) -> Result<Inspection> {
    let Inputs { views, samples, lengths } = Inputs::checked::<N>(inputs)?;
    check_batch::<N>(Mode::Infer, samples, &lengths)?;
    let mut collector = Collector::new(N::LOOKED_AT, N::SHOWN, samples);
    let len = arena_len(N::look_slots(&lengths).as_ref(), samples);
    let mut arena = Buffer::zeros_for(len, || described::<N>(samples, &lengths))?;
    let look = Look::<N> {
        tile: Tile::inference(samples, &lengths),
        parameters: &net.state().parameters,
        inputs: views,
        arena: &mut arena,
        show: &mut |number, iterations, values| collector.add(number, iterations, &exact(values)),
    };
    N::Scalar::vectorize(InstructionSet::detect(), look);
    let rows = collector.rows(N::ROWS, &lengths);
    Ok(Inspection { network: N::NAME, samples, loss: None, rows })
}

/// Implements [`Network::inspect_training`].
pub(super) fn inspect_training<'a, 'b, N: InspectTraining>(
    net: &N,
    inputs: impl Feed<N::Inputs<'a>>,
    targets: impl Feed<N::Targets<'b>>,
) -> Result<Inspection> {
    let Batch { inputs, targets, samples, lengths } = Batch::<N>::new(inputs, targets)?;
    check_batch::<N>(Mode::Train, samples, &lengths)?;
    let mut collector = Collector::new(N::TRACED, N::SHOWN_IN_TRAINING, samples);
    let loss =
        traced(net, inputs, targets, (samples, &lengths), &mut |number, iterations, values| {
            collector.add(number, iterations, &exact(values));
        })?;
    let rows = collector.rows(N::ROWS, &lengths);
    #[allow(clippy::cast_precision_loss)]
    let loss = Some(loss.to_f64() / samples as f64);
    Ok(Inspection { network: N::NAME, samples, loss, rows })
}

/// Implements [`Trainable::locate`].
///
/// # Errors
/// If there is not enough memory for all values of the batch.
pub fn locate<N: InspectTraining>(
    net: &N,
    inputs: N::Inputs<'_>,
    targets: N::Targets<'_>,
    batch: (usize, &[usize]),
) -> Located {
    let (samples, lengths) = batch;
    let input = |port, index| inputs.real(port, index);
    let target = |port, index| targets.real(port, index);
    let wrong = nan_in(N::INPUTS, batch, &input).or_else(|| nan_in(N::TARGETS, batch, &target));
    if wrong.is_some() {
        return Ok(wrong);
    }
    let parameters = &net.state().parameters;
    let has_nan = |range: std::ops::Range<usize>| {
        parameters[range].iter().any(|value: &N::Scalar| value.to_f64().is_nan())
    };
    if let Some(entry) = entries(N::LAYOUT).find(|entry| has_nan(entry.range())) {
        return Ok(Some(Origin::Parameter { name: entry.name().into_owned() }));
    }
    let mut search = Search::new(N::TRACED, samples);
    traced(net, inputs, targets, batch, &mut |number, iterations, values| {
        search.add(number, iterations, &exact(values));
    })?;
    let Some(mut operands) = search.first() else { return Ok(Some(Origin::Sum)) };
    traced(net, inputs, targets, batch, &mut |number, iterations, values| {
        Operands::add(&mut operands, number, iterations, &exact(values));
    })?;
    let origin = operands.origin(N::ROWS, |source, at, sample_len| {
        let fits = |port: &Port| port.len_at(lengths) == sample_len;
        match source {
            TraceSource::Input(port) if fits(&N::INPUTS[port]) => input(port, at),
            TraceSource::Target(port) if fits(&N::TARGETS[port]) => target(port, at),
            _ => None,
        }
    });
    Ok(Some(origin))
}

/// Returns the first NaN in inputs or targets.
fn nan_in(
    ports: &[Port],
    (samples, lengths): (usize, &[usize]),
    element: &dyn Fn(usize, usize) -> Option<f64>,
) -> Option<Origin> {
    ports.iter().enumerate().find_map(|(index, port)| {
        let len = port.len_at(lengths);
        let is_nan = |at: &usize| element(index, *at).is_some_and(f64::is_nan);
        let at = (0..samples.saturating_mul(len)).find(is_nan)?;
        Some(Origin::Data { name: port.name, sample: at / len, element: at % len })
    })
}

/// Returns values in double precision, for which what is done with them is compiled once.
fn exact<T: Scalar>(values: &[T]) -> Vec<f64> {
    values.iter().map(|value| value.to_f64()).collect()
}

/// Runs a training pass that shows its values; all samples are one tile. Returns the sum of the losses.
fn traced<N: InspectTraining>(
    net: &N,
    inputs: N::Inputs<'_>,
    targets: N::Targets<'_>,
    (samples, lengths): (usize, &[usize]),
    show: Show<'_, N::Scalar>,
) -> Result<N::Scalar> {
    let state = net.state();
    let what = || format!("all values of a batch of {samples}");
    let len = arena_len(N::trace_slots(lengths).as_ref(), samples);
    let mut arena = Buffer::zeros_for(len, what)?;
    let mut gradients = Buffer::zeros_for(buffer_len(N::LAYOUT), what)?;
    let mut normalisers = Buffer::zeros(N::NORMALISERS);
    N::normalisers(samples, targets, &mut normalisers);
    let train = Train::<N> {
        tile: Tile {
            samples,
            batch: samples,
            batch_mean: share_of(samples),
            normalisers: &normalisers,
            store: Store::Set,
            first: 0,
            key: (state.seed, state.steps),
            lengths,
        },
        parameters: &state.parameters,
        inputs,
        targets,
        arena: &mut arena,
        gradients: &mut gradients,
        show,
    };
    Ok(N::Scalar::vectorize(InstructionSet::detect(), train))
}

/// The forward pass.
struct Look<'p, 'i, 's, N: Inspect> {
    tile: Tile<'p, N::Scalar>,
    parameters: &'p [N::Scalar],
    inputs: N::Inputs<'i>,
    arena: &'p mut [N::Scalar],
    show: Show<'s, N::Scalar>,
}

impl<N: Inspect> Vectorize<N::Scalar> for Look<'_, '_, '_, N> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(self, simd: S) {
        N::look(simd, &self.tile, self.parameters, self.inputs, self.arena, self.show);
    }
}

/// A training pass.
struct Train<'p, 'i, 't, 's, N: InspectTraining> {
    tile: Tile<'p, N::Scalar>,
    parameters: &'p [N::Scalar],
    inputs: N::Inputs<'i>,
    targets: N::Targets<'t>,
    arena: &'p mut [N::Scalar],
    gradients: &'p mut [N::Scalar],
    show: Show<'s, N::Scalar>,
}

impl<N: InspectTraining> Vectorize<N::Scalar> for Train<'_, '_, '_, '_, N> {
    type Output = N::Scalar;

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(self, simd: S) -> N::Scalar {
        let Self { tile, parameters, inputs, targets, arena, gradients, show } = self;
        N::trace_tile(simd, &tile, parameters, inputs, targets, arena, gradients, show)
    }
}
