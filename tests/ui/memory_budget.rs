use monograd::prelude::*;

network! {
    pub Net(x: [4]) -> [3] {
        x >> Linear(300) >> Relu >> Linear(3)
    }
    loss cross_entropy
}

const _: () = assert!(Net::PARAMS <= 1000, "more parameters than the controller has memory for");

fn main() {
    let mut net: Net = Net::init(1);
    let _ = net.train_step(&[0.0_f32; 4], &[1_u32], &mut Sgd::new(0.1));
    let _ = Net::summary();
}
