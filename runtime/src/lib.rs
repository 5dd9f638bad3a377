//! Neural networks declared in a macro and compiled into plain, specialised Rust.

extern crate self as monograd;

mod activation;
mod init;
mod kernels;
pub mod layout;
mod number;
pub mod optimizer;
mod scalar;
mod simd;

pub use activation::Activation;
pub use init::Init;
pub use layout::{Kind, Parameter};
pub use number::{Dual, Lane, Number};
pub use optimizer::{Adam, AdamW, Optimizer, RmsProp, Sgd, StepError, clip_gradient_norm};
pub use scalar::Scalar;
pub use simd::{InstructionSet, Isa, Plain, Simd, Vectorize};

/// What generated code calls; not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use crate::kernels::*;
}

/// Everything that declaring, training and running a network needs.
pub mod prelude {
    pub use crate::{Activation, Adam, AdamW, Number, Optimizer, RmsProp, Scalar, Sgd};
}
