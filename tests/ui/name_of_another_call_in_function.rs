//! Networks of one name in one function.
use monograd::prelude::*;

fn main() -> Result<(), Error> {
    network! {
        Net(x: [16]) -> [4] { x >> Linear(4) }
        loss mse
    }
    let mut net = Net::init(1);
    net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1))?;

    network! {
        /// A larger one.
        Net(x: [16]) -> [4] { x >> Linear(8) >> Linear(4) }
        loss mse
    }
    let larger = Net::init(1);
    larger.forward(&[0.0_f32; 16])?;
    println!("{}", Net::summary());

    let count = || {
        network! { Net(x: [2]) -> [2] { x >> Linear(2) } }
        network!(Net(x: [3]) -> [3] { x >> Linear(3) });
        Net::PARAMS
    };
    println!("{}", count());
    Ok(())
}
// mistakes: 2
