//! An MLP-Mixer: image classification without convolution and attention.

use super::norm;
use monograd::prelude::*;

// ANCHOR: network
network! {
    /// Splits an 8x8 image into 16 patches of 2x2 pixels; `LAYERS` blocks of `C` channels mix them.
    pub Mixer<const C: usize, const TOKENS: usize, const LAYERS: usize>(image: [64]) -> [10] {
        let patches = permute(reshape(image, [4, 2, 4, 2]), [0, 2, 1, 3]);
        let embed = Linear(C);
        let mut x = reshape(patches, [16, 4]) >> embed;
        for i in 0..LAYERS {
            #[name = "blocks.{i}"]
            let block = MixerBlock::<16, C, TOKENS>;
            x = x >> block;
        }
        let norm = norm::LayerNorm::<C>();
        let head = Linear(10);
        mean(x >> norm, axis = 0) >> head
    }
    loss cross_entropy
    metric accuracy

    /// Mixes the `P` patches of each channel, then the channels of each patch.
    pub MixerBlock<const P: usize, const C: usize, const TOKENS: usize>(x: [P, C]) -> [P, C] {
        let norm1 = norm::LayerNorm::<C>();
        let norm2 = norm::LayerNorm::<C>();
        let mixed = transpose(x >> norm1) >> Linear(TOKENS) >> Gelu >> Linear(P);
        let x = x + transpose(mixed);
        x + (x >> norm2 >> Linear(4 * C) >> Gelu >> Linear(C))
    }
}
// ANCHOR_END: network
