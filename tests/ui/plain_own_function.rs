use monograd::prelude::*;

fn wobble(x: f32) -> f32 {
    x + x.sin()
}

network! {
    Net(x: [4]) -> [4] { wobble(x >> Linear(4)) }
    loss mse
}

fn main() {
    let mut net = Net::init(1);
    let _ = net.forward(&[0.0; 4]);
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = Net::summary();
}
