use monograd::prelude::*;

network! {
    pub Net(x: [4]) -> [3] {
        x >> Linear(3)
    }
    loss cross_entropy
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    net.forward(&[1_u32; 4])?;
    net.train_step(&[0.0_f32; 4], &[1.0_f32], &mut Sgd::new(0.1))?;
    let _ = Net::summary();
    Ok(())
}
// mistakes: 2
