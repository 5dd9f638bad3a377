//! How parameters begin: PyTorch's initialisers with PyTorch's defaults.

mod fill;
#[cfg(test)]
mod tests;

pub use fill::initialize;

/// A parameter's distribution before training. `fan_in` and `fan_out` are the numbers of inputs
/// and outputs that one unit is connected to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// Every scalar the same.
    Constant(f64),
    /// Uniform in ±bound.
    Uniform {
        /// The largest magnitude.
        bound: f64,
    },
    /// Uniform in ±1/sqrt(fan_in): PyTorch's default for linear layers and convolutions, weight
    /// and bias (`kaiming_uniform_` with a = sqrt 5).
    FanIn {
        /// Inputs of a unit.
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
        /// Standard deviation before the cut.
        std: f64,
    },
    /// Uniform in ±sqrt(6 / fan_in): He et al. 2015, for ReLU.
    KaimingUniform {
        /// Inputs of a unit.
        fan_in: usize,
    },
    /// Normal with variance 2 / fan_in: He et al. 2015, for ReLU.
    KaimingNormal {
        /// Inputs of a unit.
        fan_in: usize,
    },
    /// Uniform in ±sqrt(6 / (fan_in + fan_out)): Glorot and Bengio 2010.
    XavierUniform {
        /// Inputs of a unit.
        fan_in: usize,
        /// Outputs of a unit.
        fan_out: usize,
    },
    /// Normal with variance 2 / (fan_in + fan_out): Glorot and Bengio 2010.
    XavierNormal {
        /// Inputs of a unit.
        fan_in: usize,
        /// Outputs of a unit.
        fan_out: usize,
    },
    /// A random orthogonal matrix (Saxe et al. 2014): orthonormal rows or columns, whichever are
    /// fewer.
    Orthogonal {
        /// Rows of the matrix in a file's shape.
        rows: usize,
        /// Columns.
        columns: usize,
    },
}
