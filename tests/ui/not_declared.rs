//! What a network was not declared for is one error where it is asked for, and none at what is done with it.
use monograd::prelude::*;

network! { Plain(x: [4]) -> [4] { x >> Linear(4) } }

fn main() -> Result<(), Error> {
    let (x, y) = ([0.0_f32; 4], [0.0_f32; 4]);
    let plain = Plain::init(1);
    let _ = Plain::summary();

    let y_t = plain.stream().step(&x)[0];
    let mut stream = plain.stream();
    for _ in 0..3 {
        println!("{y_t} {:?}", stream.try_step(&x)?);
    }
    let (loss, dx) = plain.input_gradients(&x, &y)?;
    println!("{loss} {:?}", dx.as_slice());
    let dx = plain.vjp(&x, &y)?;
    println!("{:?}", dx.as_slice());
    println!("{}", plain.inspect(&x)?.to_csv());
    println!("{}", plain.inspect_training(&x, &y)?.rows.len());
    let (loss, gradients) = plain.gradients(&x, &y)?;
    println!("{loss} {:?}", gradients.iter().count());
    Ok(())
}
// mistakes: 7
