//! Comparisons, selections, masks, constants, and operations that pass no gradient.

use monograd_tests::gradients;

gradients! {
    choices {
        (x: [17]) -> [17] { let h = x >> Linear(17); select(h > 0.1, h * h, -h) } loss { mse }
        (x: [7]) -> [7] { let h = x >> Linear(7); let k = tanh(h); h * (x >= k) + k * (x < 0.0) - h * k * (x <= 0.5) } loss { mse }
        (x: [3, 5]) -> [3, 5] { let h = x >> Linear(5); select(range(5) == 2, h, 0.5 * h) * (range(5) != 3) + select(h, h, 1.0) } loss { mse }
        (x: [5]) -> [5] { let h = x >> Linear(5); select(x + 1.0 > x * 2.0, sum(h), h) } loss { mse }
    }
    stopped {
        (x: [7]) -> [7] { let h = x >> Linear(7); h * stop_gradient(x) + stop_gradient(range(7)) } loss { mse }
    }
    triangles {
        (x: [5, 5]) -> [5, 5] { let h = x >> Linear(5); tril(h) * triu(h, diagonal = -1) + triu(tanh(h), diagonal = 2) } loss { mse }
        (x: [3, 5]) -> [3, 5] { let h = x >> Linear(5); softmax(3.0 * tril(h, diagonal = 1)) } loss { mse }
    }
    constants {
        (x: [2]) -> [2] { let h = x >> Linear(2); h * [0.5, -2.0] + sin(PI * h) } loss { mse }
        (x: [2, 3]) -> [2, 2] { matmul(x >> Linear(3), [[1.0, 2.0], [0.5, -1.0], [0.0, 3.0]]) } loss { mse }
    }
}
