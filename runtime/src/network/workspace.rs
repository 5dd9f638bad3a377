//! Memory for the forward pass, made once and used for every batch.

use super::outputs::{Outputs, Sinks};
use super::tile::{Tile, arena_len, tile_len};
use super::{Network, workers};
use crate::buffer::Buffer;
use crate::error::{Error, Result};
use crate::layout::buffer_len;
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};
use crate::source::{Port, Views};
use std::fmt;
use std::marker::PhantomData;

/// Memory for the forward pass of up to a number of samples.
pub struct Workspace<N: Network> {
    arenas: Vec<Buffer<N::Scalar>>,
    outputs: Buffer<N::Scalar>,
    batch: usize,
    tile: usize,
    set: InstructionSet,
    network: PhantomData<fn() -> N>,
}

impl<N: Network> Workspace<N> {
    /// Memory for up to `batch` samples, with the outputs elsewhere.
    pub(super) fn new(batch: usize) -> Self {
        let workers = workers::count(N::FLOPS.saturating_mul(batch), batch);
        let share = batch.div_ceil(workers);
        let bytes = N::Scalar::BYTES;
        let tile = tile_len(N::WORKSPACE * bytes, buffer_len(N::LAYOUT) * bytes, share);
        let arena = || Buffer::zeros(arena_len(N::SLOTS, tile));
        Self {
            arenas: std::iter::repeat_with(arena).take(workers).collect(),
            outputs: Buffer::default(),
            batch,
            tile,
            set: InstructionSet::detect(),
            network: PhantomData,
        }
    }

    /// The same with place for the outputs.
    pub(super) fn with_outputs(mut self) -> Self {
        let sample: usize = N::OUTPUTS.iter().map(Port::len).sum();
        self.outputs = Buffer::zeros(self.batch * sample);
        self
    }

    /// The outputs of `batch` samples, in the workspace's own memory.
    #[inline]
    pub(super) fn infer_inside(
        &mut self,
        parameters: &[N::Scalar],
        inputs: N::Inputs<'_>,
        batch: usize,
    ) -> Result<<N::Output as Outputs<N::Scalar>>::Slices<'_>> {
        if batch > self.batch {
            let sample: usize = N::OUTPUTS.iter().map(Port::len).sum();
            let expected = batch * sample;
            return Err(Error::Workspace { batch, actual: self.outputs.len(), expected });
        }
        let mut outputs = std::mem::take(&mut self.outputs);
        let sinks = N::Output::sinks_in(&mut outputs, batch, N::OUTPUTS);
        self.infer(parameters, inputs, batch, sinks);
        self.outputs = outputs;
        Ok(N::Output::slices_in(&self.outputs, batch, N::OUTPUTS))
    }

    /// Writes the outputs of `batch` samples.
    #[inline]
    pub(super) fn infer<'a>(
        &mut self,
        parameters: &[N::Scalar],
        inputs: N::Inputs<'_>,
        batch: usize,
        outputs: <N::Output as Outputs<N::Scalar>>::Sinks<'a>,
    ) {
        let (set, tile) = (self.set, self.tile);
        let share = Share::<N> { set, tile, parameters, inputs, start: 0, samples: batch };
        share.run(&mut self.arenas, outputs);
    }
}

/// Some samples of a batch.
struct Share<'p, 'i, N: Network> {
    set: InstructionSet,
    tile: usize,
    parameters: &'p [N::Scalar],
    inputs: N::Inputs<'i>,
    start: usize,
    samples: usize,
}

impl<N: Network> Share<'_, '_, N> {
    fn run(
        self,
        arenas: &mut [Buffer<N::Scalar>],
        outputs: <N::Output as Outputs<N::Scalar>>::Sinks<'_>,
    ) {
        let [arena] = arenas else {
            let first = workers::first_share(self.samples, arenas.len());
            let (left, right) = outputs.split(first, N::OUTPUTS);
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

/// The tiles of a share, one after the other.
struct Infer<'p, 'i, 'w, 'o, N: Network> {
    share: Share<'p, 'i, N>,
    arena: &'w mut [N::Scalar],
    outputs: <N::Output as Outputs<N::Scalar>>::Sinks<'o>,
}

impl<N: Network> Vectorize<N::Scalar> for Infer<'_, '_, '_, '_, N> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(self, simd: S) {
        let Share { tile: longest, parameters, inputs, mut start, samples, .. } = self.share;
        let end = start + samples;
        let mut outputs = self.outputs;
        while start < end {
            let tile = Tile::inference(longest.min(end - start), &[]);
            let views = inputs.rows(start, tile.samples, N::INPUT_LENS);
            let (first, rest) = outputs.split(tile.samples, N::OUTPUTS);
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
