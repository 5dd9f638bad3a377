//! Sizes are calculated with four operators; what is meant by anything else is said in full.
use monograd::prelude::*;

network! {
    A<const D: usize = 4>(x: [D]) -> [D.pow(2)] { x } loss mse
    B<const D: usize>(x: [D]) -> [D % 3] { x }
    C<const D: usize>(x: [D]) -> [sqrt(D)] { x }
    E<const D: usize>(x: [D]) -> [D ** 3] { x }
    F<const D: usize>(x: [D]) -> [2 * D ^ 2] { x }
    G<const D: usize>(x: [D]) -> [D << 2] { x }
    H<const D: usize>(x: [D]) -> [max(D, 2)] { x }
    I<const D: usize>(x: [D]) -> [D as usize] { x }
    J<const D: usize>(x: [D]) -> [x.len()] { x }
    K<const D: usize>(x: [D]) -> [D > 2] { x }
    L(x: [_, 4]) -> [4] { x }
    M(x: [?, 4]) -> [4] { x }
    N(x: [.., 4]) -> [4] { x }
    O(x: [:, 4]) -> [4] { x }
    P(x: [None, 4]) -> [4] { x }
    Q(x: [18446744073709551616]) -> [4] { x }
    R(x: [4.0]) -> [4] { x }
    S(x: [4]) -> [3] { x >> Linear(3.0) }
    T(x: [4]) -> [4] { x >> Linear(width) }
    U(x: [4]) -> [2, 2] { reshape(x, [2, -1]) }
    V(x: [4]) -> [1000] { x >> Linear(1e3) }
    pub X(x: [4]) -> [4] { x >> Linear(4) } loss mse
    W<const D: usize>(x: [D]) -> [D] { x >> Linear(D.pow(2)) >> Linear(D % 3) >> Linear(D) }
}

fn main() {
    let mut net = X::init(1);
    println!("{}", X::summary());
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 23
