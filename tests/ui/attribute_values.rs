//! Attributes of which nothing but the name is written, names that are no strings, and misspelt ones.
use monograd::prelude::*;

network! {
    A(x: [4]) -> [4] { #[frozen = true] let a = Linear(4); x >> a >> Linear(4) }
    loss mse
}

network! {
    B(x: [4]) -> [4] {
        let mut h = x;
        #[checkpoint(2)]
        for _ in 0..3 { h = h >> Linear(4) >> Tanh; }
        h
    }
    loss mse
}

network! {
    C(x: [4]) -> [4] { #[name("fc")] let a = Linear(4); x >> a }
    loss mse
}

network! {
    #[inspekt]
    D(x: [4]) -> [4] { x >> Linear(4) }
    loss mse
}

network! {
    #[stream_ing]
    E(x: [dyn T, 4]) -> [T, 4] { x >> Linear(4) }
    loss mse
}

network! {
    #[inspect(all)]
    F(x: [4]) -> [4] { x >> Linear(4) }
    loss mse
}

fn main() -> Result<(), Error> {
    let x = [0.0_f32; 4];
    let _ = (A::init(1).forward(&x)?, B::init(1).forward(&x)?, C::init(1).forward(&x)?);
    let _ = (D::init(1).forward(&x)?, E::init(1).forward(&x)?, F::init(1).inspect(&x)?);
    let _ = (A::summary(), B::summary(), C::summary(), D::summary(), E::summary(), F::summary());
    A::init(1).train_step(&x, &x, &mut Sgd::new(0.1))?;
    Ok(())
}
// mistakes: 6
