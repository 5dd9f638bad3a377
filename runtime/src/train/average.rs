//! The exponential moving average of weights.

use crate::buffer::Buffer;
use crate::error::{Error, Result};
use crate::layout::{Entry, Parameter, entries};
use crate::network::Network;
use crate::scalar::Scalar;
use std::path::Path;

/// The exponential moving average of a network's weights over the steps of a training (Polyak and Juditsky 1992),
/// which often predicts better than the weights themselves: PyTorch's `AveragedModel` with `get_ema_avg_fn`.
///
/// With decay d, every update is a = d a + (1 - d) w; the first one copies the weights. Running statistics and other
/// states are copied in every update. A [`Trainer`](super::Trainer) keeps one by `average(decay)`.
///
/// ```
/// use monograd::prelude::*;
/// use monograd::train::Average;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let mut net = Line::init(1);
/// let (mut optimizer, mut average) = (Sgd::new(0.1), Average::new(0.9));
/// let (x, y) = ([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0]);
/// for _ in 0..100 {
///     net.train_step(&x, &y, &mut optimizer)?;
///     average.update(&net)?;
/// }
/// average.swap(&mut net)?; // the network has the average now
/// assert!(net.loss(&x, &y)? < 0.01);
/// average.swap(&mut net)?; // and its own weights again
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Average<T: Scalar> {
    decay: f64,
    updates: u64,
    values: Buffer<T>,
}

impl<T: Scalar> Average<T> {
    /// Creates the average of nothing. Usual decays are 0.99 to 0.9999: the average is over about 1 / (1 - d) steps.
    #[must_use]
    pub fn new(decay: f64) -> Self {
        Self { decay, updates: 0, values: Buffer::default() }
    }

    /// Takes the network's weights into the average.
    ///
    /// # Errors
    /// If the network has another number of parameters than before.
    pub fn update<N: Network<Scalar = T>>(&mut self, net: &N) -> Result<()> {
        self.take(&net.state().parameters, N::LAYOUT)
    }

    /// Exchanges the network's weights and the average. Before the first update, it does nothing.
    ///
    /// # Errors
    /// If the network has another number of parameters.
    pub fn swap<N: Network<Scalar = T>>(&mut self, net: &mut N) -> Result<()> {
        self.exchange(&mut net.state_mut().parameters)
    }

    /// Returns the number of updates.
    #[must_use]
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// Returns the decay.
    #[must_use]
    pub fn decay(&self) -> f64 {
        self.decay
    }

    /// Saves the average as the weights of the network, which `load` of the network reads.
    ///
    /// # Errors
    /// Those of [`Network::save`], and if there was no update.
    pub fn save<N: Network<Scalar = T>>(&self, path: impl AsRef<Path>, _: &N) -> Result<()> {
        crate::file::save(path, N::LAYOUT, &self.values)
    }

    pub(super) fn take(&mut self, parameters: &[T], layout: &'static [Parameter]) -> Result<()> {
        if self.updates == 0 {
            self.values = Buffer::from_slice(parameters);
            self.updates = 1;
            return Ok(());
        }
        self.check(parameters)?;
        let weight = T::from_f64(1.0 - self.decay);
        for (average, value) in self.values.iter_mut().zip(parameters) {
            *average += weight * (*value - *average);
        }
        // a state is no weight that is learned
        for entry in entries(layout).filter(Entry::is_assigned) {
            self.values[entry.range()].copy_from_slice(&parameters[entry.range()]);
        }
        self.updates += 1;
        Ok(())
    }

    pub(super) fn exchange(&mut self, parameters: &mut [T]) -> Result<()> {
        if self.updates > 0 {
            self.check(parameters)?;
            self.values.swap_with_slice(parameters);
        }
        Ok(())
    }

    /// Returns the values, if there are any.
    pub(super) fn values(&self) -> Option<&[T]> {
        (self.updates > 0).then_some(&*self.values)
    }

    pub(super) fn restore(&mut self, updates: u64, values: Buffer<T>) {
        (self.updates, self.values) = (updates, values);
    }

    fn check(&self, parameters: &[T]) -> Result<()> {
        match (parameters.len(), self.values.len()) {
            (actual, expected) if actual != expected => Err(Error::Buffer { actual, expected }),
            _ => Ok(()),
        }
    }
}
