//! The same numbers as the same network with fixed sizes.

use monograd::prelude::*;

network! {
    Tagger<const D: usize = 6>(x: [dyn T, 5]) -> [T, 3] {
        let h = x >> Linear(D) >> Gelu;
        let h = h + (h >> Linear(D) >> Tanh);
        h >> Linear(3)
    }
    loss cross_entropy
}

#[test]
fn works() {
    let net: Tagger = Tagger::init(1);
    let y = net.forward(&Tensor::<f32>::from_fn([2, 7, 5], |i| i as f32)).unwrap();
    assert_eq!(y.shape(), [2, 7, 3]);
    println!("{}", Tagger::<6>::summary());
}
