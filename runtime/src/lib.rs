//! Neural networks declared in a macro and compiled into plain, specialised Rust.

extern crate self as monograd;

mod activation;
mod buffer;
mod element;
mod error;
pub mod file;
mod init;
mod kernels;
pub mod layout;
mod nearest;
mod number;
mod parameters;
pub mod random;
mod scalar;
mod simd;
pub mod source;
mod tensor;

pub use activation::Activation;
pub use buffer::Buffer;
pub use element::Element;
pub use error::{Error, FileError, FileProblem, Result};
pub use init::{Init, initialize};
pub use layout::{Kind, Parameter};
pub use number::{Dual, Lane, Number};
pub use parameters::{ParameterEdit, ParameterView, Parameters, ParametersMut};
pub use random::Philox;
pub use scalar::Scalar;
pub use simd::{InstructionSet, Isa, Plain, Simd, Vectorize};
pub use source::{Feed, Port, Source, Views};
pub use tensor::Tensor;

/// Everything that declaring, training and running a network needs.
pub mod prelude {
    pub use crate::{Activation, Number, Scalar, Tensor};
}
