//! Functions of one's own under names that generated code might use, in all that a network is.

use monograd::prelude::*;

fn x0<N: Number>(x0: N, x1: N) -> N {
    x0 * x1
}

fn own<S: Number>(x: S) -> S {
    x + x
}

mod other {
    use monograd::Number;

    pub fn x0<T: Number>(x: T) -> T {
        x.sin()
    }
}

network! {
    pub Inner<const N: usize>(x: [N]) -> [N] { self::x0(x, other::x0(x)) }

    #[streaming]
    pub Outer<A: Activation, const N: usize>(x: [dyn T, N]) -> [T, N] {
        for x_t in x { own(x_t >> Linear(N) >> A) + (x_t >> Inner::<N>) }
    }
    loss |y, target: [T, N]| mean(own(square(y - target)))
    metric distance |y, target| mean(other::x0(abs(y - target)))
}

network! {
    Around(x: [3]) -> [3] { x >> self::Inner::<3>() }
    loss mse
}

#[test]
fn runs() {
    let net = Outer::<Tanh, 3>::init(1);
    let _ = net.measure(&[[0.5_f32; 3]; 2], &[[0.0_f32; 3]; 2]);
    let _ = net.stream().step(&[0.5; 3]);
    let _ = Around::init(1).gradients(&[0.5; 3], &[0.0; 3]);
}
