//! External layers in loops: with separate parameters in each iteration over depth, with shared ones in
//! each iteration of a recurrence.

use super::elsewhere::{Block, Cell, Norm};
use monograd::prelude::*;
use monograd_tests::differences::check_at;
use monograd_tests::same::assert_same;

network! {
    pub Apart<const N: usize>(x: [dyn T, 5]) -> [4] {
        let mut x = x;
        for i in 0..N {
            #[name = "norms.{i}"]
            let norm = Norm::<5>();
            x = x + (x >> norm);
        }
        let mut h = zeros([6]);
        let cell = Cell::<5, 6>();
        let hs = for x_t in x {
            h = (x_t, h) >> cell >> Block::<6>();
            h
        };
        mean(hs, axis = 0) >> Linear(4)
    }
    loss mse

    Together<const N: usize>(x: [dyn T, 5]) -> [4] {
        let mut x = x;
        for i in 0..N {
            #[name = "norms.{i}"]
            let norm = InnerNorm::<5>;
            x = x + (x >> norm);
        }
        let mut h = zeros([6]);
        let cell = InnerCell::<5, 6>;
        #[name = "block0"]
        let block = InnerBlock::<6>;
        let hs = for x_t in x {
            h = (x_t, h) >> cell >> block;
            h
        };
        mean(hs, axis = 0) >> Linear(4)
    }
    loss mse

    /// A checkpoint recomputes the application of the layer too.
    pub Checkpoint(x: [6]) -> [6] {
        let mut x = x;
        #[checkpoint]
        for _ in 0..3 {
            x = x >> Block::<6>() >> Tanh;
        }
        x
    }
    loss mse

    InnerNorm<const D: usize>(x: [dyn T, D]) -> [T, D] {
        let weight = param([D], init = ones);
        let bias = param([D], init = zeros);
        let centred = x - mean(x, axis = -1, keepdim = true);
        centred * rsqrt(mean(square(centred), axis = -1, keepdim = true) + 1e-5) * weight + bias
    }
    InnerCell<const I: usize, const H: usize>(x: [I], h: [H]) -> [H] {
        let ih = Linear(H);
        let hh = Linear(H);
        tanh((x >> ih) + (h >> hh))
    }
    InnerBlock<const D: usize>(x: [D]) -> [D] {
        #[name = "encoder0.fc"] let fc = Linear(6);
        #[name = "encoder0.proj"] let proj = Linear(6);
        x + (x >> fc >> Silu >> proj >> Linear(D))
    }
}

#[test]
fn depth_and_recurrence_are_the_same_in_one_place() {
    let (apart, mut together) = (Apart::<3>::init(3).cast::<f64>(), Together::<3>::init(3).cast());
    for (samples, t) in [(1, 1), (7, 3), (17, 2), (33, 5)] {
        assert_same::<Apart<3, f64>, Together<3, f64>>(&apart, &mut together, samples, &[t]);
    }
}

#[test]
fn gradients_are_right() {
    check_at::<Apart<2, f64>>("Apart", Apart::<2>::init(1).cast(), [&[1], &[3], &[2]]);
    check_at::<Checkpoint<f64>>("Checkpoint", Checkpoint::init(1).cast(), [&[], &[], &[]]);
}
