//! Slices that are read in place, and values that are written directly into a concatenation or a
//! gradient.

use monograd::prelude::*;
use monograd_tests::differences::check;
use monograd_tests::gradients_by_width;

gradients_by_width! {
    W:
    loops_read_and_write_parts {
        (x: [3, 4]) -> [3, W] { let (i, f, g, o) = split(x >> Linear(4 * W), 4, axis = 1); sigmoid(o) * tanh(sigmoid(f) * g + sigmoid(i)) } loss { mse }
        (x: [3]) -> [2 * W] { let (a, b) = split(x >> Linear(2 * W), 2); concat(0.6 * a - 0.8 * b, 0.8 * a + 0.6 * b) } loss { mse }
        (x: [4, 3]) -> [4, W] { let h = x >> Linear(W); let (a, b) = split(h, 2); h * concat(-b, a) + concat(tanh(a), sin(b)) } loss { mse }
        (x: [3, 2]) -> [3, 2 * W + 1] { let h = concat(sin(x >> Linear(W)), exp(x[.., ..1]), tanh(x >> Linear(W)), axis = 1); h * h[0] } loss { mse }
        (x: [2, 3, 4]) -> [3, 2 * W] { let h = tanh(x >> Linear(2 * W)); let m = concat(h[1, .., W..], h[0, .., ..W], axis = -1); m * h[0] + m[.., W..W + 1] } loss { mse }
        (x: [5]) -> [W] { let p = param([9, W], init = normal(1)); (x >> Linear(W)) * p[2] + sum(tanh(p[3..5, 1..])) } loss { mse }
    }
    linear_layers_read_and_write_parts {
        (x: [5]) -> [W] { let (a, b) = split(x >> Linear(2 * W), 2); concat(a >> Linear(W) >> Tanh, b >> Linear(W))[1..] >> Linear(W) } loss { mse }
        (x: [3, 5]) -> [3, W] { let h = x >> Linear(3 * W); (h[.., W..2 * W] >> Linear(W) >> Silu) + h[.., ..W] } loss { mse }
        (x: [3, 5]) -> [W] { let h = x >> Linear(W); (h[2] >> Linear(W) >> Gelu) + h[0] * h[1] } loss { mse }
        (x: [3, 5]) -> [2, W] { let h = x >> Linear(W); tanh(h[..2] >> Linear(W)) + h[1..] } loss { mse }
        (x: [4, 2, 3]) -> [4, W] { let h = x >> Linear(2 * W); h[.., 1, W..] + sin(h[.., 1, ..W] >> Linear(W)) } loss { mse }
        (x: [3, 5]) -> [3, 2 * W] { let h = x >> Linear(W); let g = h >> Linear(W) >> Relu; concat(g, tanh((h >> Linear(W)) + g), axis = 1) } loss { mse }
        (x: [3, 5]) -> [3, W] { let p = param([3, 2 * W, W + 2], init = normal(1)); tanh(matmul(x >> Linear(2 * W), p[1, .., 1..W + 1])) } loss { mse }
    }
    products_of_tensors_are_followed_by_loops {
        (x: [5, 3]) -> [5, W] {
            let (q, k, v) = split(x >> Linear(3 * W), 3, axis = 1);
            tanh(matmul(softmax(matmul(q, transpose(k)) / sqrt(W)), v)) + q
        } loss { mse }
        (x: [5, 3]) -> [5, W] { let w = param([3, W], init = normal(1)); let b = param([W], init = zeros); (matmul(x, w) + b) >> Gelu } loss { mse }
        (x: [2, 5, 3]) -> [2, 5, W] { let w = param([2, 3, W], init = normal(1)); let h = matmul(x, w) >> Silu; h * h[0] } loss { mse }
        (x: [W, 3]) -> [W] { let w = param([3], init = normal(1)); let v = param([W, 5], init = normal(1)); sigmoid(matmul(x, w)) * matmul(tanh(matmul(v, [1, 2, 3, 4, 5])), transpose(param([W, W], init = normal(0.3)))) } loss { mse }
    }
    gradients_are_put_together_in_place {
        (x: [5]) -> [1] { let h = x >> Linear(4 * W); let y = h[W..2 * W] >> Linear(W); y * sigmoid(h[2 * W..3 * W]) >> Linear(1) } loss { mse }
        (x: [3, 5]) -> [2] { let h = x >> Linear(2 * W); let y = pad(tanh(h[1, ..W]), [(3, 2)]); y >> Linear(2) } loss { mse }
        (x: [3, 5]) -> [2] { let h = x >> Linear(W); pad(h >> Linear(W) >> Tanh, [(1, 0), (0, 0)]) >> Linear(1) >> Flatten() >> Linear(2) } loss { mse }
    }
}

network! {
    Rest<const W: usize = 64>(x: [2, 3]) -> [2, W] {
        let h = x >> Linear(W);
        h + sum(tanh(h[.., 1..]), axis = 1, keep = true) * sum(h[.., 1..] * h[.., 1..])
    }
    loss mse
}

#[test]
fn a_part_may_be_empty() {
    check::<Rest<1, f64>>("the rest of one", Rest::init(7).cast::<f64>());
}
