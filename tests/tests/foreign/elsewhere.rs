//! Networks that others apply.

use monograd::prelude::*;

network! {
    pub Encoder<A: Activation = Gelu, const D: usize = 7, const H: usize = 5>(x: [D]) -> [H] {
        let fc = Linear(H);
        let proj = Linear(H);
        x >> fc >> A >> proj
    }

    /// Of every row by itself.
    pub Norm<const D: usize>(x: [dyn T, D]) -> [T, D] {
        let weight = param([D], init = ones);
        let bias = param([D], init = zeros);
        let centred = x - mean(x, axis = -1, keepdim = true);
        centred * rsqrt(mean(square(centred), axis = -1, keepdim = true) + 1e-5) * weight + bias
    }

    /// Every row with every other, up to 32.
    pub Mix<const D: usize>(x: [dyn T <= 32, D]) -> [T, D] {
        let out = Linear(D);
        matmul(softmax(matmul(x, transpose(x))), x) >> out
    }

    /// Applied within the same `network!` and within others.
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

    /// Nothing of it depends on one of its inputs, and all of it is one of the others.
    pub Ignores(x: [3], y: [2]) -> [3] { x + 0 * argmax(y) }

    pub Noisy<const D: usize>(x: [D]) -> [D] { x >> Linear(D) >> Dropout(0.5) }
}

/// A network from elsewhere within a network from elsewhere.
pub mod further {
    use monograd::prelude::*;

    network! {
        pub Deep<const D: usize>(x: [D]) -> [D] {
            let block = super::Block::<D>();
            x >> block >> Tanh >> block
        }
    }
}
