//! Neural networks declared in a macro and compiled into plain, specialised Rust.
//!
//! [`network!`] declares a network: a type whose forward and backward passes are generated for its
//! shapes and activations. Its methods are those of [`Network`], and of [`Trainable`] if it has a
//! `loss`.
//!
//! ```
//! use monograd::prelude::*;
//!
//! network! {
//!     /// y = sin(6 x), learned.
//!     pub Wave<A: Activation = Tanh, const H: usize = 16>(x: [1]) -> [1] {
//!         let h = x >> Linear(H) >> A;
//!         let h = h + (h >> Linear(H) >> A);
//!         h >> Linear(1)
//!     }
//!     loss mse
//! }
//!
//! # fn main() -> Result<(), Error> {
//! // samples are consecutive in memory; here, each is one number
//! let x: Vec<f32> = (0..64).map(|i| i as f32 / 32.0 - 1.0).collect();
//! let y: Vec<f32> = x.iter().map(|x| (6.0 * x).sin()).collect();
//!
//! let mut net: Wave = Wave::init(42); // the same seed, the same bits, on every machine
//! let mut optimizer = AdamW::new(1e-2);
//! let before = net.loss(&x, &y)?;
//! for _ in 0..300 {
//!     net.train_step(&x, &y, &mut optimizer)?;
//! }
//! assert!(net.loss(&x, &y)? < before / 10.0);
//!
//! let prediction = net.forward(&[0.25])?;
//! assert_eq!(prediction.shape(), [1, 1]);
//!
//! # let folder = std::env::temp_dir().join(format!("monograd-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).unwrap();
//! let path = "wave.safetensors"; // PyTorch's names and shapes
//! # let path = folder.join(path);
//! net.save(&path)?;
//! let again = Wave::<Tanh, 16>::load(&path)?;
//! assert_eq!(again.forward(&[0.25])?.as_slice(), prediction.as_slice());
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! - `parallel` (default): training and inference on several cores, with rayon.
//! - `f64`: kernels for `f64` are compiled with the library, once, instead of with each crate whose networks use it.
//! - `csv`: tables in CSV files, `data::csv`.
//! - `gzip`: packed IDX and npy files, [`data::array`].
//! - `wav`: recordings in WAV files, `data::wav`.
//! - `progress`: a bar that shows the progress of a [training](train::Trainer), with indicatif.
//! - `interrupt`: Ctrl-C ends a [training](train::Trainer) cleanly, with signal-hook.
//! - `mpi`: training on several machines by MPI, see [`distributed`]. Needs an MPI library and libclang to build.
//! - `plot`: line charts, bars and heat maps as SVG and PNG, `plot`.
//! - `tensorboard`: event files of TensorBoard, `tensorboard`.

extern crate self as monograd;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod activation;
mod buffer;
pub mod data;
pub mod distributed;
mod element;
mod error;
pub mod file;
mod formulas;
pub mod graph;
mod init;
pub mod inspect;
mod kernels;
pub mod layer;
pub mod layout;
pub mod math;
pub mod metrics;
mod nearest;
mod network;
mod number;
pub mod optimizer;
mod parameters;
mod pattern;
#[cfg(feature = "plot")]
pub mod plot;
pub mod random;
mod sampler;
mod scalar;
pub mod schedule;
mod simd;
mod sort;
pub mod source;
mod summary;
mod tensor;
#[cfg(feature = "tensorboard")]
pub mod tensorboard;
pub mod train;
mod workers;

pub use activation::{
    Activation, Elu, Gelu, GeluTanh, HardSigmoid, HardSwish, Identity, LeakyRelu, Mish, Relu, Selu,
    Sigmoid, Silu, Softplus, Swish, Tanh,
};
pub use buffer::Buffer;
pub use element::Element;
pub use error::{Error, FileError, FileProblem, Result};
pub use file::Weights;
pub use formulas::{Formula, Formulas};
pub use graph::Graph;
pub use init::{Init, initialize};
pub use kernels::loss::IGNORE_INDEX;
pub use layer::Layer;
pub use layout::{Kind, Parameter};
/// Declares networks.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     /// Computes from two images the logit of the probability that they show the same.
///     pub Same<const H: usize = 32>(left: [8, 8], right: [8, 8]) -> [1] {
///         let encoder = Linear(H); // applied twice, its parameters are shared
///         let a = left >> Flatten() >> encoder >> Gelu;
///         let b = right >> Flatten() >> encoder >> Gelu;
///         concat(a * b, abs(a - b)) >> Linear(1)
///     }
///     loss bce_with_logits
/// }
///
/// let net: Same = Same::init(1);
/// let (left, right) = ([0.5; 3 * 64], [0.25; 3 * 64]); // three samples
/// assert_eq!(net.forward((&left, &right))?.shape(), [3, 1]);
/// # Ok::<(), Error>(())
/// ```
///
/// A network consists of a name, generic parameters with defaults
/// (`<A: Activation = Gelu, const H: usize = 64>`), inputs and output with the shapes of one sample, a
/// body of `let`s that ends with the output, and optionally a `loss`:
///
/// | form | meaning |
/// |---|---|
/// | `x >> Linear(64) >> Gelu` | apply layers and activations |
/// | `x >> other::Encoder::<64>()` | apply a network of another module or crate, or a hand-written [`Layer`] |
/// | `let fc = Linear(64);` | name a layer; applied twice, it is shared |
/// | `#[name = "encoder.0"]`, `#[frozen]` | set the name in files; exclude from training |
/// | `a + b`, `exp(a)`, `maximum(a, b)`, `A(a)` | elementwise operations; shapes broadcast as in `NumPy` |
/// | `x: [dyn T <= 256, 80]`, then `T` | a size that is known only when the network runs |
/// | `sum mean softmax log_softmax reshape concat`, `x[a..b, i]` | operations over and along axes |
/// | `loss cross_entropy(label_smoothing = 0.1)` | the loss that training minimises |
/// | <code>loss \|y, target: &#91;10&#93;\| mean(abs(y - target))</code> | a custom loss |
///
/// Layers: `Linear`, `Dropout`, `Flatten`. Losses: `cross_entropy`, `bce_with_logits`, `mse`, `l1`,
/// `huber`, `smooth_l1`.
pub use monograd_macros::network;
pub use network::{
    Cost, Differentiable, Gradients, InputGradients, Inspect, InspectTraining, Learner, Measures,
    Network, Outputs, SavedStream, StepOutput, Stream, Streamable, Streaming, Supervised,
    Trainable, VectorJacobian, Workspace,
};
pub use number::{Dual, Lane, Number};
pub use optimizer::{
    Adagrad, Adam, AdamW, Lbfgs, Lion, Muon, NAdam, Optimizer, RmsProp, Sgd, StepError,
    clip_gradient_norm,
};
pub use parameters::{ParameterEdit, ParameterView, Parameters, ParametersMut};
pub use random::Philox;
pub use sampler::{SampleError, Sampler};
pub use scalar::Scalar;
pub use simd::{InstructionSet, Isa, Plain, Simd, Vectorize};
pub use source::{Extent, Feed, Length, Port, Source, Views};
pub use summary::{Label, Row, Summary};
pub use tensor::Tensor;
pub use train::Trainer;

/// The traits, types and macros for declaring, training and running a network.
pub mod prelude {
    pub use crate::{
        Activation, Adagrad, Adam, AdamW, Elu, Error, Gelu, GeluTanh, HardSigmoid, HardSwish,
        Identity, Lbfgs, LeakyRelu, Lion, Mish, Muon, NAdam, Network, Number, Optimizer, Relu,
        RmsProp, Scalar, Selu, Sgd, Sigmoid, Silu, Softplus, Streaming, Supervised, Swish, Tanh,
        Tensor, Trainable, Trainer, Weights, network,
    };
}
