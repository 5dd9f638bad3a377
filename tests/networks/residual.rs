//! Depth: blocks with parameters of their own, as many as a const parameter says.

use monograd::prelude::*;

network! {
    /// A stack of residual blocks.
    pub Residual<const LAYERS: usize = 4, const H: usize = 12>(x: [H]) -> [3] {
        let mut h = x;
        #[name = "blocks"]
        for i in 0..LAYERS {
            #[name = "h.{i}.up"]
            let up = Linear(2 * H);
            h = h + (h >> up >> Gelu >> Linear(H));
        }
        h >> Linear(3)
    }
    loss cross_entropy
}
