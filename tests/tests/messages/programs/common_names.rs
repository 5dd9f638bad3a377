//! Values named like what surrounds the network and like what generated code might use.

#![deny(warnings)]

use monograd::prelude::*;

const N: usize = 3;
const SLOTS: usize = 4;

#[allow(dead_code)]
fn simd() {}
#[allow(dead_code)]
fn tile() {}
#[allow(dead_code)]
fn n() {}
#[allow(dead_code)]
fn x() {}
#[allow(dead_code)]
fn out0() {}
#[allow(dead_code)]
mod arena {}
#[allow(dead_code, non_camel_case_types)]
type h = u8;
#[allow(unused_macros)]
macro_rules! slot0 {
    () => {};
}

network! {
    /// Every name is somebody else's too.
    pub Net<S: Activation = Relu, const T: usize = 8>(x: [SLOTS], inputs: [SLOTS]) -> [self::N] {
        let n = x >> Linear(T) >> S;
        let simd = inputs >> Linear(T);
        let tile = n + simd;
        let slot0 = tile * 2;
        let out0 = slot0 - n;
        let arena = exp(out0 / 8);
        let parameters = arena + slot0;
        let outputs = parameters >> Linear(T);
        let h = outputs + x[0];
        let self_ = h >> S;
        let lane = self_ + self_;
        let number = lane >> Linear(N);
        let __monograd = number;
        __monograd
    }
    loss |loss, gradients: [self::N]| mse(loss, gradients)
}

#[test]
fn runs() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let zeros = [0.5_f32; 4];
    net.train_step((&zeros, &zeros), &[0.0_f32; 3], &mut Sgd::new(0.1))?;
    Ok(())
}
