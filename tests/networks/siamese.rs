//! One layer applied twice: the same parameters, two gradients.

use monograd::prelude::*;

network! {
    /// How far two signatures are apart.
    pub Siamese(a: [10], b: [10]) -> [5] {
        let embed = Linear(5, bias = false, init = orthogonal);
        abs((a >> embed) - (b >> embed))
    }
    loss smooth_l1(beta = 2)
}
