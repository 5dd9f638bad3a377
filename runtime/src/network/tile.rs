//! A tile: the samples that pass through the whole network together, so that their values stay in cache.

use crate::kernels::Store;
use crate::layer::Random;
use crate::layout::Parameter;
use crate::random::Philox;
use crate::scalar::Scalar;

/// The samples that generated code processes in one call, and their place in the batch.
#[derive(Clone, Copy, Debug)]
pub struct Tile<'a, T> {
    /// Number of samples.
    pub samples: usize,
    /// 1 / (number of samples in the whole batch).
    pub batch_mean: T,
    /// The factor of each cross entropy of the loss.
    pub normalisers: &'a [T],
    /// [`Store::Set`] if gradients are overwritten, as in the first tile; [`Store::Add`] if they are added.
    pub store: Store,
    /// The index of the first sample in the batch.
    pub first: usize,
    /// The seed of the network and the number of its training steps so far.
    pub key: (u64, u64),
    /// The run-time sizes, in the order of their declaration.
    pub lengths: &'a [usize],
}

impl<'a, T: Scalar> Tile<'a, T> {
    /// Returns a tile for inference, where nothing depends on the batch.
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

    /// Returns the random key of dropout number `site` in an iteration of the loops around it: the seed, and a
    /// stream number that differs for every step, iteration and site.
    #[inline]
    pub fn dropout_key(&self, site: u64, iteration: usize) -> (u64, u64) {
        let (seed, step) = self.key;
        // 2^10 sites and 2^20 iterations are more than any network has
        (seed, (step << 30) | ((iteration as u64) << 10) | (site + 1))
    }

    /// Returns the random key and position of a layer in its `site`th application.
    #[inline]
    pub fn random(&self, site: u64, iteration: usize) -> Random {
        // a seed for each application, so that the layer can number its own sites and iterations as streams
        let (seed, stream) = self.dropout_key(site, iteration);
        Random { key: (Philox::new(seed).stream(stream).next_u64(), 0), first: self.first }
    }

    /// Returns the index in the batch of the tile's first element, for `len` elements per sample.
    #[inline]
    pub fn first_element(&self, len: usize) -> u64 {
        (self.first * len) as u64
    }
}

/// Returns the length of a slot: the longest of the lengths of its values.
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

/// Returns the number of scalars of all slots for one sample; `usize::MAX` on overflow.
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

/// Like `workspace_len`, for slot lengths that are computed from run-time sizes.
#[must_use]
pub fn scalars(slots: impl AsRef<[usize]>) -> usize {
    workspace_len(slots.as_ref())
}

/// Returns the number of scalars of an arena for `samples`: every slot is aligned to
/// [`Parameter::ALIGNMENT`]. `usize::MAX` on overflow.
pub(super) fn arena_len(slots: &[usize], samples: usize) -> usize {
    let aligned = |slot: &usize| {
        slot.saturating_mul(samples)
            .checked_next_multiple_of(Parameter::ALIGNMENT)
            .unwrap_or(usize::MAX)
    };
    slots.iter().map(aligned).fold(0, usize::saturating_add)
}

/// Returns the number of samples, up to `wanted`, that fit in an arena of `len` scalars; 0 if none does.
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

/// Splits an arena into its slots. `lens` are the slots' lengths for one sample.
///
/// # Panics
/// If the arena is too short, which workspaces rule out.
#[inline(always)]
pub fn slots<T, const K: usize>(
    mut arena: &mut [T],
    samples: usize,
    lens: impl AsRef<[usize]>,
) -> [&mut [T]; K] {
    let lens = lens.as_ref();
    // a loop, since the optimiser does not inline `[..].map` with more than the smallest closure
    let mut slots = [(); K].map(|()| <&mut [T]>::default());
    for index in 0..K {
        let len = (lens[index] * samples).next_multiple_of(Parameter::ALIGNMENT);
        (slots[index], arena) = std::mem::take(&mut arena).split_at_mut(len);
    }
    slots
}

/// Splits the buffer of a stream's kept values into these values, each of exactly its length.
///
/// # Panics
/// If the buffer is too short, which streams rule out.
#[inline(always)]
pub fn states<'a, T, const K: usize>(kept: &'a mut [T], lens: &[usize]) -> [&'a mut [T]; K] {
    let mut states: [&mut [T]; K] = slots(kept, 1, lens);
    for (state, len) in states.iter_mut().zip(lens) {
        *state = &mut std::mem::take(state)[..*len];
    }
    states
}

/// Returns the part of a slot that belongs to `iteration` of a loop, with `len` scalars per iteration.
///
/// # Panics
/// If the slot is too short, which plans rule out.
#[inline(always)]
pub fn place_of_iteration<T>(slot: &mut [T], iteration: usize, len: usize) -> &mut [T] {
    &mut slot[iteration * len..][..len]
}

/// Number of bytes of activations that a tile should fit in: half of a core's own cache. The other half is
/// left for the weights that are read.
const CACHE: usize = 256 << 10;

/// Returns the number of samples of a tile.
///
/// Large tiles read weights and update their gradients less often; small tiles keep activations in cache. If
/// the weights are larger than the activations of the whole share, the tile is the whole share.
pub(super) fn tile_len(sample_bytes: usize, parameter_bytes: usize, batch: usize) -> usize {
    if sample_bytes.saturating_mul(batch) <= parameter_bytes.max(CACHE) {
        return batch.max(1);
    }
    // a multiple of the number of rows that the product kernels process together
    let fitting = parameter_bytes.max(CACHE) / sample_bytes.max(1);
    (fitting / 24 * 24).clamp(24, batch.max(24)).min(batch.max(1))
}
