//! More elementwise functions, and user-defined functions.

use monograd::prelude::*;
use monograd_tests::differences::check;
use monograd_tests::gradients;

gradients! {
    of_every_element {
        (x: [7]) -> [17] { let h = square(x >> Linear(17)) + 0.2; log2(h) + reciprocal(h) - log10(h + 1.0) } loss { mse }
        (x: [7]) -> [17] { let h = 0.5 * (x >> Linear(17)); tan(h) + atan(3.0 * h) + exp2(h) } loss { mse }
        (x: [7]) -> [17] { let h = x >> Linear(17); sinh(h) * cosh(h) } loss { mse }
        (x: [7]) -> [7] { let h = x >> Linear(7); h * floor(x) + h * ceil(2.0 * x) - h * round(x) } loss { mse }
    }
}

fn snake<N: Number>(x: N) -> N {
    x + x.sin() * x.sin()
}

/// A user-defined function of two values: a gate with a leak.
fn gate<N: Number>(x: N, g: N) -> N {
    let open = g.sigmoid() * N::constant(0.9) + N::constant(0.1);
    if x > N::constant(0.0) { x * open } else { x * open * open }
}

mod own {
    use super::Number;

    pub fn mix<N: Number>(a: N, b: N, share: N) -> N {
        share * a + (N::constant(1.0) - share) * b
    }
}

network! {
    Own(x: [7]) -> [5] {
        let h = x >> Linear(5);
        let snake = snake(h);
        let share = sigmoid(x >> Linear(1));
        own::mix(gate(h, snake), self::snake(2.0 * h), share)
    }
    loss mse
}

#[test]
fn functions_of_ones_own() {
    check::<Own<f64>>("functions of one's own", Own::init(3).cast());
}
