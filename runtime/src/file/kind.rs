//! Tells the other files of this crate from the parameters of a network: checkpoints, and the states of optimisers.

use super::header::{Attempt, Header};
use super::origin::Origin;
use crate::error::FileProblem;

/// The keys that the metadata of a checkpoint has.
pub(crate) const CHECKPOINT: &str = "checkpoint";
pub(crate) const CHECKPOINT_STATES: &str = "optimizer_states";
/// The keys that the metadata of an optimiser's file has.
pub(crate) const OPTIMIZER: &str = "optimizer";
pub(crate) const OPTIMIZER_STATES: &str = "states";

/// Headers that are longer are not read a second time for a better message.
const MOST: u64 = 1 << 20;

/// Returns the problem of a file without the tensors of a network. If it is of another kind, that is the problem, not
/// the first tensor that it lacks.
pub(super) fn explained(problem: FileProblem, origin: &Origin<'_>) -> FileProblem {
    let is_other = matches!(
        problem,
        FileProblem::MissingTensor { .. }
            | FileProblem::SurplusTensor { .. }
            | FileProblem::MisshapenTensor { .. }
    );
    let other = is_other.then(|| other_kind(origin).ok().flatten()).flatten();
    other.map_or(problem, |(kind, advice)| FileProblem::NotNetwork { kind, advice })
}

/// Returns the kind of a file that is not of a network, and the calls that read it.
fn other_kind(origin: &Origin<'_>) -> Attempt<Option<(&'static str, &'static str)>> {
    if origin.len() != 1 {
        return Ok(None);
    }
    let (mut source, len) = origin.open(0)?;
    let header = Header::find(&mut *source, len)?;
    if header.end() > MOST {
        return Ok(None);
    }
    let metadata = header.metadata(&mut *source)?;
    let has = |keys: [&str; 2]| keys.iter().all(|key| metadata.contains_key(*key));
    Ok(if has([CHECKPOINT, CHECKPOINT_STATES]) {
        let advice = "go on with the training by `Checkpoints::new(folder).load(&mut net, &mut optimizer)` or \
             `Trainer::resume`, or take the network alone, \
             `Net::load_with(path, &Weights::new().prefix(\"network\").optional(\"*\"))`";
        Some(("the checkpoint of a training", advice))
    } else if has([OPTIMIZER, OPTIMIZER_STATES]) {
        Some(("the state of an optimiser", "it is read by `optimizer.load(path, &net)`"))
    } else {
        None
    })
}
