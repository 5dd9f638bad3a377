//! Depth, with and without a way around each layer.

use monograd::prelude::*;

// ANCHOR: network
network! {
    /// Each layer adds something to what it is given, so that gradients reach the first one.
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

    /// The same layers, each in the way of the gradients of those before it.
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
