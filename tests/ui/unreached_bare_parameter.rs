use monograd::prelude::*;

network! {
    Net(x: [4]) -> [4] {
        let scale = param([4], init = ones);
        x >> Linear(4)
    }
    loss mse
}

fn main() {
    let mut net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 4]);
    let _ = net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = Net::summary();
    let _ = net.stream();
}
