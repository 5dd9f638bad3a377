//! Training of one network by several ranks.

use super::Collective;
use crate::buffer::Buffer;
use crate::error::Result;
use crate::network::{self, Gradients, Group, Measures, Network, Trainable};
use crate::optimizer::Optimizer;
use crate::scalar::Scalar;
use crate::source::Feed;
use std::ops::Range;

/// Trains a network with other ranks, each of which has its part of every batch.
///
/// Its methods are those of [`Network`], with the results of the whole batch; every rank calls them in the same
/// order. See the [module](super) for an example, and for what is of the whole batch.
///
/// ```
/// use monograd::distributed::{DataParallel, Threads};
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let (x, y) = ([0.0, 1.0, 2.0], [1.0, 3.0, 5.0]);
/// let losses = Threads::run(2, |ranks| -> Result<f32, Error> {
///     let mut group = DataParallel::new(ranks);
///     let part = group.part(x.len()); // one sample, and two
///     group.loss(&Line::init(1), &x[part.clone()], &y[part])
/// })?;
/// let whole = Line::init(1).loss(&x, &y)?;
/// assert!(losses.iter().all(|loss| (loss - whole).abs() < 1e-5));
/// # Ok::<(), Error>(())
/// ```
pub struct DataParallel<C, T: Scalar> {
    collective: C,
    sums: Buffer<T>,
}

impl<C: Collective, T: Scalar> DataParallel<C, T> {
    /// Creates it for the ranks of `collective`.
    #[must_use]
    pub fn new(collective: C) -> Self {
        Self { collective, sums: Buffer::zeros(0) }
    }

    /// Returns the ranks, for calls of one's own.
    pub fn collective(&mut self) -> &mut C {
        &mut self.collective
    }

    /// Returns true on rank 0, which prints, and writes files.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.collective.rank() == 0
    }

    /// Returns this rank's part of some samples; see [`Collective::part`].
    #[must_use]
    pub fn part(&self, samples: usize) -> Range<usize> {
        self.collective.part(samples)
    }

    /// Replaces parameters, states, the seed of dropout and the number of steps by those of rank 0: before the
    /// first step, and after rank 0 has loaded a file.
    ///
    /// # Errors
    /// If a rank has another network, and those of [`Collective::broadcast`].
    pub fn broadcast<N: Network<Scalar = T>>(&mut self, net: &mut N) -> Result<()> {
        Ok(network::broadcast_state(net.state_mut(), N::LAYOUT, &mut self.collective)?)
    }

    /// Replaces the number of steps, the learning rate and the state of an optimiser by those of rank 0, after
    /// that has loaded a file. Options are those of each rank.
    ///
    /// # Errors
    /// If a rank has another network, and those of [`Collective::broadcast`] and [`Optimizer::restore`].
    pub fn broadcast_optimizer<N: Network<Scalar = T>>(
        &mut self,
        optimizer: &mut impl Optimizer<T>,
        _: &N,
    ) -> Result<()> {
        network::broadcast_optimizer(optimizer, N::LAYOUT, &mut self.collective)
    }

    /// Takes a training step with the gradients of the whole batch, and returns its mean loss. The part of a
    /// rank may be empty (`&[]`).
    ///
    /// # Errors
    /// Those of [`Network::train_step`] on any rank, and those of [`Collective::all_reduce_sum`].
    pub fn train_step<'a, 'b, N: Trainable<Scalar = T>>(
        &mut self,
        net: &mut N,
        inputs: impl Feed<N::Inputs<'a>>,
        targets: impl Feed<N::Targets<'b>>,
        optimizer: &mut impl Optimizer<T>,
    ) -> Result<T> {
        network::part_step(net, inputs, targets, optimizer, &mut self.group())
    }

    /// Returns the mean loss of the whole batch and its gradients.
    ///
    /// # Errors
    /// Those of [`Network::gradients`] on any rank, and those of [`Collective::all_reduce_sum`].
    pub fn gradients<'a, 'b, N: Trainable<Scalar = T>>(
        &mut self,
        net: &N,
        inputs: impl Feed<N::Inputs<'a>>,
        targets: impl Feed<N::Targets<'b>>,
    ) -> Result<(T, Gradients<T>)> {
        network::part_gradients(net, inputs, targets, &mut self.group())
    }

    /// Returns the mean loss of the whole batch.
    ///
    /// # Errors
    /// Those of [`Network::loss`] on any rank, and those of [`Collective::all_reduce_sum`].
    pub fn loss<'a, 'b, N: Trainable<Scalar = T>>(
        &mut self,
        net: &N,
        inputs: impl Feed<N::Inputs<'a>>,
        targets: impl Feed<N::Targets<'b>>,
    ) -> Result<T> {
        network::part_loss(net, inputs, targets, &mut self.collective)
    }

    /// Returns the mean loss and metrics of the whole batch.
    ///
    /// # Errors
    /// Those of [`Network::measure`] on any rank, and those of [`Collective::all_reduce_sum`].
    pub fn measure<'a, 'b, N: Trainable<Scalar = T>>(
        &mut self,
        net: &N,
        inputs: impl Feed<N::Inputs<'a>>,
        targets: impl Feed<N::Targets<'b>>,
    ) -> Result<Measures<T>> {
        network::part_measure(net, inputs, targets, &mut self.collective)
    }

    fn group(&mut self) -> Group<'_, T> {
        Group { collective: &mut self.collective, sums: &mut self.sums }
    }
}
