//! A user whose blanket trait gives every type methods that generated code might call.

// names of all kinds, whatever they take
#![allow(clippy::wrong_self_convention)]
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

        /// On everything that has a size, and found before what takes a reference.
        pub trait ByValue: Sized {
            $(
                /// Not what was meant.
                fn $method(self) -> ! {
                    panic!(concat!("called `", stringify!($method), "` of the wrong trait"))
                }
            )*
        }
        impl<T> ByValue for T {}
    };
}
everywhere! {
    exp tanh sqrt sin cos abs max min clamp powf iter iter_mut into_iter zip map lane number value
    clone into as_ref as_mut len copy forward_and_derivative slope state range split_at chunks add
    mul sub div neg rows run dense store tile is_none is_some rev random count of iterations transposed
    bias frozen with_classes ignoring with_extents infer train evaluate forward_scratch apply
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

/// A network from elsewhere.
pub mod elsewhere {
    monograd::network! {
        /// With dropout, whose layer has two ways forward.
        pub Part(x: [dyn T, 4]) -> [T, 4] { x >> Linear(4) >> Dropout(0.5) }
    }
}

network! {
    /// Loops, and what stands elsewhere.
    pub Loops(x: [dyn T, 4], c: u32[T]) -> [T, 4] {
        let mut h = x + one_hot(c, 4);
        for _ in 0..2 { h = h + (h >> Linear(4) >> Relu >> Dropout(0.5)); }
        let mut s = h[0];
        let ys = for h_t in rev(h) { s = tanh((s >> Linear(4)) + h_t); s };
        ys >> elsewhere::Part()
    }
    loss cross_entropy(ignore_index = 3)
}

#[test]
fn runs() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let y = net.forward(&[0.5_f32; 8])?;
    assert_eq!(y.shape(), [1, 3]);
    net.train_step(&[0.5_f32; 8], &[0.0_f32; 3], &mut Sgd::new(0.1))?;
    let mut net: Loops = Loops::init(1);
    let (x, c) = ([[[0.5_f32; 4]; 3]; 2], [[0_u32, 1, 2]; 2]);
    net.train_step((&x, &c), &c, &mut Sgd::new(0.1))?;
    Ok(())
}
