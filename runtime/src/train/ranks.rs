//! The ranks that train together, as the trainer of one of them has them.

use super::{TrainError, Trainer};
use crate::buffer::Buffer;
use crate::distributed::{Collective, FAILED, all_succeed, first_failed, gather};
use crate::error::Result;
use crate::network::{
    Batch, Group, Inputs, Measures, Trainable, divided_backward, divided_forward, divided_measure,
};

/// The ranks, the memory for what they exchange, and their passes.
///
/// The passes are functions behind pointers, so that only a program with several ranks has them compiled for its
/// networks.
pub(super) struct Ranks<'a, N: Trainable> {
    collective: Box<dyn Collective + 'a>,
    sums: Buffer<N::Scalar>,
    backward: Backward<N>,
    measure: Measure<N>,
    forward: Forward<N>,
    /// Begins a training.
    pub begin: Begin<N>,
}

type Backward<N> = fn(
    &mut N,
    Result<Batch<'_, '_, N>>,
    &mut Group<'_, <N as crate::Network>::Scalar>,
) -> Result<(<N as crate::Network>::Scalar, usize)>;
type Measure<N> = fn(
    &N,
    Result<Batch<'_, '_, N>>,
    &mut dyn Collective,
) -> Result<Measures<<N as crate::Network>::Scalar>>;
type Forward<N> = fn(
    &N,
    &Inputs<<N as crate::Network>::Inputs<'_>>,
    &mut dyn Collective,
) -> Result<<N as crate::Network>::Output>;
type Begin<N> = fn(&mut Trainer<'_, N>, &mut Ranks<'_, N>) -> Result<()>;

impl<'a, N: Trainable> Ranks<'a, N> {
    pub fn new(collective: impl Collective + 'a, begin: Begin<N>) -> Self {
        Self {
            collective: Box::new(collective),
            sums: Buffer::default(),
            backward: divided_backward,
            measure: divided_measure,
            forward: divided_forward,
            begin,
        }
    }

    /// Returns true on rank 0, which prints, and reads and writes files.
    pub fn is_first(&self) -> bool {
        self.collective.rank() == 0
    }

    pub fn collective(&mut self) -> &mut dyn Collective {
        &mut *self.collective
    }

    /// Returns an outcome if it is one on every rank, and an error otherwise.
    pub fn all<R>(&mut self, outcome: Result<R>) -> Result<R> {
        let all = all_succeed(&mut *self.collective, outcome.is_ok());
        // the rank's own error tells more than that it has failed
        let outcome = outcome?;
        all?;
        Ok(outcome)
    }

    /// Runs a training pass; see [`divided_backward`].
    pub fn backward(
        &mut self,
        net: &mut N,
        whole: Result<Batch<'_, '_, N>>,
    ) -> Result<(N::Scalar, usize)> {
        let mut group = Group { collective: &mut *self.collective, sums: &mut self.sums };
        (self.backward)(net, whole, &mut group)
    }

    /// Returns the mean loss and metrics of the whole batch.
    pub fn measure(
        &mut self,
        net: &N,
        whole: Result<Batch<'_, '_, N>>,
    ) -> Result<Measures<N::Scalar>> {
        (self.measure)(net, whole, &mut *self.collective)
    }

    /// Returns the outputs of the whole batch.
    pub fn forward(&mut self, net: &N, whole: &Inputs<N::Inputs<'_>>) -> Result<N::Output> {
        (self.forward)(net, whole, &mut *self.collective)
    }
}

/// The reasons for a training to end that a rank may have alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pause {
    pub is_stopped: bool,
    pub is_interrupted: bool,
}

/// The outcome of a rank's reading of its next batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Batch,
    End,
    Failed,
}

impl Next {
    pub fn of<B, E>(batch: &Result<Option<B>, E>) -> Self {
        match batch {
            Ok(Some(_)) => Self::Batch,
            Ok(None) => Self::End,
            Err(_) => Self::Failed,
        }
    }
}

/// Tells the other ranks about this rank's next batch, and returns the reasons of all ranks to end. Fails if a rank could
/// not read its batch, or if only some of them have one.
pub(super) fn agree(
    collective: &mut dyn Collective,
    next: Next,
    own: Pause,
    (data, epoch): (&'static str, u64),
) -> Result<Pause> {
    let state = match next {
        Next::End => 0.0,
        Next::Batch => 1.0,
        Next::Failed => {
            collective.note_failure();
            FAILED
        }
    };
    let flag = |is_set: bool| f64::from(u8::from(is_set));
    let rows = gather(collective, [state, flag(own.is_stopped), flag(own.is_interrupted)])?;
    let states: Vec<f64> = rows.iter().map(|row| row[0]).collect();
    first_failed(&states, collective.rank())?;
    let any = |at: usize| rows.iter().any(|row| row[at] != 0.0);
    let pause = Pause { is_stopped: any(1), is_interrupted: any(2) };
    match states.iter().position(|state| *state != states[0]) {
        // a rank that wants to end has not read on
        Some(rank) if pause == Pause::default() => {
            Err(TrainError::UnequalRanks { data, epoch, rank }.into())
        }
        _ => Ok(pause),
    }
}
