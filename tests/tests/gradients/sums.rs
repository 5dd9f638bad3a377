//! Compares long sums in `f32`, in the forward pass and in gradients, with the same network in `f64`.

use monograd::prelude::*;

network! {
    Mean(x: [dyn T, 3]) -> [3] { mean(x, axis = 0) }

    /// The gradient of `w` is a sum over the rows of a sample, that of `v` a sum over its elements.
    Rows(x: [dyn T, 3]) -> [T, 3] {
        let w = param([3], init = 1.0);
        let v = param([1], init = 1.0);
        x * w * v
    }
    loss |y, target: [T, 3]| mean(y * target)

    Products(x: [dyn T, 3]) -> [T, 3] { x >> Linear(3, init = ones) }
    loss |y, target: [T, 3]| mean(y * target)

    /// Every iteration adds to the gradients.
    Steps(x: [dyn T, 3]) -> [T, 3] {
        let w = param([3], init = 0.5);
        let v = param([1], init = 0.5);
        let mut h = zeros([3]);
        for x_t in x { h = w * x_t + 0.01 * h + v; h }
    }
    loss |y, target: [T, 3]| mean(y * target)

    InGroups(x: [dyn T, 3]) -> [T, 3] {
        let w = param([3], init = 0.5);
        let hh = Linear(3, init = constant(0.001));
        let mut h = zeros([3]);
        #[truncate(50)]
        for x_t in x { h = w * x_t + (h >> hh); h }
    }
    loss |y, target: [T, 3]| mean(y * target)
}

fn error(actual: f32, exact: f64) -> f64 {
    (f64::from(actual) / exact - 1.0).abs()
}

#[test]
fn the_mean_of_a_million_rows() {
    let x = Tensor::full([1, 1_000_000, 3], 0.1_f32);
    let y = Mean::init(1).forward(&x).unwrap();
    for y in y.as_slice() {
        assert!(error(*y, f64::from(0.1_f32)) < 6e-7, "{y}");
    }
}

macro_rules! gradients {
    ($($test:ident $net:ident $rows:literal $within:literal;)*) => {$(
        #[test]
        fn $test() {
            let net = $net::init(1);
            let x = Tensor::full([1, $rows, 3], 0.1_f32);
            let target = Tensor::full([1, $rows, 3], 1.0_f32);
            let (loss, gradients) = net.gradients(&x, &target).unwrap();
            let x = Tensor::full([1, $rows, 3], f64::from(0.1_f32));
            let target = Tensor::full([1, $rows, 3], 1.0_f64);
            let (exact, others) = net.cast::<f64>().gradients(&x, &target).unwrap();
            assert!(error(loss, exact) < 2e-6, "the loss is {loss}, not {exact}");
            for (a, b) in gradients.iter().zip(others.iter()) {
                for (a_i, b_i) in a.as_slice().iter().zip(b.as_slice()) {
                    assert!(error(*a_i, *b_i) < $within, "{}: {a_i}, not {b_i}", a.name());
                }
            }
        }
    )*};
}

gradients! {
    weights_of_rows Rows 1_000_000 2e-6;
    weights_of_products Products 300_000 2e-6;
    weights_of_a_recurrence Steps 30_000 2e-6;
    // the groups' products are added to the gradient in place, one after the other
    weights_of_a_truncated_recurrence InGroups 30_000 1e-5;
}
