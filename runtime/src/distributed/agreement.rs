//! Messages by which ranks agree on what they do next.

use super::{Collective, CollectiveError, Slice, SliceMut};

/// Stands for a rank that has failed, in place of its number.
pub(crate) const FAILED: f64 = -1.0;

/// Returns some numbers of every rank, by rank.
pub(crate) fn gather<const K: usize>(
    collective: &mut dyn Collective,
    own: [f64; K],
) -> Result<Vec<[f64; K]>, CollectiveError> {
    let mut numbers = vec![0.0; K * collective.size()];
    numbers[K * collective.rank()..][..K].copy_from_slice(&own);
    let mut all = vec![0.0; numbers.len()];
    collective.all_reduce_sum(Slice::F64(&numbers), SliceMut::F64(&mut all))?;
    Ok(all.as_chunks::<K>().0.to_vec())
}

/// Tells the other ranks whether this one has succeeded, and fails if any of them has not.
pub(crate) fn all_succeed(
    collective: &mut dyn Collective,
    has_succeeded: bool,
) -> Result<(), CollectiveError> {
    if !has_succeeded {
        collective.note_failure();
    }
    let rows = gather(collective, [if has_succeeded { 0.0 } else { FAILED }])?;
    first_failed(rows.as_flattened(), collective.rank())
}

/// Returns an error if the number of a rank is [`FAILED`], which names another one if there is another.
pub(crate) fn first_failed(numbers: &[f64], own: usize) -> Result<(), CollectiveError> {
    let failed = || (0..numbers.len()).filter(|rank| numbers[*rank] == FAILED);
    match failed().find(|rank| *rank != own).or_else(|| failed().next()) {
        None => Ok(()),
        Some(rank) => Err(CollectiveError::Failed { rank }),
    }
}

/// Returns the text of rank 0.
pub(crate) fn broadcast_text(
    collective: &mut dyn Collective,
    text: &str,
) -> Result<String, CollectiveError> {
    let mut len = [text.len() as f64];
    collective.broadcast(SliceMut::F64(&mut len), 0)?;
    let len = len[0] as usize;
    // four bytes are a number that an `f64` holds exactly
    let mut numbers = vec![0.0; len.div_ceil(4)];
    if collective.rank() == 0 {
        for (number, bytes) in numbers.iter_mut().zip(text.as_bytes().chunks(4)) {
            let mut four = [0; 4];
            four[..bytes.len()].copy_from_slice(bytes);
            *number = f64::from(u32::from_le_bytes(four));
        }
    }
    collective.broadcast(SliceMut::F64(&mut numbers), 0)?;
    let bytes = numbers.iter().flat_map(|number| (*number as u32).to_le_bytes()).take(len);
    String::from_utf8(bytes.collect()).map_err(|error| CollectiveError::Engine {
        message: format!("the text of rank 0 did not arrive: {error}"),
    })
}
