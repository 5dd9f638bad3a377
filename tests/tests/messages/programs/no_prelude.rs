//! A crate without a prelude, with names of its own for all that it has: generated code calls
//! everything by its path.

#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(warnings)]
#![allow(unused_macros)]

pub mod everything {
    pub mod core {}
    pub mod std {}
    pub mod monograd {}
    macro_rules! assert {
        () => {};
    }
    macro_rules! vec {
        () => {};
    }
    macro_rules! panic {
        () => {};
    }

    /// A function of the user's.
    pub fn cube<N: ::monograd::Number>(x: N) -> N {
        x * x * x
    }

    /// An activation of the user's.
    #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::default::Default)]
    pub struct Snake;

    impl ::monograd::Activation for Snake {
        fn forward<N: ::monograd::Number>(x: N) -> N {
            let sin = ::monograd::Number::sin(x);
            x + sin * sin
        }
    }

    pub mod parts {
        ::monograd::network! {
            /// Of every row.
            pub Scale<A: ::monograd::Activation = ::monograd::Tanh, const D: usize = 4>(
                x: [dyn T, D],
            ) -> [T, D] {
                x * param([D], init = ones) >> A >> Dropout(0.25)
            }

            /// Of loops.
            pub Deep(x: [4], y: [4]) -> ([4], [4]) {
                let mut h = x;
                for _ in 0..2 {
                    h = h + (h >> Linear(4) >> ::monograd::Tanh);
                }
                (h, h * y)
            }
        }
    }

    ::monograd::network! {
        /// Depth, recurrence, nesting, and networks from elsewhere.
        pub Loops<A: ::monograd::Activation = Snake, const LAYERS: usize = 2>(
            x: [dyn T <= 8, 4],
            tokens: u32[T],
        ) -> ([T, 4], [4]) {
            let table = param([6, 4], init = normal(0.1));
            let mut h = gather(table, tokens) + x;
            #[checkpoint]
            for i in 0..LAYERS {
                h = h + (h >> Inner::<A>) * (i + 1) + gather(table, argmax(h, axis = 1));
            }
            for _ in 0..2 {
                h = h + (h >> Linear(4) >> A >> Dropout(0.1));
            }
            let mut state = zeros([4]);
            #[truncate(3)]
            let ys = for (a, b) in rev((h, x)) {
                state = tanh((a >> Linear(4)) + state * b);
                state
            };
            for t in 0..T {
                state = state * 0.5 + x[t];
            }
            let (p, q) = (state, ys[0]) >> parts::Deep([4], [4]);
            (ys >> parts::Scale::<A>(), cube(p) + self::cube(q) + sum(roll(x, 2), axis = 0))
        }
        loss |y, z, class: u32[T], value: [4]| {
            let error = mse(z, value) + 0.1 * huber(z, value) + l2(linear0.weight);
            cross_entropy(y, class) + error
        }
        metric accuracy |y, _, class| accuracy(y, class)
        metric distance |_, z, value| l1(z, value)

        /// Within another.
        pub Inner<A: ::monograd::Activation>(x: [dyn S, 4]) -> [S, 4] {
            softmax(x >> Linear(4) >> A) * max(x, axis = 1, keep = true)
        }

        /// One step at a time.
        #[streaming]
        pub Stream(x: [dyn T <= 8, 4]) -> [T, 4] {
            let delayed = pad(x, [(2, 0), (0, 0)])[..T];
            let q = x >> Linear(4);
            let scores = softmax(mask_future(matmul(q, transpose(x))));
            let mut h = zeros([4]);
            let ys = for (a, b) in (delayed, matmul(scores, x)) {
                h = tanh((a + h) >> Linear(4)) + b;
                h
            };
            cumsum(ys)
        }
        loss mse

        /// Without a target.
        pub Coder(x: [6]) -> [6] {
            x >> Linear(2) >> Snake >> Linear(6)
        }
        loss |y| mean(square(y - x))
    }
}

use ::monograd::{Adam, Network as _};
use everything::{Coder, Loops, Stream};

#[::core::prelude::v1::test]
fn runs() -> ::core::result::Result<(), ::monograd::Error> {
    let (x, tokens) = ([[[0.5_f32; 4]; 3]; 2], [[0_u32, 1, 2]; 2]);
    let mut net: Loops = Loops::init(1);
    let (y, z) = net.forward((&x, &tokens))?;
    ::std::assert_eq!((y.shape(), z.shape()), (&[2, 3, 4][..], &[2, 4][..]));
    let (classes, value) = ([[0_u32, 1, 3]; 2], [[0.1_f32; 4]; 2]);
    let mut optimizer = Adam::new(1e-3);
    net.train_step((&x, &tokens), (&classes, &value), &mut optimizer)?;
    net.measure((&x, &tokens), (&classes, &value))?;

    let mut net: Stream = Stream::init(1);
    let whole = net.forward(&x)?;
    let mut stream = net.stream();
    let mut last = 0.0;
    for _ in 0..3 {
        last = stream.step(&[0.5_f32; 4])[3];
    }
    let whole = whole.as_slice()[11];
    ::std::assert!((last - whole) * (last - whole) < 1e-8);
    net.train_step(&x, &x, &mut Adam::new(1e-3))?;

    let mut net: Coder = Coder::init(1);
    net.train_step(&[0.5_f32; 6], (), &mut Adam::new(1e-3))?;
    ::core::result::Result::Ok(())
}
