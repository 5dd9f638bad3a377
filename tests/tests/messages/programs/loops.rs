//! Loops, names and `mut` in the ways that Rust knows them.

use monograd::prelude::*;

network! {
    pub Net<const LAYERS: usize = 2>(x: [5, 4]) -> [5, 4] {
        let (mut a, b) = split(x, 2, axis = 1);
        #[checkpoint]
        #[name = "blocks"]
        for i in 0..LAYERS {
            #[name = "block.{i}.fc"]
            let fc = Linear(2);
            a = a * (1.0 + i) + (a >> fc);
        }
        let mut h = b[0];
        #[truncate(2)]
        let ys = for (a, mut_b) in rev((a, b)) {
            h = tanh((a >> Linear(2)) + mut_b + h);
            h
        };
        concat(ys, b, axis = 1)
    }
    loss mse
}

#[test]
fn runs() {
    let net: Net = Net::init(1);
    assert!(net.parameters().get("block.1.fc.weight").is_ok());
}
