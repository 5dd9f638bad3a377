use monograd::prelude::*;

network! {
    pub Net(x: [4]) -> [3] {
        x >> Linear(3)
    }
    loss |y| mean(square(y))
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let y = net.forward(&[0.0_f32; 4])?;
    let loss = net.train_step(&[0.0_f32; 4], &[0.0_f32; 3], &mut Sgd::new(0.1))?;
    println!("{loss} {:?}", y.as_slice());
    let _ = Net::summary();
    Ok(())
}
