use monograd::prelude::*;

network! {
    pub Net(x: [4]) -> ([3], [1]) {
        let policy = x >> Linear(3);
        let value = x >> Linear(1);
        (policy, value)
    }
    loss |policy, value, action: u32| cross_entropy(policy, action)
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let loss = net.train_step(&[0.0_f32; 4], &[1_u32], &mut Sgd::new(0.1))?;
    println!("{loss}");
    let _ = Net::summary();
    let _ = net.stream();
    Ok(())
}
