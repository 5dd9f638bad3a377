use super::*;
use crate::prelude::*;

pub(super) mod damaged;
mod interface;
#[cfg(unix)]
mod irregular;
mod memory;
mod prefetched;
mod sets;
mod streams;

network! {
    /// Three classes by two numbers.
    Scores(x: [2]) -> [3] { x >> Linear(3) }
    loss cross_entropy
}

/// Returns 20 samples whose inputs and targets tell their number.
fn numbered() -> Dataset<Tensor, Vec<u32>> {
    Dataset::new(Tensor::from_fn([20, 2], |i| (i / 2) as f32), (0..20).collect()).unwrap()
}

/// Returns the samples of each batch of an epoch, after a check that inputs belong to targets.
fn order(
    batches: impl Iterator<Item = Result<std::sync::Arc<(Tensor, Vec<u32>)>, DataError>>,
) -> Vec<Vec<u32>> {
    batches
        .map(|batch| {
            let batch = batch.unwrap();
            for (x, y) in batch.0.rows().zip(&batch.1) {
                assert_eq!(x, [*y as f32; 2]);
            }
            batch.1.clone()
        })
        .collect()
}
