//! Layers, shared and frozen, several inputs and outputs, dropout.

use monograd::prelude::*;
use monograd_tests::gradients;

gradients! {
    linear_of_odd_sizes {
        (x: [1]) -> [1] { x >> Linear(1) } loss { mse }
        (x: [33]) -> [17] { x >> Linear(7) >> Linear(1) >> Linear(33) >> Linear(17) } loss { mse }
        (x: [33]) -> [7] { x >> Linear(17, bias = false) >> Linear(7, bias = false) } loss { mse }
        (x: [3, 17]) -> [3, 7] { x >> Linear(33) >> Linear(7, bias = false) } loss { mse }
        (x: [2, 3, 7]) -> [2, 3, 1] { x >> Linear(17) >> Linear(1) } loss { mse }
    }
    residuals {
        (x: [17]) -> [17] {
            let h = x + tanh(x >> Linear(17));
            let h = h + Gelu(h >> Linear(17));
            h + (h >> Linear(33) >> Silu >> Linear(17))
        } loss { mse }
        (x: [7]) -> [7] { let h = x >> Linear(7); let h = h + h; let k = h >> Linear(7); h + k + h * k } loss { mse }
    }
    // in some networks, a sample has more rows than a group
    rows_in_groups {
        (x: [257, 1]) -> [257, 1] { x + (x >> Linear(3) >> Gelu >> Linear(1)) } loss { mse }
        (x: [257, 2], mask: [257, 1], shift: [2]) -> [257, 2] { mask * Silu(x >> Linear(2)) + shift } loss { mse }
        (x: [7]) -> [7] { let w = param([300, 3], init = normal(1)); x * mean(tanh(w >> Linear(7)), axis = 0) } loss { mse }
        (x: [3, 7]) -> [3, 7] { let h = x >> Linear(7); let y = h * sigmoid(x >> Linear(7)); x + h + y * y } loss { mse }
        (x: [9, 3, 2]) -> [9, 3, 2] { let mut x = x; for _ in 0..2 { x = x + (x >> Linear(5) >> Tanh >> Linear(2)); } x } loss { mse }
    }
    shared_weights {
        (x: [7]) -> [7] { let fc = Linear(7); x >> fc >> Tanh >> fc >> Tanh >> fc } loss { mse }
        (x: [17]) -> [5] { let fc = Linear(17, bias = false); let h = x >> fc; let k = (x * x) >> fc; (h + k) >> Linear(5) } loss { mse }
        (x: [3, 7]) -> [4] { let fc = Linear(4); (x[0] >> fc) * (x[1] >> fc) - (x[2] >> fc) } loss { mse }
    }
    gradients_that_count_twice {
        (x: [7], y: [3]) -> [5] { (x >> Linear(5)) + (y >> Linear(5)) } loss { mse }
        (x: [3, 7]) -> [5] { let fc = Linear(5); (x[0] >> fc) + (x[1] >> fc) + (x[2] >> fc) } loss { mse }
        (x: [7]) -> [5] { let fc = Linear(5); (x >> fc) + ((x * x) >> fc) - (x >> Linear(5)) } loss { mse }
    }
    frozen_layers {
        (x: [7]) -> [7] { #[frozen] let a = Linear(17); let b = Linear(7); x >> a >> Gelu >> b } loss { mse }
        (x: [7]) -> [7] { let a = Linear(17); #[frozen] let b = Linear(7); x >> a >> Gelu >> b } loss { mse }
        (x: [7]) -> [7] {
            #[name = "h.0.proj"] #[frozen] let b = Linear(7);
            let a = Linear(7);
            x >> a >> b >> Tanh >> b >> a
        } loss { mse }
    }
    several_inputs {
        (x: [7], y: [17]) -> [5] { (x >> Linear(5)) * (y >> Linear(5)) } loss { mse }
        (x: [3, 5], y: [5], z: []) -> [3, 5] { (x >> Linear(5)) * y + z * (x >> Linear(5)) } loss { mse }
        (x: [4], y: [4]) -> [9] { let fc = Linear(9); concat(x >> fc, y >> fc, x >> fc)[9..18] + (x >> fc) } loss { mse }
    }
    several_outputs {
        (x: [7]) -> ([5], [3]) { let h = x >> Linear(17) >> Gelu; (h >> Linear(5), h >> Linear(3)) }
            loss { |y, z, a: [5], b: [3]| mse(y, a) + 0.5 * huber(z, b) }
        (x: [7]) -> ([5], [5], []) { let h = tanh(x >> Linear(5)); (h, h * h, sum(h)) }
            loss { |y, z, s, a: [5], c: u32| mse(y, a) * s + cross_entropy(z, c) }
        (x: [7]) -> ([4], [2, 2]) { let h = x >> Linear(4); (h, reshape(h, [2, 2])) }
            loss { |y, z, a: [4]| mse(y, a) + sum(z[0] * z[1]) }
    }
    dropout {
        (x: [17]) -> [7] { x >> Linear(33) >> Dropout(0.5) >> Linear(7) } loss { mse }
        (x: [17]) -> [7] { let h = x >> Linear(7) >> Gelu; h + (h >> Dropout(0.2)) * (h >> Dropout(0.7)) } loss { mse }
        (x: [3, 17]) -> [3, 7] { x >> Dropout(0.1) >> Linear(7) >> Dropout(0.0) >> Tanh >> Dropout(0.3) } loss { mse }
    }
}
