//! Data sets in memory.

use super::error::DataProblem;
use super::loader::Loader;
use super::samples::{Samples, joined};
use super::split::{self, Labels};
use super::{DataError, class_weights};
use crate::tensor::Tensor;
use std::sync::Arc;

/// Inputs and targets in memory. A clone shares them.
///
/// ```
/// use monograd::Tensor;
/// use monograd::data::Dataset;
///
/// let points = Tensor::from_fn([90, 2], |i| i as f32); // the first axis counts samples
/// let classes: Vec<u32> = (0..90).map(|i| i / 30).collect();
/// let data = Dataset::new(points, classes)?;
/// let [train, validation, test] = data.split_stratified([0.8, 0.1, 0.1], 42)?;
/// assert_eq!((train.len(), validation.len(), test.len()), (72, 9, 9));
/// assert_eq!(train.class_weights(3)?, [1.0; 3]);
/// let batches = train.batches(16).shuffle(42); // what a training reads
/// # Ok::<(), monograd::data::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Dataset<X = Tensor, Y = Tensor<u32>> {
    parts: Arc<(X, Y)>,
    len: usize,
}

impl<X: Samples, Y: Samples> Dataset<X, Y> {
    /// Makes a data set of inputs and targets.
    ///
    /// # Errors
    /// If inputs and targets have different numbers of samples, or there are none.
    pub fn new(inputs: X, targets: Y) -> Result<Self, DataError> {
        match joined(inputs.count()?, targets.count()?)? {
            None | Some(0) => Err(DataProblem::Empty("").into()),
            Some(len) => Ok(Self { parts: Arc::new((inputs, targets)), len }),
        }
    }

    /// Returns the number of samples.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is at least one")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns the inputs.
    #[must_use]
    pub fn inputs(&self) -> &X {
        &self.parts.0
    }

    /// Returns the targets.
    #[must_use]
    pub fn targets(&self) -> &Y {
        &self.parts.1
    }

    /// Returns inputs and targets. They are copied if a clone shares them.
    #[must_use]
    pub fn into_parts(self) -> (X, Y) {
        Arc::unwrap_or_clone(self.parts)
    }

    /// Changes inputs and targets.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn map<A: Samples, B: Samples>(
        self,
        change: impl FnOnce(X, Y) -> (A, B),
    ) -> Result<Dataset<A, B>, DataError> {
        let (inputs, targets) = self.into_parts();
        let (inputs, targets) = change(inputs, targets);
        Dataset::new(inputs, targets)
    }

    /// Returns the samples at `indices`.
    ///
    /// # Errors
    /// If there is no index, or no sample at one.
    pub fn select(&self, indices: &[usize]) -> Result<Self, DataError> {
        if let Some(index) = indices.iter().find(|index| **index >= self.len) {
            let reason = format!("there is no sample {index}: there are {} (from 0)", self.len);
            return Err(DataError::option(reason));
        }
        let (inputs, targets) = &*self.parts;
        let mut parts = (inputs.room(0), targets.room(0));
        parts.0.gather(inputs, indices);
        parts.1.gather(targets, indices);
        Self::new(parts.0, parts.1)
    }

    /// Splits the samples at random into parts of these shares: `[0.8, 0.1, 0.1]`. The same seed gives the same parts.
    ///
    /// # Errors
    /// If the shares are not positive or make more than 1, or a part would have no samples.
    pub fn split<const N: usize>(
        &self,
        shares: [f64; N],
        seed: u64,
    ) -> Result<[Self; N], DataError> {
        self.parted(split::random(self.len, shares, seed)?)
    }

    /// Returns the parts of these indices.
    fn parted<const N: usize>(&self, parts: [Vec<usize>; N]) -> Result<[Self; N], DataError> {
        let mut sets = Vec::with_capacity(N);
        for part in &parts {
            sets.push(self.select(part)?);
        }
        // as many as there were indices
        sets.try_into().map_err(|_| DataProblem::Empty("").into())
    }

    /// Returns the batches of a training: as many samples each, in the order of the data set and with the last
    /// one smaller, unless the methods of [`Loader`] say otherwise.
    #[must_use]
    pub fn batches(&self, samples: usize) -> Loader<X, Y> {
        Loader::new(self.parts.clone(), self.len, samples)
    }
}

impl<X: Samples, Y: Samples + Labels> Dataset<X, Y> {
    /// Like [`split`](Self::split), but every class has its share in every part, as nearly as its number allows.
    ///
    /// # Errors
    /// Those of [`split`](Self::split).
    pub fn split_stratified<const N: usize>(
        &self,
        shares: [f64; N],
        seed: u64,
    ) -> Result<[Self; N], DataError> {
        self.parted(split::stratified(self.targets().labels(), shares, seed)?)
    }

    /// Returns weights by which classes of different sizes count alike in a loss: see [`class_weights`].
    ///
    /// # Errors
    /// Those of [`class_weights`].
    pub fn class_weights(&self, classes: usize) -> Result<Vec<f32>, DataError> {
        class_weights(self.targets().labels(), classes)
    }
}
