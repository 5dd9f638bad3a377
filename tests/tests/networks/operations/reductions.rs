//! Reductions over one axis, several axes, and all axes.

use monograd_tests::gradients;

gradients! {
    sums_over_axes {
        (x: [3, 5, 7]) -> [3, 7] { sum(tanh(x >> Linear(7)), axis = 1) } loss { mse }
        (x: [3, 7]) -> [3, 5] { let h = x >> Linear(5); h - mean(h, axis = -1, keep = true) * mean(h * h, dim = 0) } loss { mse }
        (x: [3, 5, 7]) -> [5] { let h = x >> Linear(7); sum(h * h, axis = [0, 2]) - sum(h, axis = [-1, 0]) } loss { mse }
    }
    variances {
        (x: [17]) -> [17] { let h = x >> Linear(17); (h - mean(h)) / std(h) } loss { mse }
        (x: [3, 5]) -> [3, 1] { let h = x >> Linear(7); var(h, axis = 1, keepdim = true, correction = 0) } loss { mse }
    }
    normalisations_by_hand {
        (x: [3, 5]) -> [3, 33] { let h = x >> Linear(33); let c = h - mean(h, axis = -1, keep = true); c * rsqrt(mean(c * c, axis = -1, keep = true) + 0.01) * param([33], init = normal(1.0)) + param([33], init = zeros) } loss { mse }
        (x: [3, 5]) -> [3, 17] { let h = tanh(x >> Linear(17)); let r = h * rsqrt(mean(h * h, axis = -1, keep = true) + 0.01); h + r * sum(h * x[0, 0], axis = -1, keep = true) } loss { mse }
        (x: [7, 5]) -> [7, 17] { let h = x >> Linear(17); let e = exp(h - max(h, axis = -1, keep = true)); 5.0 * e / sum(e, axis = -1, keep = true) } loss { mse }
        (x: [7, 5]) -> [7, 1] { let h = x >> Linear(1); h - logsumexp(h * x[0], axis = -1, keep = true) * mean(h, axis = -1, keep = true) } loss { mse }
        (x: [6, 7]) -> [6, 7] { let h = reshape(x >> Linear(7), [3, 14]); reshape((h - mean(h, axis = 1, keep = true)) / sqrt(0.1 + var(h, axis = 1, keep = true)), [6, 7]) } loss { mse }
    }
    deviations {
        (x: [3, 5]) -> [3] { std(x >> Linear(33), axis = 1) } loss { mse }
        (x: [3, 5]) -> [7] { let h = x >> Linear(7); std(h, axis = 0) * std(h, correction = 0) } loss { mse }
        (x: [3, 5, 7]) -> [5] { std(x >> Linear(7), axis = [0, 2]) } loss { mse }
    }
    norms {
        (x: [3, 7]) -> [3] { norm(x >> Linear(17), axis = 1) } loss { mse }
        (x: [3, 7]) -> [33] { let h = x >> Linear(33); norm(h, axis = 0) * norm(h, p = 3) } loss { mse }
        (x: [3, 5, 7]) -> [5] { let h = x >> Linear(7); norm(h, axis = [0, 2]) + norm(h, axis = [0, 2], p = 1) } loss { mse }
        (x: [3, 7]) -> [3] { let h = x >> Linear(5); norm(h, axis = 1, p = inf) - norm(abs(h) + 0.1, axis = 1, p = 0.5) } loss { mse }
        (x: [3, 7]) -> [3, 5] { let h = x >> Linear(5); normalize(h) * normalize(h, axis = 0, p = 1, eps = 0.1) } loss { mse }
        (x: [3, 7]) -> [3] { let h = x >> Linear(5); cosine_similarity(h, h[1] * h + 0.5) } loss { mse }
        (x: [3, 7]) -> [5] { let h = x >> Linear(5); cosine_similarity(h, param([3, 5], init = normal(1.0)), axis = 0) } loss { mse }
    }
    extremes {
        (x: [7]) -> [] { let h = x >> Linear(33); max(h) * min(h) } loss { mse }
        (x: [3, 5, 7]) -> [3, 7] { let h = x >> Linear(7); max(h, axis = 1) * min(h, axis = -2) } loss { mse }
        (x: [3, 5, 7]) -> [5, 1] { let h = x >> Linear(7); max(h, axis = [0, 2], keep = true)[0] + min(h, axis = [1, 2])[0] } loss { mse }
        (x: [3, 5]) -> [3] { let h = x >> Linear(5); sum(h, axis = 1) * argmax(x, axis = 1) - argmin(h, axis = 0)[0..3] } loss { mse }
    }
    logarithms_of_sums {
        (x: [3, 7]) -> [3] { logsumexp(2.0 * (x >> Linear(17)), axis = 1) } loss { mse }
        (x: [3, 7]) -> [17] { logsumexp(2.0 * (x >> Linear(17)), axis = 0) } loss { mse }
        (x: [3, 7]) -> [] { logsumexp(x >> Linear(5)) } loss { mse }
    }
    along_an_axis {
        (x: [3, 5, 7]) -> [3, 5, 7] { 3.0 * softmax(2.0 * tanh(x >> Linear(7)), axis = 1) } loss { mse }
        (x: [3, 5]) -> [3, 7] { let h = tanh(x >> Linear(7)); log_softmax(h, axis = 0) * softmax(h, dim = 0) } loss { mse }
        (x: [5, 3]) -> [5, 7] { let h = x >> Linear(7); cumsum(h) * cumsum(h, axis = 1) } loss { mse }
    }
}
