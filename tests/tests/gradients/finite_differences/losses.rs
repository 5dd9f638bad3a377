//! Every loss with its options, and custom losses.

use monograd_tests::gradients;

gradients! {
    distances {
        (x: [7]) -> [17] { x >> Linear(17) } loss { mse }
        (x: [7]) -> [] { sum(x >> Linear(17)) } loss { mse }
        (x: [7]) -> [3, 5] { reshape(x >> Linear(15), [3, 5]) } loss { l1 }
        (x: [7]) -> [17] { x >> Linear(17) } loss { huber }
        (x: [7]) -> [17] { x >> Linear(17) } loss { huber(delta = 0.3) }
        (x: [7]) -> [17] { x >> Linear(17) } loss { smooth_l1 }
        (x: [7]) -> [1] { x >> Linear(1) } loss { smooth_l1(beta = 0.5) }
    }
    binary_cross_entropy {
        (x: [7]) -> [17] { 5.0 * (x >> Linear(17)) } loss { bce_with_logits }
        (x: [7]) -> [] { sum(x >> Linear(1)) } loss { bce_with_logits }
    }
    cross_entropies {
        (x: [7]) -> [10] { 3.0 * (x >> Linear(10)) } loss { cross_entropy }
        (x: [7]) -> [2] { x >> Linear(2) } loss { cross_entropy(label_smoothing = 0.1) }
        (x: [7]) -> [5] { x >> Linear(5) } loss { cross_entropy(weight = [0.5, 1.0, 2.0, 0.1, 3.0]) }
        (x: [7]) -> [5] { x >> Linear(5) } loss { cross_entropy(ignore_index = 2) }
        (x: [7]) -> [5] { x >> Linear(5) } loss {
            cross_entropy(ignore_index = -1, label_smoothing = 0.3, weight = [0.5, 1.0, 2.0, 0.1, 3.0])
        }
        (x: [3, 7]) -> [3, 17] { x >> Linear(17) } loss { cross_entropy(label_smoothing = 0.2) }
        (x: [2, 3, 7]) -> [2, 3, 5] { x >> Linear(5) } loss { cross_entropy(ignore_index = 1) }
    }
    losses_of_ones_own {
        (x: [7]) -> [17] { x >> Linear(17) } loss { |y, target: [17]| mean(abs(y - target) * exp(-abs(y))) }
        (x: [7]) -> [17] { x >> Linear(17) } loss { |y, a: [17], b: [17]| mse(y, a) * l1(y, b) + smooth_l1(y, a) }
        (x: [7]) -> [17] { x >> Linear(17) } loss { |y, c: u32, w: []| cross_entropy(y, c) * (1.0 + w * w) }
        (x: [7]) -> [17] { x >> Linear(17) } loss { |y, c: u32| cross_entropy(y, c, label_smoothing = 0.1) + 0.01 * sum(y * y) }
        (x: [3, 7]) -> [3, 5] { x >> Linear(5) } loss { |y, c: u32[3], d: u32| cross_entropy(y, c) * 0.5 + cross_entropy(y[1], d) * cross_entropy(y[2], d) }
        (x: [7]) -> [5] { x >> Linear(5) } loss { |y, t: [5]| -sum(softmax(t) * log_softmax(y)) }
    }
}
