//! Every activation, with its derivative computed from the output or from the input, and a user-defined
//! one.

use monograd::prelude::*;
use monograd_tests::differences::check;

network! {
    /// An activation between layers, alone and inside arithmetic.
    Between<A: Activation, const H: usize = 17>(x: [7]) -> [7] {
        let h = x >> Linear(H) >> A;
        let k = A(2.0 * h - 0.3) >> Linear(7);
        A(k) * k + x
    }
    loss mse
}

#[derive(Clone, Copy, Default)]
struct Snake;
impl Activation for Snake {
    fn forward<N: Number>(x: N) -> N {
        x + x.sin() * x.sin()
    }
}

macro_rules! every {
    ($($A:ident)*) => {
        #[test]
        fn every_activation() {
            $(
                check::<Between<$A, 17, f64>>(stringify!($A), Between::<$A, 17>::init(5).cast());
            )*
        }
    };
}
every! {
    Relu LeakyRelu Elu Selu Sigmoid HardSigmoid Tanh Softplus Gelu GeluTanh Silu Swish Mish
    HardSwish Identity Snake
}

network! {
    /// Two activations of one value, and one whose output is not used elsewhere.
    Both<A: Activation, B: Activation>(x: [7]) -> [33] {
        let h = x >> Linear(33);
        let a = A(h);
        let b = B(h);
        let c = A(b) >> Linear(33);
        a * b + c
    }
    loss l1
}

#[test]
fn two_activations_of_one_value() {
    check::<Both<Tanh, Gelu, f64>>("tanh, gelu", Both::<Tanh, Gelu>::init(1).cast());
    check::<Both<Gelu, Tanh, f64>>("gelu, tanh", Both::<Gelu, Tanh>::init(2).cast());
    check::<Both<Sigmoid, Sigmoid, f64>>("sigmoid", Both::<Sigmoid, Sigmoid>::init(3).cast());
    check::<Both<Silu, Mish, f64>>("silu, mish", Both::<Silu, Mish>::init(4).cast());
}
