//! Functions of networks whose sizes do not fit: each is one error, on the size.
use monograd::prelude::*;

network! {
    Big<const N: usize>(x: [4]) -> [4] { x >> Linear(N - 80) >> Linear(4) }
    loss mse

    Long<const N: usize>(x: [dyn T <= 8, 4]) -> [T, 4] { x >> Linear(N - 80) >> Linear(4) }
}

/// Returns what code that is generic over networks knows of one.
fn described<N: Network>() -> usize {
    N::FLOPS
}

fn main() -> Result<(), Error> {
    let _ = Big::<1>::summary();
    let _ = Big::<2>::graph();
    let _ = Big::<3>::formulas();
    let _ = Big::<4>::load("big.safetensors");
    let _ = Big::<5>::load_with("big.safetensors", &Weights::new());
    let mut net = Big::<6>::init(1);
    net.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1))?;
    let _ = Long::<7>::cost(&[3]);
    let _ = described::<Big<8>>();
    Ok(())
}
// mistakes: 8
