use monograd::prelude::*;

network! {
    pub Net<A, const H: u32 = 8>(x: [4]) -> [3] {
        x >> Linear(H) >> A >> Linear(3)
    }
    loss cross_entropy
}

fn main() -> Result<(), Error> {
    let mut net = Net::<Relu, 16>::init(1);
    net.train_step(&[0.0_f32; 4], &[1_u32], &mut Sgd::new(0.1))?;
    let _ = Net::<Relu, 16>::summary();
    let _ = net.stream();
    Ok(())
}
// mistakes: 2
