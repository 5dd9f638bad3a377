//! A short bound for functions that are generic over networks.

use super::Trainable;
use crate::scalar::Scalar;
use crate::tensor::Tensor;

/// A network that learns from pairs: it takes one input of elements `X`, returns one tensor, and its loss has one target
/// of elements `Y`. Every such network has this trait.
///
/// It is a short bound for functions that are generic over networks: `&[X]` feeds the network, and `&[Y]` its loss.
///
/// ```
/// use monograd::prelude::*;
///
/// /// Returns the share of samples that are classified correctly.
/// fn accuracy<N: Supervised<f32, u32>>(net: &N, x: &[f32], labels: &[u32]) -> Result<f64, Error> {
///     let classes = net.forward(x)?.argmax();
///     let right = classes.iter().zip(labels).filter(|(class, label)| class == label).count();
///     Ok(right as f64 / labels.len() as f64)
/// }
///
/// network! {
///     Scores(x: [2]) -> [3] { x >> Linear(3) }
///     loss cross_entropy
/// }
///
/// let accuracy = accuracy(&Scores::init(1), &[0.5; 8], &[1; 4])?;
/// assert!(accuracy == 0.0 || accuracy == 1.0);
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not learn from one input of `{X}` and one target of `{Y}`",
    note = "it is for networks with one input, one output and a loss with one target; `u32` are class numbers"
)]
pub trait Supervised<X, Y, T: Scalar = f32>:
    for<'a> Trainable<Scalar = T, Inputs<'a> = (&'a [X],), Targets<'a> = (&'a [Y],), Output = Tensor<T>>
{
}

impl<X, Y, T: Scalar, N> Supervised<X, Y, T> for N where
    N: for<'a> Trainable<
            Scalar = T,
            Inputs<'a> = (&'a [X],),
            Targets<'a> = (&'a [Y],),
            Output = Tensor<T>,
        >
{
}
