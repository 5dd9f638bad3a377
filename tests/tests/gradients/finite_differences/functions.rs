//! Elementwise functions and arithmetic, each after a layer.

use monograd_tests::gradients;

gradients! {
    exponentials {
        (x: [7]) -> [17] { let h = x >> Linear(17); exp(h) + expm1(0.5 * h) } loss { mse }
        (x: [7]) -> [17] { let h = x >> Linear(17); sigmoid(h) - softplus(h) } loss { mse }
        (x: [7]) -> [1] { let h = x >> Linear(1); tanh(h) * erf(h) } loss { mse }
    }
    logarithms {
        (x: [7]) -> [33] { let h = x >> Linear(33); log(0.5 + h * h) } loss { mse }
        (x: [7]) -> [33] { let h = x >> Linear(33); log1p(square(h)) } loss { mse }
    }
    roots_and_powers {
        (x: [7]) -> [17] { let h = square(x >> Linear(17)) + 0.1; sqrt(h) + rsqrt(h) } loss { mse }
        (x: [7]) -> [17] { let h = square(x >> Linear(17)) + 0.1; pow(h, 1.5) - pow(h, -0.7) } loss { mse }
        (x: [7]) -> [17] { let h = x >> Linear(17); pow(h, 3.0) + pow(h, 2) - pow(h, 1) * pow(h, 0) } loss { mse }
    }
    circles {
        (x: [7]) -> [17] { let h = x >> Linear(17); sin(3.0 * h) * cos(h) } loss { mse }
    }
    corners {
        (x: [7]) -> [17] { let h = x >> Linear(17); abs(h) + h * sign(h - 0.1) } loss { mse }
        (x: [7]) -> [17] { let h = x >> Linear(17); maximum(h, x >> Linear(17)) } loss { mse }
        (x: [7]) -> [17] { let h = x >> Linear(17); minimum(h, 0.2) * maximum(0.1, h) } loss { mse }
        (x: [7]) -> [17] { let h = x >> Linear(17); clamp(h, -0.3, 0.4) } loss { mse }
    }
    arithmetic {
        (x: [7]) -> [17] { let h = x >> Linear(17); -h * h + (1.0 - h) / (2.0 + h * h) } loss { mse }
        (x: [7]) -> [17] { let h = x >> Linear(17); let k = x >> Linear(17); h / (1.0 + square(k)) - k } loss { mse }
        (x: [7]) -> [7] { let h = x >> Linear(7); x * h - 3.0 / (4.0 + h) + h - h / 2.0 } loss { mse }
    }
}
