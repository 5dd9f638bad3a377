//! All the reasons why a network has no streaming form, not only the first.

use super::{depends_on, stream_without};
use crate::ir::step::Refusal;
use crate::ir::{Graph, Value};
use crate::program::Length;
use std::collections::HashSet;

/// Returns the reasons that there are beside the `first` one: those that remain when the values with
/// a reason are taken to be known, except for reasons that such a value leads to.
pub fn further(
    lengths: &[Length],
    from: &Graph,
    outputs: &[Value],
    first: &Refusal,
) -> Vec<Refusal> {
    let (mut known, mut further) = (HashSet::from([first.value]), Vec::new());
    while let Err(refusal) = stream_without(lengths, from, outputs, &known) {
        let follows = depends_on(from, refusal.value, |value| known.contains(&value));
        if !known.insert(refusal.value) || known.len() > MOST_REASONS {
            break;
        }
        // one reason may refuse all values of a loop, or all that are longer than the streamed axis
        let shared = from[refusal.value].region.is_some()
            || from
                .shape(refusal.value)
                .iter()
                .any(|size| size.is_dynamic() && size.as_length().is_none());
        if !follows && !shared {
            further.push(refusal);
        }
    }
    further
}

/// The maximum number of reasons that are looked for.
const MOST_REASONS: usize = 16;
