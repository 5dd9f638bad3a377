//! A user whose blanket trait gives every type methods that generated code might call.

#![forbid(unsafe_code)]

use monograd::prelude::*;

macro_rules! everywhere {
    ($($method:ident)*) => {
        /// On everything there is.
        pub trait Everywhere {
            $(
                /// Not what was meant.
                fn $method(&self) -> ! {
                    panic!(concat!("called `", stringify!($method), "` of the wrong trait"))
                }
            )*
        }
        impl<T: ?Sized> Everywhere for T {}
    };
}
everywhere! {
    exp tanh sqrt sin cos abs max min clamp powf iter iter_mut into_iter zip map lane number value
    clone into as_ref as_mut len copy forward_and_derivative slope state range split_at chunks add
    mul sub div neg rows run dense store
}

network! {
    /// A bit of everything.
    pub Net(x: [2, 4]) -> [3] {
        let h = x[0] >> Linear(8) >> Gelu;
        let g = softmax(x[1] >> Linear(8)) * h;
        -exp(tanh(g)) / (1 + square(h)) + clamp(g, -1, 1) >> Linear(3)
    }
    loss |y, target: [3]| mean(abs(y - target))
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let y = net.forward(&[0.5_f32; 8])?;
    assert_eq!(y.shape(), [1, 3]);
    net.train_step(&[0.5_f32; 8], &[0.0_f32; 3], &mut Sgd::new(0.1))?;
    Ok(())
}
