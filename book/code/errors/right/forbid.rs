#![forbid(unsafe_code)]
#![deny(warnings)]

use monograd::prelude::*;

network! {
    Two(x: [8]) -> ([3], [1]) {
        let h = x >> Linear(16) >> Tanh;
        #[frozen]
        let value = Linear(1);
        (h >> Linear(3), h >> value)
    }
    loss |classes, value, target: u32| cross_entropy(classes, target)
}

fn main() -> Result<(), Error> {
    let mut net = Two::init(1);
    net.train_step(&[0.5; 8], &[2], &mut Sgd::new(0.1))?;
    Ok(())
}
