//! Metrics that a validation collects from the outputs.

use crate::metrics::{Confusion, MetricError, Regression, RocAuc, TopK};
use crate::network::{Network, Trainable};
use crate::tensor::Tensor;

/// A metric of whole data sets, which a validation gives the outputs and targets of one batch after the other.
///
/// A `metric` that a network declares needs none of these. Those of [`metrics`](crate::metrics) are: [`Confusion`]
/// (accuracy, macro averages of precision, recall and F1), [`TopK`], [`RocAuc`], [`Regression`] (MAE, RMSE, R²); and
/// [`Perplexity`].
///
/// ```
/// use monograd::metrics::MetricError;
/// use monograd::train::{Metric, evaluate};
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// /// The largest output.
/// struct Largest(f64);
///
/// impl<N: Trainable<Scalar = f32, Output = Tensor>> Metric<N> for Largest {
///     fn names(&self) -> Vec<String> {
///         vec!["largest".to_owned()]
///     }
///
///     fn reset(&mut self) {
///         self.0 = f64::NEG_INFINITY;
///     }
///
///     fn add(&mut self, outputs: &Tensor, _: N::Targets<'_>) -> Result<(), MetricError> {
///         self.0 = outputs.iter().fold(self.0, |largest, y| largest.max((*y).into()));
///         Ok(())
///     }
///
///     fn values(&self, _: f64) -> Vec<f64> {
///         vec![self.0]
///     }
/// }
///
/// let (net, mut largest) = (Line::init(1), Largest(0.0));
/// let measured = evaluate(&net, |_epoch| [([0.0, 1.0], [1.0, 3.0])], &mut [&mut largest])?;
/// let outputs = net.forward(&[0.0, 1.0])?;
/// let expected = outputs.as_slice()[0].max(outputs.as_slice()[1]);
/// assert_eq!(measured.get("largest"), Some(expected.into()));
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no metric of `{N}`",
    note = "those of `monograd::metrics` and `Perplexity` are metrics; one of your own implements `monograd::train::Metric`"
)]
pub trait Metric<N: Trainable> {
    /// The names of the values.
    fn names(&self) -> Vec<String>;

    /// Returns false if the metric is computed from the mean loss alone, and needs no outputs.
    fn needs_outputs(&self) -> bool {
        true
    }

    /// Forgets all batches.
    fn reset(&mut self);

    /// Takes the outputs and targets of a batch.
    ///
    /// # Errors
    /// If they do not fit the metric.
    fn add(&mut self, outputs: &N::Output, targets: N::Targets<'_>) -> Result<(), MetricError>;

    /// Returns the values, in the order of the names; NaN for what is not defined. `loss` is the mean loss.
    fn values(&self, loss: f64) -> Vec<f64>;
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl<N> Metric<N> for Confusion
where
    N: Trainable<Output = Tensor<<N as Network>::Scalar>>,
    for<'a> N: Trainable<Targets<'a> = (&'a [u32],)>,
{
    fn names(&self) -> Vec<String> {
        owned(&["accuracy", "precision", "recall", "f1"])
    }

    fn reset(&mut self) {
        self.clear();
    }

    fn add(&mut self, outputs: &N::Output, (labels,): (&[u32],)) -> Result<(), MetricError> {
        self.add_scores(outputs.as_slice(), labels)
    }

    fn values(&self, _: f64) -> Vec<f64> {
        vec![self.accuracy(), self.macro_precision(), self.macro_recall(), self.macro_f1()]
    }
}

impl<N> Metric<N> for TopK
where
    N: Trainable<Output = Tensor<<N as Network>::Scalar>>,
    for<'a> N: Trainable<Targets<'a> = (&'a [u32],)>,
{
    fn names(&self) -> Vec<String> {
        vec![format!("top{}", self.k())]
    }

    fn reset(&mut self) {
        self.clear();
    }

    fn add(&mut self, outputs: &N::Output, (labels,): (&[u32],)) -> Result<(), MetricError> {
        self.add_scores(outputs.as_slice(), labels)
    }

    fn values(&self, _: f64) -> Vec<f64> {
        vec![self.value()]
    }
}

impl<N> Metric<N> for RocAuc
where
    N: Trainable<Output = Tensor<<N as Network>::Scalar>>,
    for<'a> N: Trainable<Targets<'a> = (&'a [<N as Network>::Scalar],)>,
{
    fn names(&self) -> Vec<String> {
        owned(&["roc_auc"])
    }

    fn reset(&mut self) {
        *self = Self::new();
    }

    fn add(&mut self, outputs: &N::Output, (targets,): (&[N::Scalar],)) -> Result<(), MetricError> {
        Self::add(self, outputs.as_slice(), targets)
    }

    fn values(&self, _: f64) -> Vec<f64> {
        vec![self.value().unwrap_or(f64::NAN)]
    }
}

impl<N> Metric<N> for Regression
where
    N: Trainable<Output = Tensor<<N as Network>::Scalar>>,
    for<'a> N: Trainable<Targets<'a> = (&'a [<N as Network>::Scalar],)>,
{
    fn names(&self) -> Vec<String> {
        owned(&["mae", "rmse", "r2"])
    }

    fn reset(&mut self) {
        *self = Self::new();
    }

    fn add(&mut self, outputs: &N::Output, (targets,): (&[N::Scalar],)) -> Result<(), MetricError> {
        Self::add(self, outputs.as_slice(), targets)
    }

    fn values(&self, _: f64) -> Vec<f64> {
        vec![self.mae(), self.rmse(), self.r2()]
    }
}

/// The exponential of the mean loss: the perplexity, if that is a cross entropy in nats.
///
/// ```
/// use monograd::prelude::*;
/// use monograd::train::{Perplexity, evaluate};
///
/// network! {
///     Even(x: [1]) -> [4] { concat(x, x, x, x) }
///     loss cross_entropy
/// }
///
/// // four classes of equal probability
/// let measured = evaluate(&Even::init(1), |_epoch| [([0.5, 2.0], [1, 3])], &mut [&mut Perplexity])?;
/// assert!((measured.get("perplexity").unwrap() - 4.0).abs() < 1e-5);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Perplexity;

impl<N: Trainable> Metric<N> for Perplexity {
    fn names(&self) -> Vec<String> {
        owned(&["perplexity"])
    }

    fn needs_outputs(&self) -> bool {
        false
    }

    fn reset(&mut self) {}

    fn add(&mut self, _: &N::Output, _: N::Targets<'_>) -> Result<(), MetricError> {
        Ok(())
    }

    fn values(&self, loss: f64) -> Vec<f64> {
        vec![loss.exp()]
    }
}

/// A metric by reference, whose state is looked at after the validation.
impl<N: Trainable, M: Metric<N> + ?Sized> Metric<N> for &mut M {
    fn names(&self) -> Vec<String> {
        (**self).names()
    }

    fn needs_outputs(&self) -> bool {
        (**self).needs_outputs()
    }

    fn reset(&mut self) {
        (**self).reset();
    }

    fn add(&mut self, outputs: &N::Output, targets: N::Targets<'_>) -> Result<(), MetricError> {
        (**self).add(outputs, targets)
    }

    fn values(&self, loss: f64) -> Vec<f64> {
        (**self).values(loss)
    }
}
