//! A gated feed-forward network (SwiGLU), and the plain one that it is compared with.

use monograd::prelude::*;

// ANCHOR: network
network! {
    /// One half of the hidden values is a gate that scales the other half. Llama and most
    /// Transformers since then use it instead of [`Plain`].
    pub SwiGlu<const D: usize, const H: usize>(x: [D]) -> [D] {
        let gate = Linear(H, bias = false);
        let up = Linear(H, bias = false);
        let down = Linear(D, bias = false);
        Silu(x >> gate) * (x >> up) >> down
    }

    /// A plain feed-forward network; at one and a half times the width it has as many parameters.
    pub Plain<const D: usize, const H: usize>(x: [D]) -> [D] {
        let up = Linear(H, bias = false);
        let down = Linear(D, bias = false);
        x >> up >> Gelu >> down
    }

    pub GatedReader<const D: usize, const H: usize>(image: [64]) -> [10] {
        let embed = Linear(D);
        let first = SwiGlu::<D, H>;
        let second = SwiGlu::<D, H>;
        let head = Linear(10);
        let h = image >> embed;
        let h = h + (h >> first);
        let h = h + (h >> second);
        h >> head
    }
    loss cross_entropy
    metric accuracy

    pub PlainReader<const D: usize, const H: usize>(image: [64]) -> [10] {
        let embed = Linear(D);
        let first = Plain::<D, H>;
        let second = Plain::<D, H>;
        let head = Linear(10);
        let h = image >> embed;
        let h = h + (h >> first);
        let h = h + (h >> second);
        h >> head
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: network
