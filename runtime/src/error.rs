//! Error types and their messages.

use std::borrow::Cow;

mod file;
mod hints;
mod shown;

pub use file::{FileError, FileProblem};
pub(crate) use hints::did_you_mean;
use hints::{counted, past_bound, sample_hint, sizes};
pub(crate) use shown::Shown;

/// The result of a fallible function of this crate.
///
/// ```
/// use monograd::prelude::*;
/// use monograd::Result;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// fn train(net: &mut Line) -> Result<f32> {
///     let mut optimizer = Sgd::new(0.1);
///     (0..100).try_for_each(|_| net.train_step(&[0.0, 1.0], &[1.0, 3.0], &mut optimizer).map(drop))?;
///     net.loss(&[0.0, 1.0], &[1.0, 3.0])
/// }
///
/// assert!(train(&mut Line::init(1))? < 0.01);
/// # Ok::<(), Error>(())
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of this crate. Every variant names the place, the value found and the value expected.
///
/// A call that returns an error leaves the network unchanged.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Mean(x: [2]) -> [] {
///         mean(x)
///     }
/// }
///
/// let error = Mean::init(1).forward(&[1.0, 2.0, 3.0]).unwrap_err();
/// assert!(matches!(error, Error::InputLength { actual: 3, expected: 2, .. }));
/// ```
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A training that cannot begin or go on.
    #[error(transparent)]
    Train(Box<crate::train::TrainError>),

    /// Flat data whose length is not a multiple of the sample size.
    #[error(
        "`{port}` has {actual} scalars, which is not a whole number of samples of {expected} \
         ({shape:?})"
    )]
    InputLength {
        /// The name of the input or target.
        port: &'static str,
        /// Number of scalars given.
        actual: usize,
        /// Number of scalars of a sample.
        expected: usize,
        /// The shape of a sample.
        shape: &'static [usize],
    },

    /// Data whose own shape implies another sample size than the network's.
    #[error(
        "`{port}` has samples of {actual} scalars, but the network takes {expected} ({shape:?}){}",
        sample_hint(*actual, *samples, *expected)
    )]
    SampleSize {
        /// The name of the input or target.
        port: &'static str,
        /// Scalars of a sample according to the data's shape: the axes after the first of a tensor or
        /// nested array, or a row of a matrix.
        actual: usize,
        /// Number of samples according to the data's shape.
        samples: usize,
        /// Number of scalars of a sample of the network.
        expected: usize,
        /// The shape of a sample.
        shape: &'static [usize],
    },

    /// Data whose shape does not match the shape of a sample with run-time sizes.
    #[error(
        "`{port}` is {actual:?}, but a sample is {expected}: a batch of them has one axis more, in \
         front"
    )]
    InputShape {
        /// The name of the input or target.
        port: &'static str,
        /// The shape given: a single length for flat data or the rows of a matrix.
        actual: Vec<usize>,
        /// The shape of a sample, as declared.
        expected: String,
    },

    /// Flat data for a shape with several run-time sizes, which cannot be inferred from a length.
    #[error(
        "`{port}` is flat, which does not tell the sizes of {shape}: pass a tensor or nested arrays"
    )]
    FlatInput {
        /// The name of the input or target.
        port: &'static str,
        /// The shape of a sample, as declared.
        shape: String,
    },

    /// More than one element given for one step of a stream.
    #[error("`{port}` has {steps} steps, but a stream takes one at a time")]
    OneStep {
        /// The name of the input.
        port: &'static str,
        /// Number of steps given.
        steps: usize,
    },

    /// More than one sequence given for a stream.
    #[error("`{port}` has {sequences} sequences, but a stream goes along one")]
    OneSequence {
        /// The name of the input.
        port: &'static str,
        /// Number of sequences given.
        sequences: usize,
    },

    /// More steps than a stream may take.
    #[error("{}", past_bound(*taken, *more, *most))]
    StreamLength {
        /// Number of steps taken so far.
        taken: usize,
        /// Number of further steps given.
        more: usize,
        /// The largest number of steps.
        most: usize,
    },

    /// The saved state of another network, given to a stream.
    #[error("the state is that of a stream of `{actual}`, but this is a stream of `{expected}`")]
    StreamState {
        /// The type of the stream's network.
        expected: &'static str,
        /// The type of the network whose state it is.
        actual: &'static str,
    },

    /// A run-time size that differs between two inputs or targets.
    #[error(
        "`{first}` has {length} = {first_length}, but `{second}` has {length} = {second_length}"
    )]
    LengthMismatch {
        /// The name of the run-time size.
        length: &'static str,
        /// The name of one input or target.
        first: &'static str,
        /// The size that it has there.
        first_length: usize,
        /// The name of the other input or target.
        second: &'static str,
        /// The size that it has there.
        second_length: usize,
    },

    /// A run-time size above its bound.
    #[error("`{port}` has {length} = {actual}, but {length} is at most {bound}")]
    LengthBound {
        /// The name of the input or target.
        port: &'static str,
        /// The name of the run-time size.
        length: &'static str,
        /// The size given.
        actual: usize,
        /// The largest allowed size.
        bound: usize,
    },

    /// Run-time sizes that violate a requirement of the network.
    #[error("{requirement} ({lengths})")]
    Lengths {
        /// The violated requirement, with the sizes as declared.
        requirement: &'static str,
        /// The values of the sizes: `T = 7, S = 3`.
        lengths: String,
    },

    /// Too few or too many run-time sizes.
    #[error("{actual} run-time sizes were given, but the network has {}", sizes(expected))]
    LengthCount {
        /// The names of the network's run-time sizes, in order.
        expected: String,
        /// Number of sizes given.
        actual: usize,
    },

    /// A batch without samples.
    #[error("`{port}` is empty: a batch has at least one sample")]
    EmptyBatch {
        /// The name of the input or target.
        port: &'static str,
    },

    /// Inputs or targets with different numbers of samples.
    #[error("`{first}` has {first_batch} samples, but `{second}` has {second_batch}")]
    BatchMismatch {
        /// The name of one input or target.
        first: &'static str,
        /// Its number of samples.
        first_batch: usize,
        /// The name of the other input or target.
        second: &'static str,
        /// Its number of samples.
        second_batch: usize,
    },

    /// A workspace that is too small for the batch.
    #[error(
        "the workspace has {actual} scalars, but {batch} samples take {expected}: make it for the \
         largest batch"
    )]
    Workspace {
        /// Number of samples of the batch.
        batch: usize,
        /// Number of scalars in the workspace.
        actual: usize,
        /// Number of scalars that the batch needs.
        expected: usize,
    },

    /// A workspace that is too small for the run-time sizes.
    #[error(
        "the workspace has {actual} scalars, but {batch} samples with {lengths} take {expected}: \
         make it with `workspace_for` for the largest batch and sizes"
    )]
    WorkspaceLengths {
        /// Number of samples of the batch.
        batch: usize,
        /// The run-time sizes of the batch: `T = 7`.
        lengths: String,
        /// Number of scalars in the part of the workspace that is too small.
        actual: usize,
        /// Number of scalars that the batch needs there.
        expected: usize,
    },

    /// A class index that is not below the number of classes.
    #[error("sample {sample} of `{port}` is class {class}, but there are {classes} (from 0)")]
    ClassOutOfRange {
        /// The name of the input or target.
        port: &'static str,
        /// The index of the sample, from 0.
        sample: usize,
        /// The class index given.
        class: u32,
        /// The number of classes.
        classes: usize,
    },

    /// A sample of a batch of sequences that is longer than the sequences are.
    #[error("sample {sample} of `{port}` is a length of {length}, but there are {steps} steps")]
    LengthOutOfRange {
        /// The name of the input.
        port: &'static str,
        /// The index of the sample, from 0.
        sample: usize,
        /// The length given.
        length: u32,
        /// The number of steps of the sequences.
        steps: usize,
    },

    /// A run-time size of 0.
    #[error("`{port}` has {length} = 0, but a run-time size is at least 1")]
    EmptyLength {
        /// The name of the input or target.
        port: &'static str,
        /// The name of the run-time size.
        length: &'static str,
    },

    /// An allocation that is larger than the available memory.
    #[error("{what} takes {}: there is no memory for it", counted(*scalars))]
    TooLarge {
        /// The object that would be allocated, with its sizes.
        what: String,
        /// Number of scalars of the allocation (`usize::MAX` if it overflows).
        scalars: usize,
    },

    /// A batch with too few samples for the statistics that the network takes over it.
    #[error(
        "the batch has {actual} {}, but its statistics take at least {expected}: more than one value \
         for each channel",
        if *actual == 1 { "sample" } else { "samples" }
    )]
    BatchSize {
        /// Number of samples given.
        actual: usize,
        /// The fewest samples.
        expected: usize,
    },

    /// A tensor whose shape does not match its number of scalars.
    #[error("a tensor of shape {shape:?} has {expected} scalars, but there are {actual}")]
    TensorLength {
        /// The shape given.
        shape: Vec<usize>,
        /// Number of scalars of that shape (`usize::MAX` if it overflows).
        expected: usize,
        /// Number of scalars given.
        actual: usize,
    },

    /// A name that is not the name of a parameter.
    #[error("no parameter `{}`{}", Shown(name), did_you_mean(nearest.as_deref()))]
    UnknownParameter {
        /// The name given.
        name: String,
        /// The most similar parameter name.
        nearest: Option<String>,
    },

    /// A wrong number of scalars for a parameter.
    #[error("`{name}` has {expected} scalars ({shape:?}), but {actual} were given")]
    ParameterLength {
        /// The name of the parameter.
        name: Cow<'static, str>,
        /// The shape of the parameter.
        shape: &'static [usize],
        /// Number of scalars given.
        actual: usize,
        /// Number of scalars of the parameter.
        expected: usize,
    },

    /// A tensor whose shape is not that of the parameter.
    #[error("`{name}` is {expected:?}, but a tensor of shape {actual:?} was given")]
    ParameterShape {
        /// The name of the parameter.
        name: Cow<'static, str>,
        /// The shape given.
        actual: Vec<usize>,
        /// The shape of the parameter.
        expected: &'static [usize],
    },

    /// A buffer of parameters whose length is not that of its layout.
    #[error("the buffer of parameters has {actual} scalars, but its layout {expected}")]
    Buffer {
        /// Number of scalars in the buffer.
        actual: usize,
        /// Number of scalars of the layout, including gaps.
        expected: usize,
    },

    /// An optimiser that belongs to another network or has an option out of range.
    #[error(transparent)]
    Step(#[from] crate::optimizer::StepError),

    /// A loss or gradient that is NaN or infinite, with what made it so.
    #[error(transparent)]
    Anomaly(Box<crate::inspect::Anomaly>),

    /// Ranks that cannot go on together.
    #[error(transparent)]
    Collective(#[from] crate::distributed::CollectiveError),

    /// Logits or options by which no token can be chosen.
    #[error(transparent)]
    Sample(#[from] crate::sampler::SampleError),

    /// Predictions and targets that a metric cannot take.
    #[error(transparent)]
    Metric(#[from] crate::metrics::MetricError),

    /// A file that cannot be read, written or used.
    #[error(transparent)]
    File(Box<FileError>),

    /// Data that cannot be read or used.
    #[error(transparent)]
    Data(#[from] crate::data::DataError),
}

/// An error of the operating system is one of a file whose path is not known: `std::fs::create_dir_all(path)?` beside
/// the calls of this crate.
impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        FileProblem::Io(error).at(None)
    }
}

#[cfg(test)]
mod tests;
