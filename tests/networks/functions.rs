//! Every function of every element, in one loop.

use monograd::prelude::*;

network! {
    /// Nothing to learn, much to compute.
    pub Functions(x: [7], y: [7]) -> [7] {
        let a = exp(-square(x)) + expm1(x / 4) + log(1 + square(y)) + log1p(abs(y));
        let b = sqrt(1 + x * x) + rsqrt(2 + y * y) + sin(x) * cos(y) + tanh(x) + sigmoid(y);
        let c = softplus(x) + erf(y) + sign(x) + pow(abs(y) + 1, 1.5);
        maximum(a, b) - minimum(b, clamp(c, -2, 2))
    }
    loss mse
}
