//! Validation: loss and metrics of a data set, in one pass.

use super::metric::Metric;
use super::ranks::{Next, Pause, Ranks, agree};
use super::{TrainError, history::LOSS};
use crate::data::{Batch as _, Batches, DataError};
use crate::error::Result;
use crate::metrics::Mean;
use crate::network::{self, Inputs, Learner, Trainable};
use crate::scalar::Scalar as _;
use crate::source::Feed as _;
use std::fmt;

/// The mean loss of a data set and its metrics: those of the network, then those that were asked for.
///
/// ```
/// use monograd::prelude::*;
/// use monograd::train::evaluate;
///
/// network! {
///     Sign(x: [1]) -> [2] { concat(-x, x) }
///     loss cross_entropy
///     metric accuracy
/// }
///
/// let measured = evaluate(&Sign::init(1), |_epoch| [([1.0, -2.0, 3.0], [1, 0, 0])], &mut [])?;
/// assert_eq!((measured.samples, measured.get("accuracy")), (3, Some((2.0_f32 / 3.0).into())));
/// assert_eq!(measured.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["loss", "accuracy"]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The mean loss.
    pub loss: f64,
    /// The number of samples.
    pub samples: u64,
    metrics: Vec<(String, f64)>,
}

impl Measured {
    /// Returns a metric by its name; `loss` is the loss.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Returns an iterator over the loss and all metrics.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        let metrics = self.metrics.iter().map(|(name, value)| (name.as_str(), *value));
        std::iter::once((LOSS, self.loss)).chain(metrics)
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "loss {:.4}", self.loss)?;
        self.iter().skip(1).try_for_each(|(name, value)| write!(f, ", {name} {value:.4}"))
    }
}

/// Computes the loss and all metrics of a data set in one pass over it, the first epoch of `data`.
///
/// ```
/// use monograd::metrics::Confusion;
/// use monograd::prelude::*;
/// use monograd::train::{Perplexity, evaluate};
///
/// network! {
///     Scores(x: [2]) -> [3] { x >> Linear(3) }
///     loss cross_entropy
///     metric accuracy
/// }
///
/// let (x, labels) = (vec![0.5; 2 * 10], vec![1; 10]);
/// let mut confusion = Confusion::new(3);
/// let measured = evaluate(
///     &Scores::init(1),
///     |_epoch| x.chunks(2 * 4).zip(labels.chunks(4)),
///     &mut [&mut confusion, &mut Perplexity],
/// )?;
/// assert_eq!(measured.get("accuracy"), Some(confusion.accuracy()));
/// assert_eq!(measured.get("perplexity"), Some(measured.loss.exp()));
/// println!("{measured}\n{confusion}");
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// Those of the data, the network and the metrics, and if there is no batch.
pub fn evaluate<L: Learner<Network = N>, N: Trainable>(
    net: &L,
    data: impl Batches<N>,
    metrics: &mut [&mut dyn Metric<N>],
) -> Result<Measured> {
    evaluate_by(None, net.seen(), data, metrics)
}

/// Does the same by several ranks, each of which computes its part of every batch and has the values of all.
pub(super) fn evaluate_by<N: Trainable>(
    mut ranks: Option<&mut Ranks<'_, N>>,
    net: &N,
    mut data: impl Batches<N>,
    metrics: &mut [&mut dyn Metric<N>],
) -> Result<Measured> {
    metrics.iter_mut().for_each(|metric| metric.reset());
    let with_outputs = metrics.iter().any(|metric| metric.needs_outputs());
    let mut sums = Sums::new(N::METRICS);
    let mut batches = data.epoch(0)?;
    loop {
        let next = batches.next().transpose();
        let agreed = match &mut ranks {
            None => Ok(Pause::default()),
            Some(ranks) => {
                let (next, own) = (Next::of(&next), Pause::default());
                agree(ranks.collective(), next, own, ("validation", 0))
            }
        };
        // the rank's own error tells more than that it has failed
        let batch = next?;
        agreed?;
        let Some(batch) = batch else { break };
        let (inputs, targets) = (batch.inputs(), batch.targets());
        let measures = match &mut ranks {
            None => net.measure(inputs, targets)?,
            Some(ranks) => ranks.measure(net, network::Batch::new(inputs, targets))?,
        };
        sums.add(batch.samples(), measures.loss.to_f64(), measures.iter().map(|(_, x)| x.to_f64()));
        if with_outputs {
            let outputs = match &mut ranks {
                None => net.forward(batch.inputs())?,
                Some(ranks) => ranks.forward(net, &Inputs::checked::<N>(batch.inputs())?)?,
            };
            for metric in metrics.iter_mut().filter(|metric| metric.needs_outputs()) {
                metric.add(&outputs, batch.targets().views()).map_err(|error| {
                    let metric = metric.names().into_iter().next().unwrap_or_default();
                    TrainError::Metric { metric, error }
                })?;
            }
        }
    }
    let mut measured = sums.measured()?;
    for metric in metrics {
        for (name, value) in metric.names().into_iter().zip(metric.values(measured.loss)) {
            // the network's own accuracy, say, is that of a confusion matrix
            if measured.get(&name).is_none() {
                measured.metrics.push((name, value));
            }
        }
    }
    Ok(measured)
}

/// Batches by reference, for each validation.
pub(super) struct Shared<'d, D>(pub &'d mut D);

impl<N: Trainable, D: Batches<N>> Batches<N> for Shared<'_, D> {
    type Batch = D::Batch;

    fn epoch(
        &mut self,
        epoch: u64,
    ) -> Result<impl Iterator<Item = Result<Self::Batch, DataError>>, DataError> {
        self.0.epoch(epoch)
    }
}

/// The sums of a validation that do not depend on the type of the network.
struct Sums {
    names: &'static [&'static str],
    samples: u64,
    loss: Mean,
    metrics: Vec<Mean>,
}

impl Sums {
    fn new(names: &'static [&'static str]) -> Self {
        Self { names, samples: 0, loss: Mean::new(), metrics: vec![Mean::new(); names.len()] }
    }

    fn add(&mut self, samples: usize, loss: f64, metrics: impl Iterator<Item = f64>) {
        self.samples += samples as u64;
        self.loss.add(loss, samples);
        self.metrics.iter_mut().zip(metrics).for_each(|(mean, value)| mean.add(value, samples));
    }

    fn measured(self) -> Result<Measured> {
        if self.samples == 0 {
            return Err(TrainError::NoBatches { data: "validation", epoch: 0 }.into());
        }
        let names = self.names.iter().map(|name| (*name).to_owned());
        let metrics = names.zip(self.metrics.iter().map(Mean::value)).collect();
        Ok(Measured { loss: self.loss.value(), samples: self.samples, metrics })
    }
}
