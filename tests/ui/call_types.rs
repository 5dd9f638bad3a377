//! Data of another type at a call.
use monograd::prelude::*;

network! {
    Net(x: [4]) -> [3] { x >> Linear(3) }
    loss cross_entropy
}

fn main() {
    let mut net = Net::init(1);
    println!("{}", Net::summary());
    let (doubles, labels): (Vec<f64>, Vec<usize>) = (vec![0.0; 4], vec![1]);
    let _ = net.forward(&doubles);
    let _ = net.train_step(&[0.0; 4], &labels, &mut Sgd::new(0.1));
    let _ = net.forward(vec![0.0_f32; 4]);
}
// mistakes: 3
