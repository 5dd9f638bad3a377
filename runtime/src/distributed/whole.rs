//! The messages of the ranks before a pass: how large their parts of the batch are.

use super::agreement::{FAILED, first_failed, gather};
use super::{Collective, CollectiveError, Slice, SliceMut};
use crate::scalar::Scalar;

/// The contribution of a rank to a pass.
pub(crate) struct Contribution {
    /// Number of samples of its part of the batch.
    pub samples: usize,
    /// The weight of the targets of each cross entropy.
    pub weights: Vec<f64>,
}

impl Contribution {
    /// Returns the contribution of a part, whose normalisers are its number of samples by the weight of its
    /// targets.
    pub fn new<T: Scalar>(samples: usize, normalisers: &[T]) -> Self {
        let weight = |normaliser: &T| match normaliser.to_f64() {
            normaliser if normaliser > 0.0 => samples as f64 / normaliser,
            _ => 0.0,
        };
        Self { samples, weights: normalisers.iter().map(weight).collect() }
    }
}

/// The whole batch, as one rank sees it.
#[derive(Debug, PartialEq)]
pub(crate) struct Whole {
    /// Number of samples of the ranks before this one.
    pub start: usize,
    /// Number of samples of this rank.
    pub own: usize,
    /// Number of samples of all ranks.
    pub samples: usize,
    /// Number of ranks that have samples.
    pub parts: usize,
    /// The weight of the targets of each cross entropy, of all ranks.
    pub weights: Vec<f64>,
}

impl Whole {
    /// Computes the factor of each cross entropy.
    pub fn normalisers<T: Scalar>(&self, normalisers: &mut [T]) {
        for (normaliser, weight) in normalisers.iter_mut().zip(&self.weights) {
            let factor = if *weight > 0.0 { self.samples as f64 / weight } else { 0.0 };
            *normaliser = T::from_f64(factor);
        }
    }

    /// Returns the mean loss and the mean metrics, from the sums of this rank; `None` if its part is empty.
    pub fn means(
        &self,
        own: Option<(f64, &[f64])>,
        metrics: usize,
        collective: &mut dyn Collective,
    ) -> Result<Vec<f64>, CollectiveError> {
        let mut sums = vec![0.0; 1 + metrics];
        if let Some((loss, values)) = own {
            sums[0] = loss;
            sums[1..].copy_from_slice(values);
        }
        let mut means = vec![0.0; sums.len()];
        collective.all_reduce_sum(Slice::F64(&sums), SliceMut::F64(&mut means))?;
        means.iter_mut().for_each(|mean| *mean /= self.samples as f64);
        Ok(means)
    }
}

/// Tells the other ranks what this one brings, `None` if its call fails, and returns the whole batch.
pub(crate) fn agree(
    collective: &mut dyn Collective,
    part: Option<&Contribution>,
    cross_entropies: usize,
) -> Result<Whole, CollectiveError> {
    let (rank, size) = (collective.rank(), collective.size());
    let mut own = vec![0.0; size + cross_entropies];
    match part {
        None => {
            collective.note_failure();
            own[rank] = FAILED;
        }
        Some(part) => {
            own[rank] = part.samples as f64;
            own[size..].copy_from_slice(&part.weights);
        }
    }
    let mut all = vec![0.0; own.len()];
    collective.all_reduce_sum(Slice::F64(&own), SliceMut::F64(&mut all))?;
    let weights = all.split_off(size);
    first_failed(&all, rank)?;
    let sum = |counts: &[f64]| counts.iter().sum::<f64>() as usize;
    Ok(Whole {
        start: sum(&all[..rank]),
        own: all[rank] as usize,
        samples: sum(&all),
        parts: all.iter().filter(|samples| **samples > 0.0).count(),
        weights,
    })
}

/// Checks that every rank has a network with as many scalars as rank 0, and with parameters of the same names
/// and shapes, of which `digest` is a number.
pub(crate) fn agree_on_layout(
    collective: &mut dyn Collective,
    digest: u64,
) -> Result<(), CollectiveError> {
    let own = u64_to_numbers(digest);
    let mut first = own;
    collective.broadcast(SliceMut::F64(&mut first), 0)?;
    let rows = gather(collective, [f64::from(u8::from(first != own))])?;
    match rows.iter().position(|[differs]| *differs != 0.0) {
        None => Ok(()),
        Some(rank) => Err(CollectiveError::OtherNetwork { rank }),
    }
}

/// Returns a number as two halves, each of which is exact in an `f64`.
pub(crate) fn u64_to_numbers(number: u64) -> [f64; 2] {
    [(number >> 32) as f64, (number & u64::from(u32::MAX)) as f64]
}

/// Returns the number of which [`u64_to_numbers`] has returned the halves.
pub(crate) fn numbers_to_u64([high, low]: [f64; 2]) -> u64 {
    ((high as u64) << 32) | low as u64
}
