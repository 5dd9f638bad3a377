//! A tile: the samples that pass through the whole network together, so that their values stay in cache.

use crate::kernels::Store;
use crate::kernels::dropout::NOTHING_DROPPED;
use crate::layer::Random;
use crate::random::Philox;
use crate::scalar::Scalar;

/// The samples that generated code processes in one call, and their place in the batch.
#[derive(Clone, Copy, Debug)]
pub struct Tile<'a, T> {
    /// Number of samples.
    pub samples: usize,
    /// Number of samples in the whole batch.
    pub batch: usize,
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
    /// Returns a tile for inference, where the batch either does not matter or is the tile.
    pub(super) fn inference(samples: usize, lengths: &'a [usize]) -> Self {
        Self {
            samples,
            batch: samples,
            batch_mean: share_of(samples),
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
        if step == NOTHING_DROPPED {
            return self.key;
        }
        // 2^10 sites and 2^20 iterations are more than any network has
        (seed, (step << 30) | ((iteration as u64) << 10) | (site + 1))
    }

    /// Returns the random key and position of a layer in its `site`th application.
    #[inline]
    pub fn random(&self, site: u64, iteration: usize) -> Random {
        if self.key.1 == NOTHING_DROPPED {
            return Random { key: self.key, first: self.first };
        }
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

/// Returns the share of one sample in a mean over `samples`.
pub(super) fn share_of<T: Scalar>(samples: usize) -> T {
    T::from_f64(1.0 / samples as f64)
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
