use monograd::prelude::*;

network! {
    pub Net(x: [5, 4]) -> [5, 4] {
        for (i, row) in enumerate(x) {
            row >> Linear(4)
        }
    }
    loss mse
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let y = net.forward(&[0.0_f32; 20])?;
    let loss = net.train_step(&[0.0_f32; 20], &[0.0_f32; 20], &mut Sgd::new(0.1))?;
    println!("{loss} {:?}", y.as_slice());
    let _ = Net::summary();
    let _ = net.stream();
    Ok(())
}
