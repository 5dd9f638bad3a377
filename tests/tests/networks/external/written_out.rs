//! Compares a network with external parts with the same network in a single `network!`: names, values and
//! gradients.

use super::elsewhere::{self, further};
use monograd::prelude::*;
use monograd_tests::same::assert_same;

network! {
    pub Apart<const D: usize>(x: [D], s: [dyn T, D]) -> [3] {
        let encoder = elsewhere::Encoder::<Tanh, D>();
        let a = (x >> encoder) * (3 * x >> encoder);
        let k = s >> elsewhere::Norm::<D>() >> elsewhere::Mix::<D>();
        #[frozen]
        let deep = further::Deep::<D>();
        let x = x + (x >> deep) + mean(k, axis = 0);
        concat(a, x >> Linear(D)) >> Linear(3)
    }
    loss mse

    Together<const D: usize>(x: [D], s: [dyn T, D]) -> [3] {
        let encoder = Encoder::<Tanh, D>;
        let a = (x >> encoder) * (3 * x >> encoder);
        let k = s >> Norm::<D> >> Mix::<D>;
        #[frozen]
        let deep = Deep::<D>;
        let x = x + (x >> deep) + mean(k, axis = 0);
        concat(a, x >> Linear(D)) >> Linear(3)
    }
    loss mse

    Encoder<A: Activation = Gelu, const D: usize = 7, const H: usize = 5>(x: [D]) -> [H] {
        let fc = Linear(H);
        let proj = Linear(H);
        x >> fc >> A >> proj
    }
    Norm<const D: usize>(x: [dyn T, D]) -> [T, D] {
        let weight = param([D], init = ones);
        let bias = param([D], init = zeros);
        let centred = x - mean(x, axis = -1, keepdim = true);
        centred * rsqrt(mean(square(centred), axis = -1, keepdim = true) + 1e-5) * weight + bias
    }
    Mix<const D: usize>(x: [dyn T <= 32, D]) -> [T, D] {
        let out = Linear(D);
        matmul(softmax(matmul(x, transpose(x))), x) >> out
    }
    Block<const D: usize>(x: [D]) -> [D] {
        x + (x >> Encoder::<Silu, D, 6> >> Linear(D))
    }
    Deep<const D: usize>(x: [D]) -> [D] {
        let block = Block::<D>;
        x >> block >> Tanh >> block
    }
}

#[test]
fn is_the_same_in_one_place() {
    let apart = Apart::<7>::init(3).cast::<f64>();
    let mut together = Together::<7>::init(3).cast::<f64>();
    for (samples, t) in [(1, 1), (7, 3), (17, 1), (33, 5)] {
        assert_same::<Apart<7, f64>, Together<7, f64>>(&apart, &mut together, samples, &[t]);
    }
    assert_eq!(Apart::<7>::PARAMS, Together::<7>::PARAMS);
    // initialised alike, in the same order
    let names = |net: &monograd::Parameters<'_, f64>| -> Vec<String> {
        net.iter().map(|p| p.name().to_string()).collect()
    };
    assert_eq!(names(&apart.parameters()), names(&together.parameters()));
    let flops = |cost: Result<monograd::Cost, Error>| cost.unwrap().flops;
    assert_eq!(flops(Apart::<7>::cost(&[5])), flops(Together::<7>::cost(&[5])));
}
