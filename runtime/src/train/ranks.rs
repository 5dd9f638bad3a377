//! The ranks that train together, as the trainer of one of them has them.

use super::TrainError;
use crate::buffer::Buffer;
use crate::data::DataError;
use crate::distributed::{Collective, FAILED, all_succeed, first_failed, gather};
use crate::error::Result;
use crate::network::Group;
use crate::scalar::Scalar;

/// The ranks, and the memory for what they exchange.
pub(super) struct Ranks<'a, T: Scalar> {
    collective: Box<dyn Collective + 'a>,
    sums: Buffer<T>,
}

impl<'a, T: Scalar> Ranks<'a, T> {
    pub fn new(collective: impl Collective + 'a) -> Self {
        Self { collective: Box::new(collective), sums: Buffer::default() }
    }

    /// Returns true on rank 0, which prints, and reads and writes files.
    pub fn is_first(&self) -> bool {
        self.collective.rank() == 0
    }

    pub fn collective(&mut self) -> &mut dyn Collective {
        &mut *self.collective
    }

    pub fn group(&mut self) -> Group<'_, T> {
        Group { collective: &mut *self.collective, sums: &mut self.sums }
    }

    /// Returns an outcome if it is one on every rank, and an error otherwise.
    pub fn all<R>(&mut self, outcome: Result<R>) -> Result<R> {
        let all = all_succeed(&mut *self.collective, outcome.is_ok());
        // the rank's own error tells more than that it has failed
        let outcome = outcome?;
        all?;
        Ok(outcome)
    }
}

/// The reasons for a training to end that a rank may have alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pause {
    pub is_stopped: bool,
    pub is_interrupted: bool,
}

/// Returns this rank's next batch, and the reasons of all ranks to end. Fails if a rank could not read its batch, or if
/// only some of them have one.
pub(super) fn next<B>(
    collective: &mut dyn Collective,
    batch: Result<Option<B>, DataError>,
    own: Pause,
    (data, epoch): (&'static str, u64),
) -> Result<(Option<B>, Pause)> {
    let state = match &batch {
        Ok(None) => 0.0,
        Ok(Some(_)) => 1.0,
        Err(_) => {
            collective.note_failure();
            FAILED
        }
    };
    let flag = |is_set: bool| f64::from(u8::from(is_set));
    let rows = gather(collective, [state, flag(own.is_stopped), flag(own.is_interrupted)]);
    let (batch, rows) = (batch?, rows?);
    let states: Vec<f64> = rows.iter().map(|row| row[0]).collect();
    first_failed(&states, collective.rank())?;
    let any = |at: usize| rows.iter().any(|row| row[at] != 0.0);
    let pause = Pause { is_stopped: any(1), is_interrupted: any(2) };
    match states.iter().position(|state| *state != states[0]) {
        // a rank that wants to end has not read on
        Some(rank) if pause == Pause::default() => {
            Err(TrainError::UnequalRanks { data, epoch, rank }.into())
        }
        _ => Ok((batch, pause)),
    }
}
