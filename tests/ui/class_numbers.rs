use monograd::prelude::*;

network! {
    pub Net(x: [4], tokens: u32[4]) -> [3] {
        tokens + x >> Linear(3)
    }
    loss cross_entropy
}

fn main() {
    let mut net: Net = Net::init(1);
    let _ = net.train_step((&[0.0_f32; 4], &[1_u32; 4]), &[1_u32], &mut Sgd::new(0.1));
    let _ = Net::summary();
}
