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
    let _ = Net::<4>::summary();
}
