use monograd::prelude::*;

network! {
    pub Net(a: [1], b: [1], c: [1], d: [1], e: [1]) -> [3] {
        concat(a, b, c, d, e) >> Linear(3)
    }
    loss cross_entropy
}

fn main() {
    let mut net: Net = Net::init(1);
    let _ = net.train_step((&[0.0_f32], &[0.0_f32], &[0.0_f32], &[0.0_f32], &[0.0_f32]), &[1_u32], &mut Sgd::new(0.1));
    let _ = Net::summary();
}
