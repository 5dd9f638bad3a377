//! Deep networks, with and without residual connections.

use monograd::prelude::*;

// ANCHOR: network
network! {
    /// Each layer adds to its input (a residual connection), so that gradients reach the first one.
    pub Residual<const LAYERS: usize, const H: usize>(image: [64]) -> [10] {
        let embed = Linear(H);
        let head = Linear(10);
        let mut h = image >> embed;
        for i in 0..LAYERS {
            #[name = "layers.{i}"]
            let fc = Linear(H);
            h = h + 0.1 * tanh(h >> fc);
        }
        h >> head
    }
    loss cross_entropy
    metric accuracy

    /// The same layers without residual connections.
    pub Stacked<const LAYERS: usize, const H: usize>(image: [64]) -> [10] {
        let embed = Linear(H);
        let head = Linear(10);
        let mut h = image >> embed;
        for i in 0..LAYERS {
            #[name = "layers.{i}"]
            let fc = Linear(H);
            h = tanh(h >> fc);
        }
        h >> head
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: network
