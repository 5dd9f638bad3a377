use monograd::prelude::*;

network! {
    pub Net(x: [4]) -> [4] {
        x >> Linear(4)
    }
    loss |y, _: [4]| mean(square(y))
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let y = net.forward(&[0.0_f32; 4])?;
    let loss = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1))?;
    println!("{loss} {:?}", y.as_slice());
    let _ = Net::summary();
    Ok(())
}
