//! 784 -> 512 -> 256 -> 10, trained by Adam.

use monograd::prelude::*;

network! {
    Mlp(x: [784]) -> [10] {
        x >> Linear(512) >> Gelu >> Linear(256) >> Gelu >> Linear(10)
    }
    loss cross_entropy
}

fn main() -> Result<(), Error> {
    let images = vec![0.5_f32; 64 * 784];
    let labels: Vec<u32> = (0..64).map(|i| i % 10).collect();
    let mut net = Mlp::init(42);
    let mut optimizer = Adam::new(1e-3);
    for _ in 0..20 {
        println!("{}", net.train_step(&images, &labels, &mut optimizer)?);
    }
    println!("{:?}", net.forward(&images)?.argmax());
    Ok(())
}
