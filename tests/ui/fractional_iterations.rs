use monograd::prelude::*;

network! {
    pub Net(x: [4]) -> [4] {
        let mut h = x;
        for _ in 0..2.5 {
            h = h >> Linear(4);
        }
        h
    }
    loss mse
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let y = net.forward(&[0.0_f32; 4])?;
    let loss = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1))?;
    println!("{loss} {:?}", y.as_slice());
    let _ = Net::summary();
    let _ = net.stream();
    Ok(())
}
