//! Initial distributions of parameters: PyTorch's initialisers with PyTorch's defaults.

mod fill;
#[cfg(test)]
mod tests;

pub use fill::initialize;
pub(crate) use fill::initialize_one;

/// The distribution of a parameter before training. `fan_in` and `fan_out` are the numbers of inputs
/// and outputs of one unit.
///
/// ```
/// use monograd::layout::{Parameter, buffer_len, place};
/// use monograd::{Init, initialize};
///
/// let layout = place([Parameter::new("weight", &[4, 9], Init::FanIn { fan_in: 9 })]);
/// let mut weights = vec![0.0_f32; buffer_len(&layout)];
/// initialize(&layout, 42, &mut weights); // the seed determines them
/// assert!(weights[..36].iter().all(|weight| weight.abs() <= 1.0 / 3.0 && *weight != 0.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// Every scalar has this value.
    Constant(f64),
    /// Uniform in ±bound.
    Uniform {
        /// The largest magnitude.
        bound: f64,
    },
    /// Uniform in ±1/sqrt(fan_in): PyTorch's default for linear layers and convolutions, weight
    /// and bias (`kaiming_uniform_` with a = sqrt 5).
    FanIn {
        /// Number of inputs of a unit.
        fan_in: usize,
    },
    /// Normal with this mean and standard deviation.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        std: f64,
    },
    /// Normal, drawn again outside two standard deviations (PyTorch's `trunc_normal_` with
    /// a, b = ±2 std).
    TruncatedNormal {
        /// Standard deviation before the truncation.
        std: f64,
    },
    /// Uniform in ±sqrt(6 / fan_in): He et al. 2015, for ReLU.
    KaimingUniform {
        /// Number of inputs of a unit.
        fan_in: usize,
    },
    /// Normal with variance 2 / fan_in: He et al. 2015, for ReLU.
    KaimingNormal {
        /// Number of inputs of a unit.
        fan_in: usize,
    },
    /// Uniform in ±sqrt(6 / (fan_in + fan_out)): Glorot and Bengio 2010.
    XavierUniform {
        /// Number of inputs of a unit.
        fan_in: usize,
        /// Number of outputs of a unit.
        fan_out: usize,
    },
    /// Normal with variance 2 / (fan_in + fan_out): Glorot and Bengio 2010.
    XavierNormal {
        /// Number of inputs of a unit.
        fan_in: usize,
        /// Number of outputs of a unit.
        fan_out: usize,
    },
    /// A random orthogonal matrix (Saxe et al. 2014): orthonormal rows or columns, whichever are
    /// fewer.
    Orthogonal {
        /// Number of rows of the matrix, in the shape of the file.
        rows: usize,
        /// Number of columns.
        columns: usize,
    },
}
