//! Several steps of a stream at once: block by block where the network has a form that takes a block of
//! steps, else step by step.

use super::{StepOutput, Stream, Streaming};
use crate::buffer::Buffer;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::network::outputs::Outputs;
use crate::network::slot::arena_len;
use crate::network::tile::Tile;
use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};
use crate::source::{
    Feed, Finder, Given, Lengths, MAX_PORTS, StepAxis, StepRange, StepRoom, Steps as _, Views as _,
};
use std::ops::Range;

/// The memory for several steps at once, which grows with the number of steps of a call.
#[derive(Default)]
pub(super) struct Blocks<T> {
    arena: Grown<T>,
    /// The outputs of all steps of a call.
    outputs: Grown<T>,
    /// The outputs of a block, if they are not contiguous among those of all steps.
    part: Grown<T>,
    rooms: [StepRoom; MAX_PORTS],
}

/// A buffer that grows when it is asked for more than it has.
struct Grown<T>(Option<Buffer<T>>);

impl<T> Default for Grown<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Scalar> Grown<T> {
    fn reserve(&mut self, len: usize) -> Result<()> {
        if self.0.as_ref().is_none_or(|buffer| buffer.len() < len) {
            self.0 = None;
            self.0 = Some(Buffer::try_zeros(len)?);
        }
        Ok(())
    }

    fn get(&self) -> &[T] {
        self.0.as_deref().unwrap_or_default()
    }

    fn get_mut(&mut self) -> &mut [T] {
        self.0.as_deref_mut().unwrap_or_default()
    }
}

/// The steps whose outputs are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Those of all steps.
    All,
    /// Those of the last step.
    Last,
}

impl<N: Streaming> Stream<'_, N> {
    /// Takes several steps at once. Its inputs are those of the network with the run-time axis, which has as
    /// many elements as there are steps, and so have the outputs: those of each step. An output without
    /// that axis is as after the last step.
    ///
    /// The result is that of as many [`step`](Self::step)s, up to rounding, but each product is computed for
    /// many steps at once. Steps and calls of this can be mixed. Nothing is allocated unless there are more
    /// steps than in any earlier call.
    ///
    /// # Panics
    /// If [`try_extend`](Self::try_extend) returns an error.
    pub fn extend<'a>(&mut self, inputs: impl Feed<N::Inputs<'a>>) -> StepOutput<'_, N> {
        match self.try_extend(inputs) {
            Ok(outputs) => outputs,
            Err(error) => panic!("{error}"),
        }
    }

    /// Takes several steps at once, as [`extend`](Self::extend) does.
    ///
    /// # Errors
    /// If the inputs do not fit, there is no memory, or the stream has no room for so many steps; see
    /// [`try_step`](Self::try_step). The stream is then unchanged.
    pub fn try_extend<'a>(
        &mut self,
        inputs: impl Feed<N::Inputs<'a>>,
    ) -> Result<StepOutput<'_, N>> {
        let steps = self.take(inputs, Wanted::All)?;
        let lengths = Lengths::of_one(steps);
        Ok(N::Output::slices_in(self.blocks.outputs.get(), 1, N::OUTPUTS, &lengths))
    }

    /// Takes several steps at once and returns the outputs of the last, as a prompt needs them: outputs of
    /// earlier steps are neither stored nor computed, as far as nothing else depends on them.
    ///
    /// # Panics
    /// If [`try_prefill`](Self::try_prefill) returns an error.
    pub fn prefill<'a>(&mut self, inputs: impl Feed<N::Inputs<'a>>) -> StepOutput<'_, N> {
        match self.try_prefill(inputs) {
            Ok(outputs) => outputs,
            Err(error) => panic!("{error}"),
        }
    }

    /// Takes several steps at once and returns the outputs of the last, as [`prefill`](Self::prefill) does.
    ///
    /// # Errors
    /// Those of [`try_extend`](Self::try_extend).
    pub fn try_prefill<'a>(
        &mut self,
        inputs: impl Feed<N::Inputs<'a>>,
    ) -> Result<StepOutput<'_, N>> {
        self.take(inputs, Wanted::Last)?;
        Ok(N::Output::slices_in(&self.outputs, 1, N::STEP_OUTPUTS, &[]))
    }

    /// Takes the steps and returns their number.
    fn take<'a>(&mut self, inputs: impl Feed<N::Inputs<'a>>, wanted: Wanted) -> Result<usize> {
        let (views, forms) = (inputs.views(), inputs.forms());
        let mut finder = Finder::new(N::LENGTHS);
        finder.read(&[Given { ports: N::INPUTS, lens: views.lens(), forms }])?;
        let sequences = views.batch(&forms, N::INPUTS, &finder.lengths)?;
        if sequences != 1 {
            return Err(Error::OneSequence { port: N::INPUTS[0].name, sequences });
        }
        let steps = finder.lengths[0];
        self.lengths_after(steps)?;
        let outputs = StepAxis::of_all(N::OUTPUTS);
        self.reserve(steps, wanted, &outputs)?;
        let (axes, mut done) = (StepAxis::of_all(N::INPUTS), 0);
        // a single step has code of its own
        let most = if steps == 1 { 1 } else { N::BLOCK };
        while done < steps {
            let range = StepRange { start: done, count: most.min(steps - done), of: steps };
            // for the time of the step, so that its inputs may be read from there
            let mut rooms = std::mem::take(&mut self.blocks.rooms);
            let views = views.steps(&axes, range, &mut rooms);
            if const { N::BLOCK > 1 } && steps > 1 {
                self.block(views, range, wanted, &outputs);
            } else {
                self.run(views, Lengths::of_one(self.position + 1));
                if wanted == Wanted::All {
                    paste(
                        &outputs[..N::OUTPUTS.len()],
                        range,
                        &self.outputs,
                        &mut self.blocks.outputs,
                    );
                }
            }
            self.blocks.rooms = rooms;
            done += range.count;
        }
        Ok(steps)
    }

    /// Makes the memory for a number of steps.
    fn reserve(
        &mut self,
        steps: usize,
        wanted: Wanted,
        outputs: &[StepAxis; MAX_PORTS],
    ) -> Result<()> {
        let len = |steps: usize| outputs.iter().map(|axis| axis.len(steps)).sum();
        if wanted == Wanted::All {
            self.blocks.outputs.reserve(len(steps))?;
        }
        if const { N::BLOCK > 1 } && steps > 1 {
            let count = N::BLOCK.min(steps);
            let most = N::MOST_STEPS.unwrap_or(count).max(count);
            // a kernel may take more scratch memory for fewer steps
            let rest = steps % N::BLOCK;
            let sizes = [count, rest].into_iter().filter(|count| *count > 0);
            for count in sizes {
                let lengths = [most, count, if wanted == Wanted::All { count } else { 1 }];
                let slots = N::block_slots(&lengths);
                self.blocks.arena.reserve(arena_len(slots.as_ref(), 1))?;
            }
            if wanted == Wanted::All && outputs.iter().any(|axis| axis.outer > 1) {
                self.blocks.part.reserve(len(count))?;
            }
        }
        Ok(())
    }

    /// Takes a block of steps, the `range` of those of a call.
    fn block(
        &mut self,
        views: N::Inputs<'_>,
        range: StepRange,
        wanted: Wanted,
        axes: &[StepAxis; MAX_PORTS],
    ) {
        self.position += range.count;
        let Self { state, kept, outputs, position, set, blocks, .. } = self;
        let axes = &axes[..N::OUTPUTS.len()];
        let apart = axes.iter().any(|axis| axis.outer > 1);
        let recent = if wanted == Wanted::All { range.count } else { 1 };
        let (to, ranges) = match wanted {
            Wanted::Last => (&mut **outputs, one_after_another(axes, 1)),
            Wanted::All if apart => (blocks.part.get_mut(), one_after_another(axes, range.count)),
            Wanted::All => {
                let mut ranges = one_after_another(axes, range.of);
                for (place, axis) in ranges.iter_mut().zip(axes).filter(|(_, axis)| axis.is_along) {
                    let start = place.start + range.start * axis.inner;
                    *place = start..start + range.count * axis.inner;
                }
                (blocks.outputs.get_mut(), ranges)
            }
        };
        let block = OneBlock::<N> {
            parameters: &state.parameters,
            views,
            kept,
            arena: blocks.arena.get_mut(),
            slices_mut: N::Output::ranges_mut_in(to, &ranges),
            lengths: [*position, range.count, recent],
        };
        N::Scalar::vectorize(*set, block);
        if wanted == Wanted::All && apart {
            paste(axes, range, blocks.part.get(), &mut blocks.outputs);
        }
    }
}

/// Returns the places of outputs of a number of steps, one after the other.
fn one_after_another(axes: &[StepAxis], steps: usize) -> [Range<usize>; MAX_PORTS] {
    let mut places = [const { 0..0 }; MAX_PORTS];
    let mut start = 0;
    for (place, axis) in places.iter_mut().zip(axes) {
        *place = start..start + axis.len(steps);
        start = place.end;
    }
    places
}

/// Copies the outputs of some steps to their places among those of all.
fn paste<T: Scalar>(axes: &[StepAxis], range: StepRange, from: &[T], to: &mut Grown<T>) {
    let (parts, places) = (one_after_another(axes, range.count), one_after_another(axes, range.of));
    for (axis, (part, place)) in axes.iter().zip(parts.into_iter().zip(places)) {
        axis.paste(range, &from[part], &mut to.get_mut()[place]);
    }
}

/// One block of steps, ready to be compiled for an instruction set.
struct OneBlock<'p, 'i, 'w, 'o, N: Network> {
    parameters: &'p [N::Scalar],
    views: N::Inputs<'i>,
    kept: &'w mut [N::Scalar],
    arena: &'w mut [N::Scalar],
    slices_mut: <N::Output as Outputs<N::Scalar>>::SlicesMut<'o>,
    lengths: [usize; 3],
}

impl<N: Streaming> Vectorize<N::Scalar> for OneBlock<'_, '_, '_, '_, N> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<N::Scalar>>(self, simd: S) {
        let Self { parameters, views, kept, arena, slices_mut, lengths } = self;
        let tile = Tile::inference(1, &lengths);
        N::block(simd, &tile, parameters, views, kept, arena, slices_mut);
    }
}
