//! Const parameters whose names are those of types in scope.
#![deny(warnings)]
use monograd::prelude::*;

pub struct D;
pub enum L {}

network! {
    pub K(x: [4]) -> [4] { x >> Linear(4) }
    loss mse

    pub Net<const D: usize>(x: [D]) -> [D] { x >> Linear(D) }
    loss mse

    pub Outer<A: Activation = Gelu, const D: usize = 3>(x: [D]) -> [D] {
        let inner = Net::<D>;
        x >> inner >> A
    }

    pub Loop<const D: usize, const L: usize>(x: [dyn T, D]) -> [T, D] {
        let mut h = x;
        for _ in 0..L {
            h = h >> Linear(D);
        }
        h
    }
    loss |y, t: [T, D]| mse(y, t)
}

mod elsewhere {
    use monograd::prelude::*;
    pub type D = u8;
    pub struct K;
    network! {
        pub Applies<const D: usize, const K: usize>(x: [D]) -> [K] {
            x >> super::Net::<D>() >> Linear(K)
        }
        loss mse
    }
}

#[test]
fn runs() {
    let _ = (D, elsewhere::K, K::init(1), Outer::<Tanh, 3>::init(1));
    let _: Option<(L, elsewhere::D)> = None;
    let mut net = Net::<3>::init(1);
    net.train_step(&[1.0; 3], &[1.0; 3], &mut Sgd::new(0.1)).unwrap();
    let mut net = Loop::<3, 2>::init(1);
    net.train_step(&[[1.0; 3]; 2], &[[1.0; 3]; 2], &mut Sgd::new(0.1)).unwrap();
    assert_eq!(net.stream().step(&[1.0; 3]).len(), 3);
    let mut net = elsewhere::Applies::<3, 2>::init(1);
    net.train_step(&[1.0; 3], &[1.0; 2], &mut Sgd::new(0.1)).unwrap();
}
