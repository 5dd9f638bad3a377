use monograd::prelude::*;

network! {
    pub Net(x: [dyn T, 4]) -> [S, 3] {
        x[..S] >> Linear(3)
    }
    loss |y, target: [dyn S, 3]| mse(y, target)
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    println!("{}", net.loss(&[0.0_f32; 4], &[0.0_f32; 3])?);
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 3], &mut Sgd::new(0.1));
    let _ = Net::summary();
    let _ = net.stream();
    Ok(())
}
// mistakes: 2
