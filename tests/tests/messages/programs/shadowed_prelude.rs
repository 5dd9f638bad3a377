//! A user who has names of their own for everything that the prelude has.

#![forbid(unsafe_code)]
#![allow(dead_code, non_camel_case_types, unused_macros)]

mod shadows {
    pub struct Vec;
    pub struct Option;
    pub struct Result;
    pub struct Some;
    pub struct None;
    pub struct Ok;
    pub struct Err;
    pub struct Box;
    pub struct String;
    pub struct Default;
    pub struct Iterator;
    pub struct Self_;
    pub trait Clone {}
    pub trait Copy {}
    pub trait Send {}
    pub trait Sync {}
    pub trait Sized {}
    pub trait Fn {}
    pub trait AsRef {}
    pub fn zip() {}
    pub fn drop() {}
    pub mod core {}
    pub mod std {}
    pub mod f32 {}
    pub mod u32 {}
    pub mod usize {}
    pub mod str {}
    macro_rules! assert {
        () => {};
    }
    macro_rules! panic {
        () => {};
    }

    monograd::network! {
        /// Beside all of them.
        pub Net<A: Activation = monograd::Relu, const H: usize = 8>(x: [4], y: [2, 2]) -> [3] {
            let h = concat(x, reshape(y, [4])) >> Linear(H) >> A >> Dropout(0.5);
            let h = exp(tanh(h)) + h[0] + maximum(h, 0);
            h >> Linear(3)
        }
        loss cross_entropy(weight = [1, 2, 3])
    }
}

use monograd::{Adam, Network};

#[test]
fn runs() -> Result<(), monograd::Error> {
    let mut net: shadows::Net = shadows::Net::init(1);
    let x = [0.5_f32; 8];
    assert_eq!(net.forward((&x, &x))?.shape(), [2, 3]);
    net.train_step((&x, &x), &[0_u32, 2], &mut Adam::new(1e-3))?;
    Ok(())
}
