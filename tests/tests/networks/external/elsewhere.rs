//! Networks that other networks apply as layers.

use monograd::prelude::*;

network! {
    pub Encoder<A: Activation = Gelu, const D: usize = 7, const H: usize = 5>(x: [D]) -> [H] {
        let fc = Linear(H);
        let proj = Linear(H);
        x >> fc >> A >> proj
    }

    /// Normalises every row independently.
    pub Norm<const D: usize>(x: [dyn T, D]) -> [T, D] {
        let weight = param([D], init = ones);
        let bias = param([D], init = zeros);
        let centred = x - mean(x, axis = -1, keepdim = true);
        centred * rsqrt(mean(square(centred), axis = -1, keepdim = true) + 1e-5) * weight + bias
    }

    /// Mixes every row with every other, for up to 32 rows.
    pub Mix<const D: usize>(x: [dyn T <= 32, D]) -> [T, D] {
        let out = Linear(D);
        matmul(softmax(matmul(x, transpose(x))), x) >> out
    }

    /// Applied within this `network!` and within others.
    pub(crate) Block<const D: usize>(x: [D]) -> [D] {
        x + (x >> Encoder::<Silu, D, 6> >> Linear(D))
    }
    loss mse

    pub Cell<const I: usize, const H: usize>(x: [I], h: [H]) -> [H] {
        let ih = Linear(H);
        let hh = Linear(H);
        tanh((x >> ih) + (h >> hh))
    }

    pub Heads<const D: usize>(x: [D]) -> ([3], [2, D]) {
        (x >> Linear(3), reshape(x >> Linear(2 * D) >> Tanh, [2, D]))
    }

    /// The output does not depend on `y`, and equals `x`.
    pub Ignores(x: [3], y: [2]) -> [3] { x + 0 * argmax(y) }

    pub Noisy<const D: usize>(x: [D]) -> [D] { x >> Linear(D) >> Dropout(0.5) }
}

/// A network that applies the networks above, and is itself applied elsewhere.
pub mod further {
    use monograd::prelude::*;

    network! {
        pub Deep<const D: usize>(x: [D]) -> [D] {
            let block = super::Block::<D>();
            x >> block >> Tanh >> block
        }
    }
}
