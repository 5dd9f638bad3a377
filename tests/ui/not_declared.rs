//! What a network was not declared for is one error where it is asked for, and none at what is done with it.
use monograd::prelude::*;

network! {
    Plain(x: [4]) -> [4] { x >> Linear(4) }

    Learned(x: [4]) -> [4] { x >> Linear(4) }
    loss mse
}

fn main() -> Result<(), Error> {
    let (x, y) = ([0.0_f32; 4], [0.0_f32; 4]);
    let (mut plain, learned) = (Plain::init(1), Learned::init(1));
    let _ = (Plain::summary(), Learned::summary());

    let y_t = plain.stream().step(&x)[0];
    let mut stream = learned.stream();
    for _ in 0..3 {
        println!("{y_t} {:?}", stream.try_step(&x)?);
    }
    let history = Trainer::new(&mut plain, &mut Sgd::new(0.1)).epochs(3).fit((&x, &y))?;
    println!("{:?}", history.history.losses());
    let (loss, dx) = plain.input_gradients(&x, &y)?;
    println!("{loss} {:?}", dx.as_slice());
    let (loss, dx) = learned.input_gradients(&x, &y)?;
    println!("{loss} {:?}", dx.as_slice());
    let dx = plain.vjp(&x, &y)?;
    println!("{:?}", dx.as_slice());
    let (loss, gradients) = plain.gradients(&x, &y)?;
    println!("{loss} {:?}", gradients.iter().count());
    println!("{}", plain.inspect(&x)?);
    Ok(())
}
// mistakes: 8
