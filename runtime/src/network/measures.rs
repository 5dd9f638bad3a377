//! The values of a loss and its metrics.

use crate::scalar::Scalar;
use std::fmt;

/// The mean loss of a batch and its mean metrics by name.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Scores(x: [2]) -> [3] { x >> Linear(3) }
///     loss cross_entropy
///     metric accuracy
/// }
///
/// let net = Scores::init(1);
/// let measures = net.measure(&[0.5, -0.5, 1.0, 0.25], &[2, 0])?;
/// let accuracy = measures.get("accuracy").unwrap();
/// assert!([0.0, 0.5, 1.0].contains(&accuracy));
/// println!("{measures}"); // the loss, then every metric by its name
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Measures<T> {
    /// The mean loss.
    pub loss: T,
    pub(super) names: &'static [&'static str],
    pub(super) values: Vec<T>,
}

impl<T: Scalar> Measures<T> {
    /// Returns the metric `name`, if the network declares it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<T> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Returns an iterator over all metrics with their names, in the order of their declaration.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&'static str, T)> + use<'_, T> {
        self.names.iter().copied().zip(self.values.iter().copied())
    }
}

impl<T: Scalar> fmt::Display for Measures<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "loss {:.4}", self.loss.to_f64())?;
        self.iter().try_for_each(|(name, value)| write!(f, ", {name} {:.4}", value.to_f64()))
    }
}
