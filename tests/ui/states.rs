//! Wrong uses of states and of statistics over the batch.
use monograd::prelude::*;

network! {
    A(x: [4]) -> [2] {
        let mut centre = state([4], init = zeros);
        centre = 0.9 * centre + 0.1 * x;
        (x - centre) >> Linear(2)
    }
    loss mse

    B(x: [dyn T, 4]) -> [2] {
        let mut centre = state([4], init = zeros);
        let mut h = zeros([4]);
        for x_t in x {
            centre = batch_mean(x_t);
            h = h + x_t - centre;
        }
        h >> Linear(2)
    }
    loss mse

    C(x: [4]) -> [2] { let centre = state([4], init = zeros); (x - centre) >> Linear(2) } loss mse

    D(x: [4]) -> [2] {
        let mut centre = state([4], init = zeros);
        centre = batch_mean(x)[..3];
        (x - centre) >> Linear(2)
    }
    loss mse

    E(x: [4]) -> [2] {
        let fc = Linear(2);
        #[name = "fc"]
        let mut centre = state([4], init = zeros);
        centre = batch_mean(x);
        (x - centre) >> fc
    }
    loss mse

    F(x: [4]) -> [2] {
        let fc = Linear(2);
        #[name = "fc.weight"]
        let mut centre = state([4], init = zeros);
        centre = batch_mean(x);
        (x - centre) >> fc
    }
    loss mse

    G(x: [4]) -> [2] {
        let centre = state([4], init = zeros);
        centre = batch_mean(x);
        (x - centre) >> Linear(2)
    }
    loss mse

    H(x: [4]) -> [2] { x >> state([4], init = zeros) >> Linear(2) } loss mse
    I(x: [4]) -> [2] { (x - state([4], init = zeros)) >> Linear(2) } loss mse
    J(x: [4]) -> [2] {
        let mut centre = state([4]);
        centre = batch_mean(x);
        (x - centre) >> Linear(2)
    }
    loss mse

    K(x: [4]) -> [2] {
        let mut centre = state([4], init = zeros, bias = true);
        centre = batch_mean(x);
        (x - centre) >> Linear(2)
    }
    loss mse

    L(x: [dyn T, 4]) -> [T, 4] { for x_t in x { x_t >> BatchNorm1d() } } loss mse

    M(x: [4]) -> [2] {
        let norm = BatchNorm1d();
        let mut h = x;
        for _ in 0..3 {
            h = h >> norm >> Linear(4);
        }
        h >> Linear(2)
    }
    loss mse

    N(x: [4], classes: u32[4]) -> [2] {
        let mut last = state([4], init = zeros);
        last = classes;
        (x - last) >> Linear(2)
    }
    loss mse

    O(x: [4]) -> [2] { (x - batch_mean(x, least = 0)) >> Linear(2) } loss mse
    P(x: [4]) -> [2] { x >> param([4], init = ones) >> Linear(2) } loss mse
    Q(x: [4]) -> [2] { x >> BatchNorm1d(momentum = some) >> Linear(2) } loss mse
    R(x: [4]) -> [2] { x >> BatchNormalization() >> Linear(2) } loss mse
    S(x: [4]) -> [2] { x >> BatchNorm2d() >> Linear(2) } loss mse
    T(x: [4]) -> [2] { let mut n = register_buffer([4]); n = batch_mean(x); (x - n) >> Linear(2) } loss mse

    #[streaming]
    U(x: [dyn T, 4]) -> [T, 4] { (x - batch_mean(x)) >> Linear(4) } loss mse
}

fn main() {
    let mut net = A::init(1);
    println!("{}", A::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 2], &mut Sgd::new(0.1));
}
// mistakes: 21
