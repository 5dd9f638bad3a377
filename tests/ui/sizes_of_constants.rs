//! Sizes that are none for what a constant or a description is asked for.
use monograd::prelude::*;

network! {
    Parameters<const D: usize>(x: [D]) -> [2] { x[..D - 8] >> Linear(D) >> Linear(2) }
    loss mse
}

network! {
    Operations<const D: usize>(x: [D]) -> [2] { x[..D - 8] >> Linear(D) >> Linear(2) }
    loss mse
}

network! {
    Memory<const D: usize>(x: [D]) -> [2] { x >> Linear(D - 8) >> Relu >> Linear(2) }
    loss mse
}

network! {
    Layout<const D: usize>(x: [16]) -> [2] {
        let mut h = x;
        for _ in 0..D - 5 { h = h >> Linear(16); }
        h >> Linear(2)
    }
    loss mse
}

network! {
    Table<const D: usize>(x: [D]) -> [2] { x[D - 8..] >> Linear(2) }
    loss mse
}

network! {
    Drawn<const D: usize>(x: [D]) -> [2] { x >> Linear(D / 5) >> Linear(2) }
    loss mse
}

network! {
    Cost<const D: usize>(x: [dyn T, D]) -> [T, 2] { x >> Linear(D - 4) >> Linear(2) }
    loss mse
}

fn main() {
    let _ = Parameters::<4>::PARAMS;
    let _ = Operations::<4>::FLOPS;
    let _ = (Memory::<4>::WORKSPACE, Memory::<4>::TRAIN_WORKSPACE);
    let _ = Layout::<4>::LAYOUT;
    let _ = Table::<4>::summary();
    let _ = (Drawn::<4>::graph(), Drawn::<4>::formulas());
    let _ = Cost::<4>::cost(&[3]);
}
// mistakes: 7
