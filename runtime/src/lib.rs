//! Neural networks declared in a macro and compiled into plain, specialised Rust.

extern crate self as monograd;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod activation;
mod buffer;
mod element;
mod error;
pub mod file;
mod init;
mod kernels;
pub mod layout;
pub mod math;
mod nearest;
mod network;
mod number;
pub mod optimizer;
mod parameters;
pub mod random;
mod scalar;
mod simd;
pub mod source;
mod summary;
mod tensor;

pub use activation::{
    Activation, Elu, Gelu, GeluTanh, HardSigmoid, HardSwish, Identity, LeakyRelu, Mish, Relu, Selu,
    Sigmoid, Silu, Softplus, Swish, Tanh,
};
pub use buffer::Buffer;
pub use element::Element;
pub use error::{Error, FileError, FileProblem, Result};
pub use init::{Init, initialize};
pub use kernels::loss::IGNORE_INDEX;
pub use layout::{Kind, Parameter};
pub use monograd_macros::network;
pub use network::{Gradients, Network, Outputs, Trainable, Workspace};
pub use number::{Dual, Lane, Number};
pub use optimizer::{Adam, AdamW, Optimizer, RmsProp, Sgd, StepError, clip_gradient_norm};
pub use parameters::{ParameterEdit, ParameterView, Parameters, ParametersMut};
pub use random::Philox;
pub use scalar::Scalar;
pub use simd::{InstructionSet, Isa, Plain, Simd, Vectorize};
pub use source::{Feed, Port, Source, Views};
pub use summary::{Row, Summary};
pub use tensor::Tensor;

/// Everything that declaring, training and running a network needs.
pub mod prelude {
    pub use crate::{
        Activation, Adam, AdamW, Elu, Error, Gelu, GeluTanh, HardSigmoid, HardSwish, Identity,
        LeakyRelu, Mish, Network, Number, Optimizer, Relu, RmsProp, Scalar, Selu, Sgd, Sigmoid,
        Silu, Softplus, Swish, Tanh, Tensor, Trainable, network,
    };
}
