use monograd::prelude::*;

network! {
    pub Net(x: [2, 2]) -> [4] {
        let mut h = zeros([2]);
        for x_t in x {
            x_t = x_t >> Tanh;
            h = h + x_t;
        }
        h >> Linear(4)
    }
    loss mse
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let y = net.forward(&[0.0_f32; 4])?;
    let loss = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1))?;
    println!("{loss} {:?}", y.as_slice());
    let _ = Net::summary();
    Ok(())
}
