//! What every processor has: one lane, plain multiply and add.

use super::{Isa, Simd};
use crate::scalar::Scalar;

/// The instruction set without assumptions.
#[derive(Clone, Copy, Debug)]
pub struct Plain;

impl Isa for Plain {
    const FMA: bool = false;
}

impl<T: Scalar> Simd<T> for Plain {
    type Vector = T;
    const LANES: usize = 1;
}
