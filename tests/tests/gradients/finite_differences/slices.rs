//! Slices that are read in place, and gradients that are assembled from parts: along the last axis, and
//! along a middle one.

use monograd_tests::gradients;

gradients! {
    softmax_of_slices {
        (x: [6, 5]) -> [6, 7] { let (a, b, c) = split(x >> Linear(21), 3, axis = 1); softmax(a) * log_softmax(b) + c } loss { mse }
        (x: [7, 3]) -> [3, 5] { let h = x >> Linear(5); softmax(h[1..4], axis = 0) * h[4..7] + log_softmax(h[3..6], axis = 0) } loss { mse }
        (x: [2, 6, 3]) -> [2, 3, 7] { let (a, b) = split(x >> Linear(7), 2, axis = 1); softmax(a, axis = 1) * log_softmax(b, axis = 1) + a * b } loss { mse }
        (x: [2, 6, 3]) -> [2, 6] { let (a, b) = split(x >> Linear(12), 2, axis = 2); softmax(a)[.., 2] * log_softmax(b)[.., 3] } loss { mse }
    }
    softmax_of_parts_of_others {
        (x: [5]) -> [10] { let h = x >> Linear(5); let c = concat(h, tanh(x)); c * concat(x, softmax(h)) } loss { mse }
        (x: [3, 5]) -> [3, 10] { let h = x >> Linear(5); let c = concat(h, sin(h), axis = 1); let s = softmax(h); concat(s, log_softmax(h), axis = 1) * c } loss { mse }
        (x: [4, 3]) -> [8, 5] { let h = x >> Linear(5); let s = concat(h, softmax(h, axis = 0)); s * tanh(concat(softmax(s[..4], axis = 0), h)) } loss { mse }
    }
    reductions_of_slices {
        (x: [6, 5]) -> [6] { let (a, b, c) = split(x >> Linear(21), 3, axis = 1); sum(a * a, axis = 1) * mean(b, axis = 1) + sum(c, axis = 1) } loss { mse }
        (x: [6, 5]) -> [6] { let (a, b, c) = split(x >> Linear(21), 3, axis = 1); max(a, axis = 1) * logsumexp(b, axis = 1) + min(c, axis = 1) } loss { mse }
        (x: [7, 3]) -> [5] { let h = x >> Linear(5); sum(h[..3], axis = 0) * mean(h[2..6], axis = 0) + max(h[1..4], axis = 0) } loss { mse }
        (x: [2, 6, 3]) -> [2, 7] { let (a, b) = split(x >> Linear(7), 2, axis = 1); logsumexp(a, axis = 1) - min(b, axis = 1) * mean(a, axis = 1) } loss { mse }
        (x: [3, 5]) -> [4] { let h = x >> Linear(4); h[1] * sum(h[1..]) + max(h[..2], axis = 0) } loss { mse }
        (x: [5]) -> [4] { let p = param([9, 4], init = normal(1)); let q = param([4, 9], init = normal(1)); (x >> Linear(4)) * sum(p[2..7], axis = 0) + sum(q[.., 2..5], axis = 1) + logsumexp(q[1..3], axis = 1)[0] } loss { mse }
    }
    gradients_of_reductions_as_slices {
        (x: [3, 5]) -> [3, 3] { let h = x >> Linear(7); concat(max(h, axis = 1, keep = true), logsumexp(h, axis = 1, keep = true), sum(h, axis = 1, keep = true), axis = 1) } loss { mse }
        (x: [3, 5]) -> [3, 7] { let h = x >> Linear(7); concat(max(h, axis = 0, keep = true), logsumexp(h, axis = 0, keep = true), mean(h, axis = 0, keep = true)) } loss { mse }
        (x: [6, 4]) -> [6, 4] { let h = x >> Linear(4); let m = mean(h * x, axis = 1, keep = true); let c = concat(h, x * m, axis = 1); c[.., ..4] * c[.., 4..] } loss { mse }
    }
    rows_of_parts_of_others {
        (x: [6, 4]) -> [12, 4] { let h = softmax(x >> Linear(4, bias = false), axis = 0); let m = mean(h * x, axis = 1, keep = true); concat(h, x * m) } loss { mse }
        (x: [6, 4]) -> [6, 5] { let s = max(x >> Linear(4), axis = 1, keep = true); let m = sum(s * x, axis = 1, keep = true); concat(s, x * m, axis = 1) } loss { mse }
        (x: [6, 4]) -> [6, 8] { let h = log_softmax(x >> Linear(4)); let m = mean(h[.., 1..] * x[.., 1..], axis = 1, keep = true); concat(x * m, h, axis = 1) } loss { mse }
    }
    running_sums_of_slices {
        (x: [3, 5]) -> [3, 7] { let (a, b) = split(x >> Linear(14), 2, axis = 1); cumsum(a, axis = 1) * b + cumsum(b, axis = 1) } loss { mse }
        (x: [7, 3]) -> [3, 5] { let h = x >> Linear(5); cumsum(h[1..4], axis = 0) * h[4..] } loss { mse }
        (x: [3, 5]) -> [3, 8] { let h = x >> Linear(4); let c = concat(h, cumsum(h, axis = 1), axis = 1); c * cumsum(c, axis = 1) } loss { mse }
    }
    rows_of_slices {
        (x: [6, 5]) -> [6, 7] { let (a, b) = split(x >> Linear(14), 2, axis = 1); let m = a - mean(a, axis = 1, keep = true); m * rsqrt(mean(m * m, axis = 1, keep = true) + 0.1) * b } loss { mse }
        (x: [6, 5]) -> [6, 7] { let (a, b) = split(x >> Linear(14), 2, axis = 1); exp(a - max(a, axis = 1, keep = true)) * sum(a * b, axis = 1, keep = true) } loss { mse }
        (x: [4, 5]) -> [2, 7] { let h = x >> Linear(7); let (a, b) = (reshape(h[..2], [14]), reshape(h[2..], [14])); reshape((a - mean(a)) * b, [2, 7]) * sum(h[1..3]) } loss { mse }
        (x: [2, 6, 3]) -> [2, 6, 5] { let h = x >> Linear(15); let (a, b, c) = split(h, 3, axis = 2); a - logsumexp(sin(a) + b, axis = 2, keep = true) * mean(c * b, axis = 2, keep = true) } loss { mse }
    }
    other_readers_of_slices {
        (x: [3, 5]) -> [3, 9] { let (a, b) = split(x >> Linear(14), 2, axis = 1); pad(a, [(0, 0), (1, 1)], value = 0.5) * pad(b, [(0, 0), (2, 0)]) } loss { mse }
        (x: [7, 3]) -> [6, 5] { let h = x >> Linear(5); pad(h[1..4], [(1, 2), (0, 0)], value = 0.5) * concat(h[4..], h[..2], h[2..3]) } loss { mse }
        (x: [3, 5]) -> [3, 7] { let (a, b) = split(x >> Linear(14), 2, axis = 1); (a >> Dropout(0.3)) * a + concat(b[.., 3..], sin(a)[.., ..3], axis = 1) * b } loss { mse }
        (x: [5, 3]) -> [5, 5] { let (a, b) = split(x >> Linear(10), 2, axis = 1); tril(a) * a + triu(b) * tanh(a) } loss { mse }
        (x: [3, 5]) -> [3, 4] { let (a, b) = split(x >> Linear(14), 2, axis = 1); a[.., (..).rev().step_by(2)] * b[.., (..).step_by(2)] + a[.., 3..] } loss { mse }
        (x: [7, 3]) -> [4, 5] { let h = x >> Linear(5); concat(h[1..4][(..).rev().step_by(2)], h[3..][(..).step_by(3)]) * h[..4] } loss { mse }
        (x: [5, 3], i: u32[4]) -> [4, 9] { let h = x >> Linear(5); concat(gather(h, i), h[..4, ..4] * h[1.., 1..], axis = 1) } loss { mse }
    }
    losses_of_slices {
        (x: [6, 5]) -> [6, 14] { x >> Linear(14) } loss { |out, c: u32[6], d: u32[6]| cross_entropy(out[.., ..7], c) + cross_entropy(out[.., 7..], d, label_smoothing = 0.2) }
        (x: [4]) -> [17] { x >> Linear(17) } loss { |out, c: u32| cross_entropy(out[2..12], c) + 0.1 * sum(out * out) }
    }
}
