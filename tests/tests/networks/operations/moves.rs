//! Splits, stacks, slices with steps, padding, rolls, repetitions and lookups.

use monograd_tests::gradients;

gradients! {
    splits {
        (x: [7]) -> [3] { let (a, b, c) = split(x >> Linear(9), 3); a * b - c } loss { mse }
        (x: [3, 5]) -> [3, 2] { let (a, b) = chunk(x >> Linear(4), 2, axis = -1); a * sigmoid(b) } loss { mse }
        (x: [6, 5]) -> [1, 5] { let (a, b, c) = split(x >> Linear(5), [1, 2, 3]); a * b[0..1] * c[2..3] } loss { mse }
    }
    stacks {
        (x: [7]) -> [2, 5] { let h = x >> Linear(5); stack(h, tanh(h)) } loss { mse }
        (x: [3, 7]) -> [3, 5, 3] { let h = x >> Linear(5); stack(h, tanh(h), x[.., 0..5], axis = -1) } loss { mse }
        (x: [7]) -> [3] { let h = x >> Linear(5); stack(sum(h), h[0], h[-1] * h[1]) } loss { mse }
    }
    steps {
        (x: [17]) -> [6] { let h = x >> Linear(17); h[(1..17).step_by(3)] * h[11..] } loss { mse }
        (x: [3, 7]) -> [2, 4] { let h = x >> Linear(7); h[(..).rev().step_by(2), (..).step_by(2)] } loss { mse }
        (x: [7, 3]) -> [7, 3] { let h = x >> Linear(3); flip(h) * h + flip(tanh(h), axis = 1) } loss { mse }
        (x: [7]) -> [3] { let h = x >> Linear(7); h[-3..] * h[1..-3] } loss { mse }
    }
    borders {
        (x: [7]) -> [10] { tanh(pad(x >> Linear(7), [(1, 2)], value = 0.5)) >> Linear(10) } loss { mse }
        (x: [3, 5]) -> [4, 8] { let h = pad(x >> Linear(5), [(0, 1), (2, 1)]); h * h + h } loss { mse }
    }
    iterations {
        (x: [7]) -> [7] { let h = x >> Linear(7); roll(h, 2) * h - roll(h, -1) } loss { mse }
        (x: [3, 5]) -> [3, 5] { let h = x >> Linear(5); roll(h, 1, axis = 1) * roll(h, 2) } loss { mse }
    }
    repetitions {
        (x: [3]) -> [9] { let h = x >> Linear(3); repeat(h, 3) * repeat(tanh(h), 3) } loss { mse }
        (x: [3, 2]) -> [3, 6] { let h = x >> Linear(2); repeat(h, 3, axis = 1) * concat(h, tanh(h), h, axis = 1) } loss { mse }
        (x: [3]) -> [5, 3] { let h = x >> Linear(3); expand(h, [5, 3]) * expand(reshape(h, [1, 3]), [5, 3]) * reshape(range(5), [5, 1]) } loss { mse }
    }
    lookups {
        (x: [5, 3], i: u32[7]) -> [7, 3] { let table = x >> Linear(3); gather(table, i) * table[0] } loss { mse }
        (x: [33], i: u32[2, 3]) -> [2, 3, 7] { let table = reshape(x >> Linear(77), [11, 7]); tanh(gather(table, i)) } loss { mse }
        (x: [7], i: u32) -> [5] { let h = x >> Linear(5); h * one_hot(i, 5) + h } loss { mse }
    }
}
