use monograd::prelude::*;

network! {
    Net(x: [4]) -> [4] {
        let mean = x >> Linear(4);
        mean >> Linear(4)
    }
    loss |mean, target: [4]| mse(mean, target)
}

fn main() {
    let mut net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 4]);
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = Net::summary();
    let _ = net.stream();
}
