use monograd::prelude::*;

network! {
    pub Net<const H: usize = 8, const H: usize = 4>(x: [4], x: [4]) -> [3] {
        x >> Linear(3)
    }
    loss cross_entropy
}

fn main() {
    let mut net: Net = Net::init(1);
    let _ = net.train_step(&[0.0_f32; 4], &[1_u32], &mut Sgd::new(0.1));
    let _ = <Net>::summary();
}
// mistakes: 2
