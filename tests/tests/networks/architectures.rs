//! Small networks of many kinds, whose gradients are checked against finite differences: recurrent,
//! with attention, mixtures of experts, tied weights, convolutions, contrastive, hypernetworks,
//! diffusion.

use monograd::prelude::*;
use monograd_tests::differences;

const BASE: f64 = 10000.0;

network! {
    /// A bidirectional recurrent network.
    BiGru<const D: usize = 3, const H: usize = 4>(x: [dyn T, D]) -> [T, 2 * H] {
        let ahead = Gru::<D, H>;
        let back = Gru::<D, H>;
        let a = x >> ahead;
        let b = flip(flip(x, axis = 0) >> back, axis = 0);
        concat(a, b, axis = 1)
    }
    loss mse

    Gru<const D: usize, const H: usize>(x: [dyn T, D]) -> [T, H] {
        let ih = Linear(3 * H);
        let hh = Linear(3 * H);
        let mut h = zeros([H]);
        for x_t in x {
            let (r, z, n) = split(x_t >> ih, 3);
            let (hr, hz, hn) = split(h >> hh, 3);
            let gate = sigmoid(z + hz);
            h = (1 - gate) * tanh(n + sigmoid(r + hr) * hn) + gate * h;
            h
        }
    }

    /// Attention with rotated queries and keys (Su et al. 2021) that decreases with the distance
    /// (Press et al. 2021).
    Rotary<const D: usize = 8, const HEADS: usize = 2>(x: [dyn T <= 32, D]) -> [T, D] {
        let q = transpose(reshape(x >> Linear(D, bias = false), [T, HEADS, D / HEADS]), 0, 1);
        let k = transpose(reshape(x >> Linear(D, bias = false), [T, HEADS, D / HEADS]), 0, 1);
        let v = transpose(reshape(x >> Linear(D, bias = false), [T, HEADS, D / HEADS]), 0, 1);
        let (q, k) = (q, k) >> Rotate::<{ D / HEADS }, HEADS>;
        let place = range(T);
        let distance = reshape(place, [T, 1]) - reshape(place, [1, T]);
        let slope = reshape([0.5, 0.25], [HEADS, 1, 1]);
        let scores = matmul(q, transpose(k)) / sqrt(D / HEADS) - slope * distance;
        let y = matmul(softmax(mask_future(scores)), v);
        reshape(transpose(y, 0, 1), [T, D]) >> Linear(D)
    }
    loss mse

    Rotate<const E: usize, const HEADS: usize>(
        q: [HEADS, dyn T, E],
        k: [HEADS, T, E],
    ) -> ([HEADS, T, E], [HEADS, T, E]) {
        let frequency = exp(range(E / 2) * (-2.0 / E * log(BASE)));
        let angle = reshape(range(T), [T, 1]) * frequency;
        let (c, s) = (cos(angle), sin(angle));
        let (q1, q2) = split(q, 2, axis = -1);
        let (k1, k2) = split(k, 2, axis = -1);
        (
            concat(q1 * c - q2 * s, q2 * c + q1 * s, axis = -1),
            concat(k1 * c - k2 * s, k2 * c + k1 * s, axis = -1),
        )
    }

    /// A mixture of experts.
    Experts<const E: usize = 3>(x: [6]) -> [4] {
        let gate = softmax(x >> Linear(E));
        let mut y = zeros([4]);
        for i in 0..E {
            y = y + gate[i] * (x >> Linear(8) >> Silu >> Linear(4));
        }
        y
    }
    loss mse

    /// An autoencoder whose decoder uses the transposed weight of its encoder.
    Tied(x: [9]) -> [9] {
        let fc = Linear(4);
        let code = x >> fc >> Tanh;
        matmul(code, transpose(fc.weight)) + param([9], init = zeros, bias = true)
    }
    loss |y| mse(y, x)

    /// Gated causal convolutions with skip connections (van den Oord et al. 2016).
    WaveNet<const C: usize = 4, const LAYERS: usize = 3>(x: [dyn T, 1]) -> [T, C] {
        let mut h = x >> Linear(C);
        let mut skip = zeros([T, C]);
        for _ in 0..LAYERS {
            let past = pad(h, [(2, 0), (0, 0)])[..T];
            let both = (past >> Linear(2 * C)) + (h >> Linear(2 * C, bias = false));
            let (a, b) = split(both, 2, axis = -1);
            let z = tanh(a) * sigmoid(b);
            skip = skip + (z >> Linear(C));
            h = h + (z >> Linear(C));
        }
        skip + h >> Relu >> Linear(C)
    }
    loss mse

    /// Two encoders with shared weights that learn a distance.
    Siamese(a: [5], b: [5]) -> ([4], [4]) {
        let encoder = Encoder;
        (a >> encoder, b >> encoder)
    }
    loss |u, v, same: [1]| {
        let d = sum(square(u - v));
        let margin = maximum(1.0 - sqrt(d + 1e-6), 0.0);
        sum(same * d + (1 - same) * square(margin))
    }

    Encoder(x: [5]) -> [4] {
        let h = x >> Linear(7) >> Gelu >> Linear(4);
        h * rsqrt(sum(square(h)) + 1e-8)
    }

    /// A linear layer whose weights are computed from an input.
    Hyper(x: [3, 4], z: [2]) -> [3, 5] {
        let w = reshape(z >> Linear(20), [4, 5]);
        matmul(x, w) + (z >> Linear(5))
    }
    loss mse

    /// A denoiser with a sinusoidal embedding of the noise level.
    Denoiser(x: [6], t: [1]) -> [6] {
        let f = exp(range(4) * -0.7);
        let emb = concat(sin(t * f), cos(t * f));
        let h = (x >> Linear(8)) + (emb >> Linear(8) >> Silu);
        let (scale, shift) = split(emb >> Linear(16), 2);
        let n = (h - mean(h)) / sqrt(var(h, correction = 0) + 1e-5);
        n * (1 + scale) + shift >> Silu >> Linear(6)
    }
    loss mse

    /// Euler steps of a differential equation with a learned right-hand side.
    Ode<const STEPS: usize = 4>(x: [3]) -> [3] {
        let a = Linear(6);
        let b = Linear(3);
        let mut y = x;
        for _ in 0..STEPS { y = y + 1.0 / STEPS * (y >> a >> Tanh >> b); }
        y
    }
    loss mse

    /// Attention to learned keys and values.
    Memory(x: [4]) -> [4] {
        let keys = param([6, 4], init = normal(0.5));
        let values = param([6, 4], init = normal(0.5));
        let (q, k) = (x >> Linear(4), keys);
        matmul(softmax(matmul(k, q) * 2.0), values)
    }
    loss mse

    /// A gate from the mean of all positions, followed by a highway layer.
    Highway(x: [5, 4]) -> [4] {
        let s = mean(x, axis = 0);
        let g = s >> Linear(2) >> Relu >> Linear(4) >> Sigmoid;
        let y = x * g;
        let t = sigmoid(y >> Linear(4));
        max(t * tanh(y >> Linear(4)) + (1 - t) * y, axis = 0)
    }
    loss huber

    /// A decoder with attention to the whole input in every iteration (Bahdanau et al. 2014).
    Seq2Seq(x: [dyn S, 3], y: [dyn T, 2]) -> [T, 2] {
        let e = Linear(4);
        let u = Linear(4, bias = false);
        let states = tanh(x >> e);
        let keys = states >> u;
        let q = Linear(4);
        let v = param([4], init = normal(0.5));
        let cell = Linear(4);
        let out = Linear(2);
        let mut h = mean(states, axis = 0);
        for y_t in y {
            let score = matmul(tanh(keys + (h >> q)), v);
            let context = matmul(softmax(score), states);
            h = tanh(concat(y_t, h, context) >> cell);
            h >> out
        }
    }
    loss mse
}

/// Checks the gradients of a network, for sequences of the given lengths.
macro_rules! check {
    ($($test:ident $network:ident<$($choice:tt),+> $lengths:expr;)+) => {$(
        #[test]
        fn $test() {
            let lengths: [&[usize]; 3] = $lengths;
            let net = $network::init(3).cast::<f64>();
            differences::check_at::<$network<$($choice),+>>(stringify!($test), net, lengths);
        }
    )+};
}

check! {
    both_ways BiGru<3, 4, f64> [&[1], &[5], &[7]];
    rotary Rotary<8, 2, f64> [&[1], &[5], &[7]];
    experts Experts<3, f64> [&[]; 3];
    tied Tied<f64> [&[]; 3];
    dilated WaveNet<4, 3, f64> [&[1], &[5], &[7]];
    siamese Siamese<f64> [&[]; 3];
    hyper Hyper<f64> [&[]; 3];
    denoiser Denoiser<f64> [&[]; 3];
    differential Ode<4, f64> [&[]; 3];
    memory Memory<f64> [&[]; 3];
    highway Highway<f64> [&[]; 3];
    looking_back Seq2Seq<f64> [&[1, 1], &[5, 3], &[4, 7]];
}
