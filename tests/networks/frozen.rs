//! Names, initialisers, and a layer that training leaves alone.

use monograd::prelude::*;

network! {
    /// A new head on an old body.
    pub Finetuned<A: Activation>(x: [9]) -> [2] {
        #[name = "encoder.0"]
        #[frozen]
        let encoder = Linear(6, init = xavier_uniform);
        #[name = "head"]
        let head = Linear(2, init = truncated_normal(0.02));
        x >> encoder >> A >> head
    }
    loss cross_entropy
}
