//! Experiment 1: do gradients vanish in deep stacks?
//!
//! Norms of gradients layer by layer at the initial weights, beside what theory predicts, and then which stacks
//! learn to read digits at all.

pub mod decay;
mod jacobian;
mod learn;
mod theory;

use crate::study::{Results, Scale};
use monograd::layout::place;
use monograd::prelude::*;
use monograd::{Init, Parameter, initialize};
use monograd_examples::Outcome;

// ANCHOR: networks
network! {
    /// Layers one upon the other. Numbers say what a layer has, so that one compiled network is all kinds of stacks:
    /// `residual` 1 adds its input to its output, `normalise` 1 normalises what it reads.
    pub Stack<A: Activation, const DEPTH: usize, const W: usize>(
        image: [64],
        residual: [],
        normalise: [],
    ) -> [10] {
        let embed = Linear(W);
        let head = Linear(10);
        let mut h = image >> embed;
        for i in 0..DEPTH {
            let norm = LayerNorm();
            #[name = "layers.{i}"]
            let fc = Linear(W);
            let read = normalise * (h >> norm) + (1 - normalise) * h;
            h = residual * h + (read >> fc >> A);
        }
        h >> head
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: networks

/// The kinds of stacks: a name, `residual` and `normalise`.
pub const KINDS: [(&str, f32, f32); 4] =
    [("plain", 0.0, 0.0), ("residual", 1.0, 0.0), ("normalised", 0.0, 1.0), ("both", 1.0, 1.0)];

/// Number of units of a layer.
const W: usize = 64;

/// The initial weights of the layers of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// `PyTorch`'s for `Linear`: uniform with variance 1 / (3 W), biases too.
    Default,
    /// Variance 1 / W, no biases (Glorot and Bengio 2010).
    Xavier,
    /// Variance 2 / W, no biases (He et al. 2015).
    Kaiming,
    /// A random orthogonal matrix, no biases (Saxe et al. 2014).
    Orthogonal,
    /// The same times the root of 2, which makes up for the half that a `ReLU` lets through.
    OrthogonalKaiming,
}

impl Weights {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Default, Self::Xavier, Self::Kaiming, Self::Orthogonal, Self::OrthogonalKaiming];

    /// Returns the name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "PyTorch's default",
            Self::Xavier => "Xavier",
            Self::Kaiming => "Kaiming",
            Self::Orthogonal => "orthogonal",
            Self::OrthogonalKaiming => "orthogonal x √2",
        }
    }

    /// Returns the variances of weights, times the number of inputs, and of biases.
    #[must_use]
    pub fn variances(self) -> (f64, f64) {
        match self {
            Self::Default => (1.0 / 3.0, 1.0 / (3.0 * W as f64)),
            Self::Xavier | Self::Orthogonal => (1.0, 0.0),
            Self::Kaiming | Self::OrthogonalKaiming => (2.0, 0.0),
        }
    }

    fn init(self) -> Option<Init> {
        match self {
            Self::Default => None,
            Self::Xavier => Some(Init::XavierNormal { fan_in: W, fan_out: W }),
            Self::Kaiming => Some(Init::KaimingNormal { fan_in: W }),
            Self::Orthogonal | Self::OrthogonalKaiming => {
                Some(Init::Orthogonal { rows: W, columns: W })
            }
        }
    }

    /// Gives the layers of `net` these weights.
    ///
    /// # Errors
    /// If the network has no such layers.
    pub fn fill<N: Network>(self, net: &mut N, depth: usize, seed: u64) -> Result<(), Error> {
        let Some(init) = self.init() else { return Ok(()) };
        let factor = if self == Self::OrthogonalKaiming { 2.0_f64.sqrt() } else { 1.0 };
        let mut weights = vec![0.0; W * W];
        for layer in 0..depth {
            let layout = place([Parameter::new("weight", &[W, W], init)]);
            initialize(&layout, (seed << 16) + layer as u64, &mut weights);
            let values: Vec<N::Scalar> =
                weights.iter().map(|w| N::Scalar::from_f64(factor * *w)).collect();
            let mut parameters = net.parameters_mut();
            parameters.get(&format!("layers.{layer}.weight"))?.copy_from_pytorch(&values)?;
            parameters.get(&format!("layers.{layer}.bias"))?.fill(N::Scalar::from_f64(0.0));
        }
        Ok(())
    }
}

/// The activations that the question is about.
pub const ACTIVATIONS: [&str; 5] = ["sigmoid", "tanh", "ReLU", "GELU", "SiLU"];

/// Runs the experiment.
///
/// # Errors
/// Those of the networks.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    decay::run(scale, results)?;
    jacobian::run(scale, results)?;
    learn::run(scale, results)
}
