//! A tile: the samples that go through the whole network together, while everything is in cache.

use crate::kernels::Store;
use crate::layer::Random;
use crate::layout::Parameter;
use crate::random::Philox;
use crate::scalar::Scalar;

/// What generated code knows of the samples that it is given.
#[derive(Clone, Copy, Debug)]
pub struct Tile<'a, T> {
    /// How many samples.
    pub samples: usize,
    /// One over the number of samples in the whole batch.
    pub batch_mean: T,
    /// What each cross entropy of the loss is multiplied by.
    pub normalisers: &'a [T],
    /// Whether gradients replace what is there (the first tile) or are added.
    pub store: Store,
    /// The place of the first sample in the batch.
    pub first: usize,
    /// The seed of the network and the step of its training.
    pub key: (u64, u64),
    /// The run-time sizes, in the order of their declaration.
    pub lengths: &'a [usize],
}

impl<'a, T: Scalar> Tile<'a, T> {
    /// Samples on their way through inference, where nothing depends on the batch.
    pub(super) fn inference(samples: usize, lengths: &'a [usize]) -> Self {
        Self {
            samples,
            batch_mean: T::ZERO,
            normalisers: &[],
            store: Store::Set,
            first: 0,
            key: (0, 0),
            lengths,
        }
    }

    /// The random key of dropout number `site` in an iteration of the loops around it: the seed, and a
    /// stream for every step, iteration and site.
    #[inline]
    pub fn dropout_key(&self, site: u64, iteration: usize) -> (u64, u64) {
        let (seed, step) = self.key;
        // 2^10 sites and 2^20 iterations are more than any network has
        (seed, (step << 30) | ((iteration as u64) << 10) | (site + 1))
    }

    /// What random numbers of a layer begin with, where it is applied for the `site`th time.
    #[inline]
    pub fn random(&self, site: u64, iteration: usize) -> Random {
        // a seed for each, whose streams are the layer's own places and iterations
        let (seed, stream) = self.dropout_key(site, iteration);
        Random { key: (Philox::new(seed).stream(stream).next_u64(), 0), first: self.first }
    }

    /// The place in the batch of the first of `len` elements a sample.
    #[inline]
    pub fn first_element(&self, len: usize) -> u64 {
        (self.first * len) as u64
    }
}

/// The longest of the lengths that a slot has to hold.
#[must_use]
pub const fn slot_len(needs: &[usize]) -> usize {
    let mut longest = 0;
    let mut i = 0;
    while i < needs.len() {
        if needs[i] > longest {
            longest = needs[i];
        }
        i += 1;
    }
    longest
}

/// Scalars of all slots together, for one sample; `usize::MAX` where they are too many to count.
#[must_use]
pub const fn workspace_len(slots: &[usize]) -> usize {
    let mut sum = 0;
    let mut i = 0;
    while i < slots.len() {
        sum = slots[i].saturating_add(sum);
        i += 1;
    }
    sum
}

/// The same where lengths depend on run-time sizes.
#[must_use]
pub fn scalars(slots: impl AsRef<[usize]>) -> usize {
    workspace_len(slots.as_ref())
}

/// Scalars of an arena for `samples`: every slot begins a cache line. `usize::MAX` where they are too
/// many to count.
pub(super) fn arena_len(slots: &[usize], samples: usize) -> usize {
    let aligned = |slot: &usize| {
        slot.saturating_mul(samples)
            .checked_next_multiple_of(Parameter::ALIGNMENT)
            .unwrap_or(usize::MAX)
    };
    slots.iter().map(aligned).fold(0, usize::saturating_add)
}

/// How many samples, up to `wanted`, an arena of `len` scalars holds; 0 where not even one.
pub(super) fn fitting_samples(slots: &[usize], wanted: usize, len: usize) -> usize {
    if arena_len(slots, wanted) <= len {
        return wanted;
    }
    let gaps = slots.len() * (Parameter::ALIGNMENT - 1);
    let fitting = len.saturating_sub(gaps) / workspace_len(slots).max(1);
    match fitting.min(wanted) {
        0 => usize::from(arena_len(slots, 1) <= len),
        fitting => fitting,
    }
}

/// Cuts an arena into its slots; `lens` are theirs, for one sample.
///
/// # Panics
/// When the arena is too short; workspaces see to that.
#[inline(always)]
pub fn slots<T, const K: usize>(
    mut arena: &mut [T],
    samples: usize,
    lens: impl AsRef<[usize]>,
) -> [&mut [T]; K] {
    let (lens, mut index) = (lens.as_ref(), 0);
    [(); K].map(|()| {
        let len = (lens[index] * samples).next_multiple_of(Parameter::ALIGNMENT);
        let (slot, rest) = std::mem::take(&mut arena).split_at_mut(len);
        (arena, index) = (rest, index + 1);
        slot
    })
}

/// Cuts what a stream keeps into its parts, each of exactly its length.
///
/// # Panics
/// When the buffer is too short; streams see to that.
#[inline(always)]
pub fn states<'a, T, const K: usize>(kept: &'a mut [T], lens: &[usize]) -> [&'a mut [T]; K] {
    let mut index = 0;
    slots(kept, 1, lens).map(|part: &mut [T]| {
        index += 1;
        &mut part[..lens[index - 1]]
    })
}

/// The place of one iteration of a loop in a slot that has a place of `len` scalars for each.
///
/// # Panics
/// When the slot is too short; plans see to that.
#[inline(always)]
pub fn place_of_iteration<T>(slot: &mut [T], iteration: usize, len: usize) -> &mut [T] {
    &mut slot[iteration * len..][..len]
}

/// Bytes of activations that a tile should fit in: half of a core's own cache, which leaves the
/// other half to the weights that stream through.
const CACHE: usize = 256 << 10;

/// How many samples go through the network together.
///
/// Large tiles read and add to the weights less often, small ones keep activations in cache. A
/// network whose weights outweigh its activations takes the whole share of the batch at once.
pub(super) fn tile_len(sample_bytes: usize, parameter_bytes: usize, batch: usize) -> usize {
    if sample_bytes.saturating_mul(batch) <= parameter_bytes.max(CACHE) {
        return batch.max(1);
    }
    // a multiple of the rows that the product kernels work on at once
    let fitting = parameter_bytes.max(CACHE) / sample_bytes.max(1);
    (fitting / 24 * 24).clamp(24, batch.max(24)).min(batch.max(1))
}
