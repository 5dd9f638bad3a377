//! Fractions where numbers stand, clauses beside comments, and losses of equal shapes.
#![deny(warnings)]
use monograd::prelude::*;

network! {
    /// Options and values may be written as fractions.
    Numbers(x: [8]) -> [8] {
        let h = x >> Dropout(0.0) >> Linear(8, init = normal(1.0));
        let h = h * 2.0 + full([8], 3.0) + clamp(h, -1.0, 2.0) + pow(h, 2.0);
        h + pad(h, [(0, 0)], value = 1.0) + param([8], init = constant(-1.0))
    }
    // a comment before it
    loss huber(delta = 2.0) // and one behind
    metric l1

    // one parameter may make the shapes equal
    Wide<const D: usize>(x: [4]) -> [D] { x >> Linear(D) }
    loss |y, t: [1]| mse(y, t)

    #[allow(unused_mut, unused_assignments)]
    Silent(x: [4]) -> [4] {
        let mut h = x;
        let mut g = h * 2;
        g = h + 1;
        let _unread = g;
        g
    }

    Carried(x: [dyn T]) -> [] {
        let mut h = zeros([]);
        let mut last = h;
        for v in x {
            h = h + last * v;
            last = v;
        }
        h
    }

    // the names of clauses are free inside of a network
    Free(metric: [4], optimizer: [4]) -> [4] {
        let loss = metric * optimizer;
        loss + metric
    }
}

#[test]
fn runs() {
    let mut net = Numbers::init(1);
    net.train_step(&[1.0; 8], &[1.0; 8], &mut Sgd::new(0.1)).unwrap();
    let mut net = Wide::<1>::init(1);
    net.train_step(&[1.0; 4], &[1.0], &mut Sgd::new(0.1)).unwrap();
    let _ = (Silent::init(1), Carried::init(1));
    let y = Free::init(1).forward((&[2.0; 4], &[3.0; 4])).unwrap();
    assert_eq!(y.as_slice(), [8.0; 4]);
}
