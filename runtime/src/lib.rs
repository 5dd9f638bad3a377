//! Neural networks declared in a macro and compiled into plain, specialised Rust.

extern crate self as monograd;

mod activation;
mod init;
mod kernels;
pub mod layout;
pub mod math;
mod number;
mod scalar;
mod simd;

pub use activation::{
    Activation, Elu, Gelu, GeluTanh, HardSigmoid, HardSwish, Identity, LeakyRelu, Mish, Relu, Selu,
    Sigmoid, Silu, Softplus, Swish, Tanh,
};
pub use init::Init;
pub use layout::{Kind, Parameter};
pub use number::{Dual, Lane, Number};
pub use scalar::Scalar;
pub use simd::{InstructionSet, Isa, Plain, Simd, Vectorize};

/// Everything that declaring, training and running a network needs.
pub mod prelude {
    pub use crate::{
        Activation, Elu, Gelu, GeluTanh, HardSigmoid, HardSwish, Identity, LeakyRelu, Mish, Number,
        Relu, Scalar, Selu, Sigmoid, Silu, Softplus, Swish, Tanh,
    };
}
