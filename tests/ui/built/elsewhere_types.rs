//! Types that are no layers.
use monograd::prelude::*;

mod other {
    pub struct Plain;
    monograd::network! {
        pub Tokens(x: u32[4]) -> [4] { gather(param([9], init = ones), x) }
    }
}

monograd::network! {
    Private(x: [4]) -> [4] { x >> Linear(4) }
}

network! {
    A(x: [4]) -> [4] { x >> other::Plain() }
    loss mse
}

network! {
    B(x: [4]) -> [4] { x >> Private() }
}

network! {
    C(x: [4]) -> [4] { x >> other::Tokens() }
}

network! {
    D(x: [4]) -> [4] { x >> other::Nothing() >> Linear(4) }
}

fn main() {
    let mut a = A::init(1);
    let _ = a.train_step(&[0.0_f32; 4], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (A::summary(), B::summary(), C::summary(), D::summary());
    let _ = (B::init(1).forward(&[0.0_f32; 4]), C::init(1).forward(&[0.0_f32; 4]));
}
// mistakes: 4
