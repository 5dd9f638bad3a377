//! Several calls of which no network can be read.
use monograd::prelude::*;

network! { (x: [4]) -> [4] { x >> Linear(4) } }

network! { -> [4] { x >> Linear(4) } }

network! {
    Net(x: [4]) -> [4] { x >> Linear(4) }
    loss mse
}

fn main() -> Result<(), Error> {
    let mut net = Net::init(1);
    net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1))?;
    println!("{}", Net::summary());
    Ok(())
}
// mistakes: 2
