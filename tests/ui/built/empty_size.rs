//! Sizes of 0 are told where the network is made, as sizes of a literal 0 are where they stand.

use monograd::prelude::*;

network! {
    pub Net<const H: usize>(x: [4]) -> [4] {
        x >> Linear(H) >> Linear(4)
    }
    loss mse
}

fn main() -> Result<(), Error> {
    let mut net = Net::<0>::init(1);
    let y = net.forward(&[0.0_f32; 4])?;
    let loss = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1))?;
    println!("{loss} {:?}", y.as_slice());
    let _ = Net::<0>::summary();
    Ok(())
}
