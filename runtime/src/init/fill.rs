//! Draws the initial values of parameters.

use super::Init;
use crate::layout::{Entry, Parameter, entries};
use crate::random::{Generator, Philox};
use crate::scalar::Scalar;
use nalgebra::DMatrix;

impl Init {
    /// Draws `values`, in the order of a file. They are drawn in `f64` and then rounded, so that
    /// networks in `f32` and in `f64` begin alike.
    ///
    /// # Panics
    /// If the length of `values` is not a multiple of the size of an orthogonal initialiser's matrix.
    pub fn fill<T: Scalar>(&self, random: &mut Generator, values: &mut [T]) {
        match *self {
            Self::Constant(value) => values.fill(T::from_f64(value)),
            Self::Uniform { bound } => uniform(bound, random, values),
            Self::FanIn { fan_in } => uniform(root(1.0, fan_in), random, values),
            Self::KaimingUniform { fan_in } => uniform(root(6.0, fan_in), random, values),
            Self::XavierUniform { fan_in, fan_out } => {
                uniform(root(6.0, fan_in + fan_out), random, values);
            }
            Self::Normal { mean, std } => draw(values, || mean + std * random.normal()),
            Self::KaimingNormal { fan_in } => normal(root(2.0, fan_in), random, values),
            Self::XavierNormal { fan_in, fan_out } => {
                normal(root(2.0, fan_in + fan_out), random, values);
            }
            Self::TruncatedNormal { std } => draw(values, || {
                loop {
                    let x = random.normal();
                    if x.abs() <= 2.0 {
                        return std * x;
                    }
                }
            }),
            Self::Orthogonal { rows, columns } => {
                assert!(
                    values.len().checked_rem(rows * columns).unwrap_or(values.len()) == 0,
                    "{} scalars are no whole number of {rows} x {columns} matrices",
                    values.len()
                );
                for matrix in values.chunks_exact_mut((rows * columns).max(1)) {
                    let q = orthogonal(rows, columns, random);
                    for (i, value) in matrix.iter_mut().enumerate() {
                        *value = T::from_f64(q[(i / columns, i % columns)]);
                    }
                }
            }
        }
    }
}

/// Returns sqrt(numerator / fan), or 0 for units that are connected to nothing.
fn root(numerator: f64, fan: usize) -> f64 {
    if fan == 0 { 0.0 } else { libm::sqrt(numerator / fan as f64) }
}

fn draw<T: Scalar>(values: &mut [T], mut one: impl FnMut() -> f64) {
    values.iter_mut().for_each(|value| *value = T::from_f64(one()));
}

fn uniform<T: Scalar>(bound: f64, random: &mut Generator, values: &mut [T]) {
    draw(values, || bound * (2.0 * random.uniform() - 1.0));
}

fn normal<T: Scalar>(std: f64, random: &mut Generator, values: &mut [T]) {
    draw(values, || std * random.normal());
}

/// Draws an orthogonal matrix: Q of the QR decomposition of a matrix of normal numbers, as PyTorch's
/// `orthogonal_` does it. The matrix decomposed is tall, and Q is transposed if a wide one is wanted.
/// The diagonal of R is positive (as nalgebra chooses it), which makes the distribution uniform.
///
/// Not generic, so that the decomposition is compiled with the library instead of with each network.
fn orthogonal(rows: usize, columns: usize, random: &mut Generator) -> DMatrix<f64> {
    let (tall, wide) = (rows.max(columns), rows.min(columns));
    let mut matrix = DMatrix::zeros(tall, wide);
    draw(matrix.as_mut_slice(), || random.normal());
    let q = matrix.qr().q();
    if rows >= columns { q } else { q.transpose() }
}

/// Draws every parameter of `layout` into the flat buffer `values`.
///
/// The numbers drawn for a parameter depend only on the seed and its name: adding a layer or removing
/// a bias does not change the other parameters.
///
/// # Panics
/// If `values` is shorter than the layout.
pub fn initialize<T: Scalar>(layout: &[Parameter], seed: u64, values: &mut [T]) {
    entries(layout).for_each(|entry| initialize_one(entry, seed, &mut values[entry.range()]));
}

/// Draws the parameter `entry`, as [`initialize`] does, into its own `values`.
pub(crate) fn initialize_one<T: Scalar>(entry: Entry<'_>, seed: u64, values: &mut [T]) {
    let mut random = Philox::new(seed).stream(stream_of(&entry.name()));
    entry.parameter().write_in_file_order(values, |values| {
        entry.init().fill(&mut random, values);
        if let Some(row) = entry.parameter().zero_row {
            let len: usize = entry.parameter().shape[1..].iter().product();
            values[row * len..][..len].fill(T::from_f64(0.0));
        }
    });
}

/// Returns the random stream of a name: its FNV-1a hash (Fowler, Noll, Vo; 64 bits).
const fn stream_of(name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut i = 0;
    while i < name.len() {
        hash = (hash ^ name.as_bytes()[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    hash
}
