//! Memory for the forward pass, allocated once and reused for every batch.

use super::Network;
use super::feed::{Inputs, sample_lens};
use super::memory::{Mode, check_batch};
use super::outputs::{Outputs, SlicesMut};
use super::slot::{arena_len, fitting_samples, sample_len};
use super::tile::{Tile, tile_len};
use crate::buffer::Buffer;
use crate::error::{Error, Result};
use crate::layout::buffer_len;
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};
use crate::source::{Lengths, MAX_PORTS, Views};
use crate::workers;
use std::fmt;
use std::marker::PhantomData;

/// The memory for the forward pass of up to a given number of samples.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] {
///         x >> Linear(1)
///     }
///     loss mse
/// }
///
/// let net = Line::init(1);
/// let mut workspace = net.workspace(8); // for up to eight samples
/// assert_eq!(net.forward_into(&[1.0, 2.0, 3.0], &mut workspace)?.len(), 3); // allocates nothing
/// # Ok::<(), Error>(())
/// ```
pub struct Workspace<N: Network> {
    /// The slots of a tile, one arena for each thread.
    arenas: Vec<Buffer<N::Scalar>>,
    outputs: Buffer<N::Scalar>,
    /// Maximum number of samples of a batch.
    batch: usize,
    /// Number of samples of a tile.
    tile: usize,
    set: InstructionSet,
    network: PhantomData<fn() -> N>,
}

impl<N: Network> Workspace<N> {
    /// Allocates memory for up to `batch` samples, without memory for the outputs.
    ///
    /// # Errors
    /// [`Error::TooLarge`].
    pub(super) fn new(batch: usize, lengths: &Lengths) -> Result<Self> {
        let (workers, tile) = share::<N>(batch, lengths);
        let len = arena_len(N::slots(lengths).as_ref(), tile);
        let arena = || Buffer::zeros_for(len, || described::<N>(batch, lengths));
        Ok(Self {
            arenas: std::iter::repeat_with(arena).take(workers).collect::<Result<_>>()?,
            outputs: Buffer::default(),
            batch,
            tile,
            set: InstructionSet::detect(),
            network: PhantomData,
        })
    }

    /// Adds memory for the outputs.
    ///
    /// # Errors
    /// [`Error::TooLarge`].
    pub(super) fn with_outputs(mut self, lengths: &Lengths) -> Result<Self> {
        let what = || format!("the output of {}", described::<N>(self.batch, lengths));
        self.outputs = Buffer::zeros_for(outputs_len::<N>(self.batch, lengths), what)?;
        Ok(self)
    }

    /// Computes the outputs of a batch in the workspace's own memory.
    #[inline]
    pub(super) fn infer_inside(
        &mut self,
        parameters: &[N::Scalar],
        fed: &Inputs<N::Inputs<'_>>,
    ) -> Result<<N::Output as Outputs<N::Scalar>>::Slices<'_>> {
        let (batch, lengths) = (fed.samples, &fed.lengths);
        let fits = match N::LENGTHS {
            [] => batch <= self.batch,
            _ => outputs_len::<N>(batch, lengths) <= self.outputs.len(),
        };
        if !fits {
            let expected = outputs_len::<N>(batch, lengths);
            return Err(too_small::<N>(fed, self.outputs.len(), expected));
        }
        let mut outputs = std::mem::take(&mut self.outputs);
        let slices_mut = N::Output::slices_mut_in(&mut outputs, batch, N::OUTPUTS, lengths);
        let outcome = self.infer(parameters, fed, slices_mut);
        self.outputs = outputs;
        outcome?;
        Ok(N::Output::slices_in(&self.outputs, batch, N::OUTPUTS, lengths))
    }

    /// Writes the outputs of a batch to `outputs`. Returns an error if the arenas are too small for one sample.
    #[inline]
    pub(super) fn infer<'a>(
        &mut self,
        parameters: &[N::Scalar],
        fed: &Inputs<N::Inputs<'_>>,
        outputs: <N::Output as Outputs<N::Scalar>>::SlicesMut<'a>,
    ) -> Result<()> {
        let Inputs { views: inputs, samples, lengths } = fed;
        check_batch::<N>(Mode::Infer, *samples, lengths)?;
        let (mut workers, mut tile) = (self.arenas.len(), self.tile);
        if !N::LENGTHS.is_empty() {
            (workers, tile) = self.division(fed)?;
        }
        let (set, inputs, samples) = (self.set, *inputs, *samples);
        let share = InferShare::<N> { set, tile, parameters, inputs, lengths, start: 0, samples };
        share.run(&mut self.arenas[..workers], outputs);
        Ok(())
    }

    /// Returns the number of threads and of samples per tile for a batch, as far as the memory allows.
    fn division(&self, fed: &Inputs<N::Inputs<'_>>) -> Result<(usize, usize)> {
        let (batch, lengths) = (fed.samples, &fed.lengths);
        let (mut workers, mut tile) = share::<N>(batch, lengths);
        if workers > self.arenas.len() {
            workers = self.arenas.len();
            tile = self::tile::<N>(batch, workers, lengths);
        }
        let (slots, actual) = (N::slots(lengths), self.arenas[0].len());
        let slots = slots.as_ref();
        let is_whole = N::whole_batch(Mode::Infer, lengths).is_some();
        match fitting_samples(slots, tile, actual) {
            fitting if is_whole && fitting < batch => {
                Err(too_small::<N>(fed, actual, arena_len(slots, batch)))
            }
            0 => Err(too_small::<N>(fed, actual, arena_len(slots, 1))),
            tile => Ok((workers, tile)),
        }
    }
}

/// Returns the number of threads that share a batch, and of samples of a tile.
fn share<N: Network>(batch: usize, lengths: &[usize]) -> (usize, usize) {
    if N::whole_batch(Mode::Infer, lengths).is_some() {
        return (1, batch.max(1));
    }
    let workers = workers::count(N::flops(lengths).saturating_mul(batch), batch);
    (workers, tile::<N>(batch, workers, lengths))
}

/// Returns the number of samples of a tile.
fn tile<N: Network>(batch: usize, workers: usize, lengths: &[usize]) -> usize {
    let bytes = N::Scalar::BYTES;
    let sample = sample_len(N::slots(lengths).as_ref()).saturating_mul(bytes);
    tile_len(sample, buffer_len(N::LAYOUT) * bytes, batch.div_ceil(workers))
}

/// Returns the number of scalars of all outputs of a batch.
fn outputs_len<N: Network>(batch: usize, lengths: &[usize]) -> usize {
    let outputs = N::OUTPUTS.iter().map(|port| port.len_at(lengths));
    outputs.fold(0, usize::saturating_add).saturating_mul(batch)
}

/// Describes a batch in a message: `a batch of 3 with T = 7`.
pub(super) fn described<N: Network>(batch: usize, lengths: &Lengths) -> String {
    let lengths = lengths.text(N::LENGTHS);
    let with = if lengths.is_empty() { "" } else { " with " };
    format!("a batch of {batch}{with}{lengths}")
}

fn too_small<N: Network>(fed: &Inputs<N::Inputs<'_>>, actual: usize, expected: usize) -> Error {
    let batch = fed.samples;
    match N::LENGTHS {
        [] => Error::Workspace { batch, actual, expected },
        declared => {
            let lengths = fed.lengths.text(declared);
            Error::WorkspaceLengths { batch, lengths, actual, expected }
        }
    }
}

/// A contiguous range of the samples of a batch.
struct InferShare<'p, 'i, N: Network> {
    set: InstructionSet,
    tile: usize,
    parameters: &'p [N::Scalar],
    inputs: N::Inputs<'i>,
    lengths: &'p [usize],
    start: usize,
    samples: usize,
}

impl<N: Network> InferShare<'_, '_, N> {
    fn run(
        self,
        arenas: &mut [Buffer<N::Scalar>],
        outputs: <N::Output as Outputs<N::Scalar>>::SlicesMut<'_>,
    ) {
        let [arena] = arenas else {
            let first = workers::first_share(self.samples, arenas.len());
            let (left, right) = outputs.split(first, N::OUTPUTS, self.lengths);
            let half = arenas.len() / 2;
            let (left_arenas, right_arenas) = arenas.split_at_mut(half);
            let rest = Self { start: self.start + first, samples: self.samples - first, ..self };
            let begin = Self { samples: first, ..self };
            workers::join(|| begin.run(left_arenas, left), || rest.run(right_arenas, right));
            return;
        };
        N::Scalar::vectorize(self.set, Infer { share: self, arena, outputs });
    }
}

/// A share that one thread processes, one tile after the other.
struct Infer<'p, 'i, 'w, 'o, N: Network> {
    share: InferShare<'p, 'i, N>,
    arena: &'w mut [N::Scalar],
    outputs: <N::Output as Outputs<N::Scalar>>::SlicesMut<'o>,
}

impl<N: Network> Vectorize<N::Scalar> for Infer<'_, '_, '_, '_, N> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(self, simd: S) {
        let InferShare { tile: longest, parameters, inputs, lengths, mut start, samples, .. } =
            self.share;
        let mut room = [0; MAX_PORTS];
        let lens = sample_lens::<N>(N::INPUT_LENS, N::INPUTS, lengths, &mut room);
        let end = start + samples;
        let mut outputs = self.outputs;
        while start < end {
            let tile = Tile::inference(longest.min(end - start), lengths);
            let views = inputs.rows(start, tile.samples, lens);
            let (first, rest) = outputs.split(tile.samples, N::OUTPUTS, lengths);
            N::infer(simd, &tile, parameters, views, self.arena, first);
            outputs = rest;
            start += tile.samples;
        }
    }
}

impl<N: Network> fmt::Debug for Workspace<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace")
            .field("network", &N::NAME)
            .field("batch", &self.batch)
            .field("tile", &self.tile)
            .field("threads", &self.arenas.len())
            .finish_non_exhaustive()
    }
}
