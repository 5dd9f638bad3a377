//! Constants of networks whose sizes do not fit: each is one error, on the size.
use monograd::prelude::*;

network! {
    Big<const N: usize>(x: [4]) -> [4] { x >> Linear(N - 80) >> Linear(4) }
    loss mse
}

const PARAMS: usize = Big::<1>::PARAMS;

fn main() -> Result<(), Error> {
    let _ = PARAMS;
    let _ = Big::<2>::FLOPS;
    let _ = Big::<3>::WORKSPACE;
    let _ = Big::<4>::TRAIN_WORKSPACE;
    let _ = Big::<5>::LAYOUT;
    let _ = <Big<6> as Network>::FLOPS;
    let _ = <Big<7, f64> as Network>::FLOPS;
    let mut net = Big::<100>::init(1);
    net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1))?;
    println!("{}", Big::<100>::summary());
    Ok(())
}
// mistakes: 7
