//! The targets that a stub takes where its inputs or targets are in error.
use monograd::prelude::*;

network! {
    Untyped(x: [8], y) -> [4] { x >> Linear(4) }
    loss mse

    Unnamed(x: [8]) -> [8] { x >> Linear(8) }
    loss |y, t| mse(y, t)

    Target(x: [8]) -> [8] { x >> Linear(8) }
    loss |y, t: f32[8]| mse(y, t)
}

fn main() -> Result<(), Error> {
    println!("{}", Untyped::summary());
    let mut untyped = Untyped::init(1);
    let adam = &mut Adam::new(0.1);
    untyped.train_step((&Tensor::zeros([8]), &[1.0]), &Tensor::zeros([4]), adam)?;
    Unnamed::init(1).train_step(&Tensor::zeros([8]), &[0.0; 8], adam)?;
    Target::init(1).train_step(&Tensor::zeros([8]), &[0.0; 8], adam)?;
    Ok(())
}
// mistakes: 3
