//! How many iterations there are is known only when the network runs, so none can have parameters of
//! its own.

use monograd::prelude::*;

network! {
    pub Net(x: [dyn T, 4]) -> [4] {
        let block = Block;
        let mut h = zeros([4]);
        for t in 0..T {
            let w = param([4], init = ones);
            h = (h * w >> Linear(4) >> Tanh) + x[t];
            h = (h >> Block) + (h >> block) >> Dropout(0.1) >> Plain;
        }
        h
    }
    loss |y| mean(square(y))

    Block(x: [4]) -> [4] { x >> Linear(4) }

    Plain(x: [4]) -> [4] { tanh(x) }
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let y = net.forward(&[[0.0_f32; 4]; 3])?;
    let loss = net.train_step(&[[0.0_f32; 4]; 3], (), &mut Sgd::new(0.1))?;
    println!("{loss} {:?}", y.as_slice());
    let _ = Net::summary();
    Ok(())
}
// mistakes: 3
