//! Numbers that no scalar holds.

use monograd::prelude::*;

network! {
    pub Net(x: [4]) -> [4] {
        x * 1e400 + 1e308 >> Linear(4, init = normal(2e308))
    }
    loss huber(delta = 1e999)
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let y = net.forward(&[0.0_f32; 4])?;
    let loss = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1))?;
    println!("{loss} {:?}", y.as_slice());
    let _ = Net::summary();
    Ok(())
}
// mistakes: 2
