//! Networks inside networks, in any order, each of use on its own.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

use monograd::prelude::*;

/// A constant of the user's.
const EPS: f64 = 1e-5;

network! {
    /// Two towers that share their weights.
    pub Towers<A: Activation = Gelu, const D: usize = 4>(left: [D], right: [D]) -> [2] {
        let tower = Tower::<A, D>;
        let (a, _) = left >> tower;
        let (b, gate) = Tower::<A, D>(right);
        #[frozen]
        let c = left >> Norm::<D>;
        (a * gate, b + c) >> Join::<D> >> Head
    }
    loss |y, class: u32| cross_entropy(y, class) + 1e-4 * l2(tower.fc.weight)
    metric accuracy

    Head(x: [8]) -> [2] { x >> Linear(2) }

    Join<const D: usize>(a: [D], b: [D]) -> [2 * D] { concat(a, b) }

    /// Of use on its own.
    pub Tower<A: Activation, const D: usize = 4>(x: [D]) -> ([D], [D]) {
        let fc = Linear(D);
        (x >> fc >> A, sigmoid(x))
    }

    Norm<const D: usize>(x: [D]) -> [D] {
        let weight = param([D], init = ones);
        weight * x * rsqrt(mean(square(x)) + EPS)
    }
}

#[test]
fn runs() -> Result<(), Error> {
    let mut net = Towers::<Tanh, 4>::init(1);
    let x = [0.5_f32; 8];
    net.train_step((&x, &x), &[0, 1], &mut Sgd::new(0.1))?;
    let measures = net.measure((&x, &x), &[0, 1])?;
    assert!(measures.get("accuracy").is_some());
    let (y, gate) = Tower::<Relu, 4>::init(1).forward(&x)?;
    assert_eq!((y.shape(), gate.shape()), (&[2, 4][..], &[2, 4][..]));
    Ok(())
}
