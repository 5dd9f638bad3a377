//! What is known at compile time, used at compile time.

#![forbid(unsafe_code)]
#![deny(warnings)]

use monograd::prelude::*;

network! {
    /// For a machine with little memory.
    pub Net<const H: usize = 8>(x: [4]) -> [3] {
        x >> Linear(H) >> Relu >> Linear(3)
    }
    loss cross_entropy
}

const _: () = assert!(Net::<8>::PARAMS == 4 * 8 + 8 + 8 * 3 + 3);
const _: () = assert!(Net::<8>::FLOPS >= 2 * (4 * 8 + 8 * 3));
const _: () = assert!(Net::<8>::WORKSPACE <= 16 && Net::<8>::TRAIN_WORKSPACE <= 64);
static SCRATCH: [f32; <Net<8>>::WORKSPACE] = [0.0; <Net<8>>::WORKSPACE];

#[test]
fn runs() {
    assert_eq!(SCRATCH.len(), Net::<8>::WORKSPACE);
    let names: Vec<&str> = Net::<8>::LAYOUT.iter().map(|parameter| parameter.name).collect();
    assert_eq!(names, ["linear0.weight", "linear0.bias", "linear1.weight", "linear1.bias"]);
}
