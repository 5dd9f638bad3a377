//! The trainer and its options.

use super::callback::{Answer, At, Callback, Closure, Event};
use super::course::{Course, Sum};
use super::evaluate::{Shared, evaluate_by};
use super::options::{Options, Rate};
use super::ranks::Ranks;
use super::report::Reporter;
use super::{Average, Checkpoints, EarlyStopping, Goal, History, Measured, Metric};
use crate::buffer::Buffer;
use crate::data::Batches;
use crate::distributed::Collective;
use crate::error::Result;
use crate::network::{Learner, Trainable};
use crate::optimizer::Optimizer;
use crate::schedule::{ReduceOnPlateau, Schedule};
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// A validation: measures the network, and the metrics that are given, by the ranks if there are several.
pub(super) type Validation<'a, N> = Box<
    dyn FnMut(Option<&mut Ranks<'_, N>>, &N, &mut [&mut dyn Metric<N>]) -> Result<Measured> + 'a,
>;

/// Trains a network: [`fit`](Self::fit) runs over the data, epoch by epoch. Every option is a method, with the
/// names of PyTorch and Keras; without any, it trains for one epoch.
///
/// See the [module](super) for an example.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] {
///         x >> Linear(1)
///     }
///     loss mse
/// }
///
/// let (x, y) = ([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0]);
/// let (mut net, mut optimizer) = (Line::init(1), Sgd::new(0.1));
/// let fitted = Trainer::new(&mut net, &mut optimizer).epochs(200).fit(|_epoch| [(&x, &y)])?;
/// assert_eq!(fitted.steps, 200);
/// assert!(net.loss(&x, &y)? < 1e-3);
/// # Ok::<(), Error>(())
/// ```
#[must_use = "a trainer does nothing until `fit` is called"]
pub struct Trainer<'a, N: Trainable> {
    pub(super) net: &'a mut N,
    pub(super) optimizer: &'a mut dyn Optimizer<N::Scalar>,
    pub(super) course: Course<'a>,
    pub(super) validation: Option<Validation<'a, N>>,
    pub(super) metrics: Vec<Box<dyn Metric<N> + 'a>>,
    pub(super) callbacks: Vec<Box<dyn Callback<N> + 'a>>,
    pub(super) average: Option<Average<N::Scalar>>,
    pub(super) ranks: Option<Ranks<'a, N>>,
    /// The best weights; empty before the first validation.
    pub(super) best: Buffer<N::Scalar>,
    /// The gradients of the micro-batches of a step, times their numbers of samples.
    pub(super) sum: Buffer<N::Scalar>,
    #[cfg(feature = "interrupt")]
    pub(super) catches: bool,
}

impl<'a, N: Trainable> Trainer<'a, N> {
    /// Creates a trainer of a network with an optimiser of any kind, both of which can be used again after the
    /// training.
    pub fn new<L: Learner<Network = N>>(
        net: &'a mut L,
        optimizer: &'a mut dyn Optimizer<N::Scalar>,
    ) -> Self {
        let options = Options {
            epochs: None,
            steps: None,
            epoch_len: None,
            accumulate: 1,
            clip_norm: None,
            value: None,
            keeps_best: false,
            checkpoints: None,
            resume: false,
        };
        let course = Course {
            options,
            rate: Rate::Own,
            stopping: EarlyStopping::new(Goal::Minimize),
            reporter: Reporter::default(),
            flags: Vec::new(),
            history: History::new(),
            epoch: 0,
            batch: 0,
            step: 0,
            of_epoch: Sum::default(),
            of_step: Sum::default(),
            parts: 0,
            last_loss: f64::NAN,
            value: None,
            is_stopped: false,
            is_interrupted: false,
            saved: None,
            resumed_from: None,
            clock: Instant::now(),
            clocked: 0.0,
        };
        Self {
            net: net.itself(),
            optimizer,
            course,
            validation: None,
            metrics: Vec::new(),
            callbacks: Vec::new(),
            average: None,
            ranks: None,
            best: Buffer::default(),
            sum: Buffer::default(),
            #[cfg(feature = "interrupt")]
            catches: false,
        }
    }

    /// Sets the number of epochs (by default 1, or any number if `steps` is set).
    pub fn epochs(mut self, epochs: u64) -> Self {
        self.course.options.epochs = Some(epochs);
        self
    }

    /// Sets the number of steps of the optimiser after which the training ends.
    pub fn steps(mut self, steps: u64) -> Self {
        self.course.options.steps = Some(steps);
        self
    }

    /// Ends an epoch after so many batches, for data without an end or with very long epochs. (With
    /// [`accumulate`](Self::accumulate), several batches are a step.)
    pub fn batches_per_epoch(mut self, batches: u64) -> Self {
        self.course.options.epoch_len = Some(batches);
        self
    }

    /// Sets the data on which loss and metrics are measured after each epoch: `val_loss`, and `val_` before the name
    /// of each metric.
    pub fn validation(mut self, mut data: impl Batches<N> + 'a) -> Self {
        self.validation = Some(Box::new(move |ranks, net, metrics| {
            evaluate_by(ranks, net, Shared(&mut data), metrics)
        }));
        self
    }

    /// Adds a metric of the validation, beside those that the network declares. Pass `&mut metric` to look at it
    /// after the training.
    pub fn metric(mut self, metric: impl Metric<N> + 'a) -> Self {
        self.metrics.push(Box::new(metric));
        self
    }

    /// Sets the value to be minimised, by name (by default `loss`): that of the validation, if there is one. It is
    /// what patience, the best weights, the best checkpoints and `reduce_on_plateau` go by.
    pub fn minimize(self, name: &str) -> Self {
        self.optimized(name, Goal::Minimize)
    }

    /// Sets the value to be maximised, by name, such as `accuracy`; see [`minimize`](Self::minimize).
    pub fn maximize(self, name: &str) -> Self {
        self.optimized(name, Goal::Maximize)
    }

    fn optimized(mut self, name: &str, goal: Goal) -> Self {
        self.course.options.value = Some(name.to_owned());
        self.course.stopping.goal = goal;
        self
    }

    /// Stops early: after so many epochs in a row whose value is no better than the best one. The network then has
    /// the weights of the best epoch.
    pub fn patience(mut self, epochs: u64) -> Self {
        self.course.stopping.patience = Some(epochs);
        self.course.options.keeps_best = true;
        self
    }

    /// Sets by how much a value has to be better to count as better (by default 0).
    pub fn min_delta(mut self, min_delta: f64) -> Self {
        self.course.stopping.min_delta = min_delta;
        self
    }

    /// Sets whether the network has the weights of the best epoch after the training, and not those of the last one
    /// (by default only with patience).
    pub fn restore_best(mut self, restore_best: bool) -> Self {
        self.course.options.keeps_best = restore_best;
        self
    }

    /// Sets the learning rate of each step.
    pub fn schedule(mut self, schedule: impl Schedule + 'a) -> Self {
        self.course.rate = Rate::Scheduled(Box::new(schedule));
        self
    }

    /// Reduces the learning rate when the value of the epochs no longer gets better.
    pub fn reduce_on_plateau(mut self, plateau: ReduceOnPlateau) -> Self {
        self.course.rate = Rate::Plateau(plateau);
        self
    }

    /// Clips the global norm of the gradients of each step to `max`, and records it as `gradient_norm`; see
    /// [`clip_gradient_norm`](crate::clip_gradient_norm). (An optimiser's own `clip_norm` does the same without
    /// the record.)
    pub fn clip_norm(mut self, max: f64) -> Self {
        self.course.options.clip_norm = Some(max);
        self
    }

    /// Takes a step with the gradients of so many batches, weighted by their samples: as one large batch, with the
    /// memory of a small one (by default 1). The last step of an epoch may have fewer.
    ///
    /// A loss that is not a plain mean over samples (a cross entropy with class weights or ignored targets) weights
    /// the batches by their samples all the same.
    pub fn accumulate(mut self, batches: u64) -> Self {
        self.course.options.accumulate = batches;
        self
    }

    /// Keeps the exponential moving average of the weights, updated after each step; see [`Average`]. It is what is
    /// validated, and what the network has after the training.
    pub fn average(mut self, decay: f64) -> Self {
        self.average = Some(Average::new(decay));
        self
    }

    /// Writes checkpoints: pass a folder, or [`Checkpoints`] with options.
    pub fn checkpoints(mut self, checkpoints: impl Into<Checkpoints>) -> Self {
        self.course.options.checkpoints = Some(checkpoints.into());
        self
    }

    /// Goes on from the newest checkpoint of the folder, bit for bit as if the training had not stopped; begins if
    /// there is none yet. Without it, a folder with checkpoints is an error.
    pub fn resume(mut self) -> Self {
        self.course.options.resume = true;
        self
    }

    /// Trains with other ranks, each of which computes its part of every batch, of the training and of the validation:
    /// what they learn is what one rank learns, but for the rounding of sums over the ranks; see
    /// [`distributed`](crate::distributed). Pass the group that [`Threads::run`](crate::distributed::Threads::run) or
    /// `Mpi::run` hands out.
    ///
    /// Every rank calls `fit` with the same options and the same batches. All begin with the network and the optimiser of
    /// rank 0, which alone prints, and reads and writes checkpoints. Callbacks run on every rank; what ends the training
    /// on one, as a callback or Ctrl-C, ends it on all after the same step.
    ///
    /// ```
    /// use monograd::distributed::Threads;
    /// use monograd::prelude::*;
    ///
    /// network! {
    ///     Line(x: [1]) -> [1] {
    ///         x >> Linear(1)
    ///     }
    ///     loss mse
    /// }
    ///
    /// let (x, y) = ([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0]);
    /// let losses = Threads::run(3, |world| -> Result<f32, Error> {
    ///     let (mut net, mut optimizer) = (Line::init(1), Sgd::new(0.1));
    ///     Trainer::new(&mut net, &mut optimizer)
    ///         .epochs(200)
    ///         .distributed(world)
    ///         .fit(|_epoch| [(&x, &y)])?;
    ///     net.loss(&x, &y)
    /// })?;
    /// assert!(losses[0] < 1e-3);
    /// assert_eq!(losses, [losses[0]; 3]);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn distributed(mut self, ranks: impl Collective + 'a) -> Self {
        self.ranks = Some(Ranks::new(ranks, super::fit::begin_together));
        self
    }

    /// Runs a closure at an event. It may return nothing or a `Result`, whose error ends the training.
    pub fn on<A: Answer>(self, event: Event, run: impl FnMut(&mut At<'_, N>) -> A + 'a) -> Self {
        self.callback(Closure { event, run })
    }

    /// Adds a callback.
    pub fn callback(mut self, callback: impl Callback<N> + 'a) -> Self {
        self.callbacks.push(Box::new(callback));
        self
    }

    /// Passes the line of each epoch to a closure.
    pub fn report(mut self, lines: impl FnMut(&str) + 'a) -> Self {
        self.course.reporter.lines = Some(Box::new(lines));
        self
    }

    /// Prints a line for each epoch.
    pub fn verbose(self) -> Self {
        self.report(|line| {
            // an error of printing is none of the training
            let _ = writeln!(std::io::stdout(), "{line}");
        })
    }

    /// Shows a bar with the epoch, its loss, samples a second and the time left, and prints a line for each epoch;
    /// without a terminal, only the lines. It needs feature `progress`.
    #[cfg(feature = "progress")]
    pub fn progress(mut self) -> Self {
        self.course.reporter.bar = Some(super::progress::Bar::new());
        self
    }

    /// Ends the training after the current step when `flag` is true, with a checkpoint if there is a folder for it.
    pub fn stop_when(mut self, flag: Arc<AtomicBool>) -> Self {
        self.course.flags.push(flag);
        self
    }

    /// Lets Ctrl-C (and SIGTERM) end the training after the current step, with a checkpoint if there is a folder for
    /// it; a second one ends the process. It needs feature `interrupt`.
    #[cfg(feature = "interrupt")]
    pub fn interruptible(mut self) -> Self {
        self.catches = true;
        self
    }
}
