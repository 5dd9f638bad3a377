//! The options of a training that do not depend on the type of the network.

use super::Checkpoints;
use crate::schedule::{ReduceOnPlateau, Schedule};

/// The learning rate.
pub(super) enum Rate<'a> {
    /// That of the optimiser, and of callbacks.
    Own,
    Scheduled(Box<dyn Schedule + 'a>),
    Plateau(ReduceOnPlateau),
}

/// The options of a training.
pub(super) struct Options {
    pub epochs: Option<u64>,
    pub steps: Option<u64>,
    pub epoch_len: Option<u64>,
    pub accumulate: u64,
    pub clip_norm: Option<f64>,
    /// The name of the value to be optimised; the loss by default.
    pub value: Option<String>,
    pub keeps_best: bool,
    pub checkpoints: Option<Checkpoints>,
    pub resume: bool,
}

impl Options {
    /// Returns the number of epochs, if it is limited: 1 if neither epochs nor steps were given.
    pub fn last_epoch(&self) -> Option<u64> {
        match (self.epochs, self.steps) {
            (None, None) => Some(1),
            (epochs, _) => epochs,
        }
    }
}
