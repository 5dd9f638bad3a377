use monograd::prelude::*;

network! {
    pub Net<const H: usize>(x: [4]) -> [3] {
        let h = x >> Linear(H);
        h + x >> Linear(3)
    }
    loss cross_entropy
}

fn main() {
    let right = Net::<4>::init(1);
    let wrong = Net::<5>::init(1);
    let _ = (right.forward(&[0.0_f32; 4]), wrong.forward(&[0.0_f32; 4]));
    let mut net = Net::<4>::init(1);
    let _ = net.train_step(&[0.0_f32; 4], &[1_u32], &mut Sgd::new(0.1));
    let _ = Net::<4>::summary();
}
