//! Networks inside a function's body, a module, and what a macro of the user's expands to.

#![deny(warnings)]

use monograd::prelude::*;

mod inner {
    monograd::network! {
        /// In a module.
        pub(crate) Net(x: [4]) -> [3] {
            x >> Linear(3)
        }
    }
}

macro_rules! classifier {
    ($name:ident, $input:literal, $hidden:expr, $activation:ty) => {
        network! {
            /// From a macro.
            $name(x: [$input]) -> [3] {
                x >> Linear($hidden) >> $activation >> Linear(3)
            }
            loss cross_entropy
        }
    };
}
classifier!(Small, 4, 2 * 4, Relu);

#[test]
fn runs() -> Result<(), Error> {
    network! {
        /// In a function.
        Local<const H: usize = 2>(x: [4]) -> [3] {
            x >> Linear(H) >> Linear(3)
        }
        loss cross_entropy
    }
    let x = [0.5_f32; 4];
    let mut local: Local = Local::init(1);
    local.train_step(&x, &[2_u32], &mut Sgd::new(0.1))?;
    let mut small: Small = Small::init(1);
    small.train_step(&x, &[2_u32], &mut Sgd::new(0.1))?;
    let inner: inner::Net = inner::Net::init(1);
    assert_eq!(inner.forward(&x)?.shape(), [1, 3]);
    Ok(())
}
