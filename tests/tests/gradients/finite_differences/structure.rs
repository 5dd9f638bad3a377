//! Operations that move, sum and broadcast elements.

use monograd_tests::gradients;

gradients! {
    sums_and_means {
        (x: [7]) -> [17] { let h = x >> Linear(17); h * sum(h) - mean(h * h) } loss { mse }
        (x: [7]) -> [] { sum(square(x >> Linear(33))) } loss { mse }
        (x: [7]) -> [17] { let h = exp(x >> Linear(17)); h / sum(h) } loss { mse }
        (x: [3, 5]) -> [3, 7] { let h = x >> Linear(7); (h - mean(h)) * rsqrt(mean(square(h - mean(h))) + 0.01) } loss { mse }
    }
    softmax_of_odd_sizes {
        (x: [7]) -> [1] { let h = x >> Linear(1); softmax(h) * h } loss { mse }
        (x: [7]) -> [17] { softmax(3.0 * (x >> Linear(17))) >> Linear(17) } loss { mse }
        (x: [3, 7]) -> [3, 33] { softmax(x >> Linear(33)) * 10.0 } loss { mse }
        (x: [7]) -> [17] { log_softmax(3.0 * (x >> Linear(17))) >> Linear(17) } loss { mse }
        (x: [2, 3, 7]) -> [2, 3, 5] { let h = x >> Linear(5); log_softmax(h) * softmax(h) + h } loss { mse }
    }
    reshapes {
        (x: [12]) -> [3, 8] { reshape(reshape(x >> Linear(24), [4, 6]) >> Linear(6), [3, 8]) } loss { mse }
        (x: [3, 4]) -> [5] { tanh(x >> Linear(7)) >> Flatten() >> Linear(5) } loss { mse }
        (x: [4]) -> [2, 3] { let h = reshape(x >> Linear(6), [2, 3]); h * reshape(h, [2, 3]) + softmax(h) } loss { mse }
        (x: [4]) -> [6] { let h = tanh(x >> Linear(6)); let m = reshape(h, [2, 3]) >> Linear(3); h + reshape(m, [6]) } loss { mse }
    }
    slices_of_every_axis {
        (x: [9]) -> [4] { let h = x >> Linear(9); h[1..5] * h[5..9] } loss { mse }
        (x: [3, 7]) -> [7] { let h = x >> Linear(7); h[0] + h[1] * h[2] } loss { mse }
        (x: [3, 7]) -> [3, 2] { let h = tanh(x >> Linear(7)); h[0..3, 2..4] - h[.., 5..7] } loss { mse }
        (x: [3, 5, 7]) -> [3, 7] { let h = x >> Linear(7); h[.., 1] * h[.., 4] } loss { mse }
        (x: [3, 5, 7]) -> [3, 5] { let h = x >> Linear(7); h[.., .., 0] - h[.., .., 6] * h[.., .., 3] } loss { mse }
        (x: [3, 5, 7]) -> [] { let h = x >> Linear(7); h[1, 2, 3] * h[2, 4, 6] } loss { mse }
        (x: [3, 5, 7]) -> [2, 3, 4] { let h = x >> Linear(7); h[1..3, 2..5, 3..7] } loss { mse }
    }
    parts_read_and_written_in_place {
        (x: [3, 7]) -> [3, 17] { let (i, f, g, o) = split(x >> Linear(68), 4, axis = 1); sigmoid(o) * tanh(sigmoid(f) * g + sigmoid(i)) } loss { mse }
        (x: [7, 5]) -> [7, 4] { let (q, k, v) = split(x >> Linear(12), 3, axis = 1); matmul(softmax(matmul(q, transpose(k))), v) } loss { mse }
        (x: [7, 5]) -> [7, 6] {
            let (q, k, v) = split(x >> Linear(18), 3, axis = 1);
            let (q, k, v) = (reshape(q, [7, 2, 3]), reshape(k, [7, 2, 3]), reshape(v, [7, 2, 3]));
            let scores = matmul(transpose(q, 0, 1), transpose(transpose(k, 0, 1)));
            reshape(transpose(matmul(softmax(scores), transpose(v, 0, 1)), 0, 1), [7, 6])
        } loss { mse }
        (x: [3]) -> [34] { let (a, b) = split(x >> Linear(34), 2); concat(0.6 * a - 0.8 * b, 0.8 * a + 0.6 * b) } loss { mse }
        (x: [4, 3]) -> [4, 7] { let h = x >> Linear(7); let (a, b) = split(h, 2); h * concat(-b, a) + concat(tanh(a), sin(b)) } loss { mse }
        (x: [3, 2]) -> [3, 33] { let h = concat(sin(x >> Linear(16)), exp(x[.., ..1]), tanh(x >> Linear(16)), axis = 1); h * h[0] } loss { mse }
        (x: [2, 3, 4]) -> [3, 4] { let h = tanh(x >> Linear(4)); let m = concat(h[1, .., 2..], h[0, .., ..2], axis = -1); m * h[0] + m[.., 1..2] } loss { mse }
        (x: [5]) -> [4] { let p = param([9, 4], init = normal(1)); (x >> Linear(4)) * p[2] + sum(tanh(p[3..5, 1..3])) } loss { mse }
    }
    concats_along_every_axis {
        (x: [7]) -> [11] { let h = x >> Linear(4); concat(h, x, exp(h)[1..4])[3..14] >> Linear(11) } loss { mse }
        (x: [3, 5]) -> [7, 2] { concat(x >> Linear(2), tanh(x[0..1] >> Linear(2)), x >> Linear(2)) } loss { mse }
        (x: [3, 5]) -> [3, 9] { let h = x >> Linear(4); concat(h, x, axis = 1) >> Linear(9) } loss { mse }
        (x: [2, 3, 5]) -> [2, 6, 4] { let h = x >> Linear(4); concat(h, h * h, axis = -2) } loss { mse }
        (x: [2, 3, 5]) -> [2, 3, 8] { let h = x >> Linear(4); concat(tanh(h), h, axis = -1) } loss { mse }
    }
    broadcasts {
        (x: [7]) -> [17] { let h = x >> Linear(17); h / (1.0 + sum(abs(h))) } loss { mse }
        (x: [3, 5]) -> [3, 4] { let h = x >> Linear(4); h * h[0] } loss { mse }
        (x: [3, 5]) -> [3, 4] { let h = x >> Linear(4); let g = reshape(sigmoid(x >> Linear(1)), [3, 1]); h * g + g } loss { mse }
        (x: [3, 5]) -> [3, 4] { let a = reshape(x[.., 0] >> Linear(3), [3, 1]); let b = x[0] >> Linear(4); a * b - b / (2.0 + square(a)) } loss { mse }
        (x: [2, 5]) -> [2, 3, 4] { let a = reshape(x >> Linear(4), [2, 1, 4]); let b = reshape(x[1] >> Linear(3), [3, 1]); a * b + a[0..1, .., 0..1] } loss { mse }
        (x: [2, 3]) -> [2, 1, 5] { let a = reshape(x >> Linear(5), [2, 1, 5]); a * sum(a) } loss { mse }
        (x: [7]) -> [5] { let s = sum(x >> Linear(3)); let h = x >> Linear(5); maximum(s, h) + minimum(h * 2.0, s) } loss { mse }
    }
}
