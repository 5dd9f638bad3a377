//! What can go wrong, in types and in words.

use std::borrow::Cow;

mod file;
mod shown;

pub use file::{FileError, FileProblem};
pub(crate) use shown::Shown;

/// The result of what can fail in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong: every variant names the place, what was found and what was wanted.
///
/// A network is left as it was by a call that returns an error.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Flat data that is not a whole number of samples.
    #[error(
        "`{port}` has {actual} scalars, which is not a whole number of samples of {expected} \
         ({shape:?})"
    )]
    InputLength {
        /// The input's or target's name.
        port: &'static str,
        /// Scalars given.
        actual: usize,
        /// Scalars of a sample.
        expected: usize,
        /// The shape of a sample.
        shape: &'static [usize],
    },

    /// Data whose own shape says that its samples have another size.
    #[error(
        "`{port}` has samples of {actual} scalars, but the network takes {expected} ({shape:?}){}",
        sample_hint(*actual, *samples, *expected)
    )]
    SampleSize {
        /// The input's or target's name.
        port: &'static str,
        /// Scalars of a sample by the data's shape: a tensor's or nested array's axes after the
        /// first, a matrix's rows.
        actual: usize,
        /// Samples by the data's shape.
        samples: usize,
        /// Scalars of a sample.
        expected: usize,
        /// The shape of a sample.
        shape: &'static [usize],
    },

    /// Data whose shape does not fit that of a sample with run-time sizes.
    #[error(
        "`{port}` is {actual:?}, but a sample is {expected}: a batch of them has one axis more, in \
         front"
    )]
    InputShape {
        /// The input's or target's name.
        port: &'static str,
        /// The shape given: one number for flat data, the rows of a matrix.
        actual: Vec<usize>,
        /// The shape of a sample as it is declared.
        expected: String,
    },

    /// Flat data for a shape with several sizes that it would have to tell.
    #[error(
        "`{port}` is flat, which does not tell the sizes of {shape}: pass a tensor or nested arrays"
    )]
    FlatInput {
        /// The input's or target's name.
        port: &'static str,
        /// The shape of a sample as it is declared.
        shape: String,
    },

    /// A step of a stream that was given more than one element.
    #[error("`{port}` has {steps} steps, but a stream takes one at a time")]
    OneStep {
        /// The input's name.
        port: &'static str,
        /// Steps given.
        steps: usize,
    },

    /// A stream that keeps all of its steps and has no room for more.
    #[error("the stream has taken {most} steps, which is the bound of its run-time size")]
    StreamLength {
        /// The most steps.
        most: usize,
    },

    /// A run-time size that two inputs or targets do not agree on.
    #[error(
        "`{first}` has {length} = {first_length}, but `{second}` has {length} = {second_length}"
    )]
    LengthMismatch {
        /// The name of the run-time size.
        length: &'static str,
        /// One input or target.
        first: &'static str,
        /// The size in it.
        first_length: usize,
        /// Another one.
        second: &'static str,
        /// The size in it.
        second_length: usize,
    },

    /// A run-time size beyond its bound.
    #[error("`{port}` has {length} = {actual}, but {length} is at most {bound}")]
    LengthBound {
        /// The input's or target's name.
        port: &'static str,
        /// The name of the run-time size.
        length: &'static str,
        /// The size given.
        actual: usize,
        /// The most that it can be.
        bound: usize,
    },

    /// Run-time sizes that do not fit together.
    #[error("{requirement} ({lengths})")]
    Lengths {
        /// What does not hold, with the sizes as they are declared.
        requirement: &'static str,
        /// The sizes: `T = 7, S = 3`.
        lengths: String,
    },

    /// Too few or too many run-time sizes.
    #[error("{actual} run-time sizes were given, but the network has {}", sizes(expected))]
    LengthCount {
        /// Their names in order.
        expected: String,
        /// How many were given.
        actual: usize,
    },

    /// No samples at all.
    #[error("`{port}` is empty: a batch has at least one sample")]
    EmptyBatch {
        /// The input's or target's name.
        port: &'static str,
    },

    /// Inputs or targets with different numbers of samples.
    #[error("`{first}` has {first_batch} samples, but `{second}` has {second_batch}")]
    BatchMismatch {
        /// One input or target.
        first: &'static str,
        /// Its samples.
        first_batch: usize,
        /// Another one.
        second: &'static str,
        /// Its samples.
        second_batch: usize,
    },

    /// A workspace made for a smaller batch.
    #[error(
        "the workspace has {actual} scalars, but {batch} samples take {expected}: make it for the \
         largest batch"
    )]
    Workspace {
        /// Samples of the batch.
        batch: usize,
        /// Scalars in the workspace.
        actual: usize,
        /// Scalars that the batch takes.
        expected: usize,
    },

    /// A workspace made for smaller run-time sizes.
    #[error(
        "the workspace has {actual} scalars, but {batch} samples with {lengths} take {expected}: \
         make it with `workspace_for` for the largest batch and sizes"
    )]
    WorkspaceLengths {
        /// Samples of the batch.
        batch: usize,
        /// The batch's run-time sizes: `T = 7`.
        lengths: String,
        /// Scalars in the part of the workspace that is too small.
        actual: usize,
        /// Scalars that the batch takes there.
        expected: usize,
    },

    /// A class index with no class.
    #[error("sample {sample} of `{port}` is class {class}, but there are {classes} (from 0)")]
    ClassOutOfRange {
        /// The input's or target's name.
        port: &'static str,
        /// Which sample, from 0.
        sample: usize,
        /// The class index given.
        class: u32,
        /// The number of classes.
        classes: usize,
    },

    /// A run-time size of 0.
    #[error("`{port}` has {length} = 0, but a run-time size is at least 1")]
    EmptyLength {
        /// The input's or target's name.
        port: &'static str,
        /// The name of the run-time size.
        length: &'static str,
    },

    /// Sizes that take more memory than there is.
    #[error("{what} takes {}: there is no memory for it", counted(*scalars))]
    TooLarge {
        /// What takes it, with its sizes.
        what: String,
        /// The scalars that it takes, of one kind of memory (`usize::MAX` where they are too many to
        /// count).
        scalars: usize,
    },

    /// A tensor's shape and the number of its scalars disagree.
    #[error("a tensor of shape {shape:?} has {expected} scalars, but there are {actual}")]
    TensorLength {
        /// The shape asked for.
        shape: Vec<usize>,
        /// Scalars of that shape (`usize::MAX` where they are too many to count).
        expected: usize,
        /// Scalars given.
        actual: usize,
    },

    /// No parameter of this name.
    #[error("no parameter `{}`{}", Shown(name), did_you_mean(nearest.as_deref()))]
    UnknownParameter {
        /// The name asked for.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },

    /// Too few or too many scalars for a parameter.
    #[error("`{name}` has {expected} scalars ({shape:?}), but {actual} were given")]
    ParameterLength {
        /// The parameter's name.
        name: Cow<'static, str>,
        /// Its shape.
        shape: &'static [usize],
        /// Scalars given.
        actual: usize,
        /// Scalars in it.
        expected: usize,
    },

    /// A tensor of another shape for a parameter.
    #[error("`{name}` is {expected:?}, but a tensor of shape {actual:?} was given")]
    ParameterShape {
        /// The parameter's name.
        name: Cow<'static, str>,
        /// The shape given.
        actual: Vec<usize>,
        /// Its shape.
        expected: &'static [usize],
    },

    /// A buffer of another length than its layout has.
    #[error("the buffer of parameters has {actual} scalars, but its layout {expected}")]
    Buffer {
        /// Scalars of the buffer.
        actual: usize,
        /// Scalars of the layout, with its gaps.
        expected: usize,
    },

    /// An optimiser that belongs to another network, or has an option that is out of range.
    #[error(transparent)]
    Step(#[from] crate::optimizer::StepError),

    /// A file that cannot be read, written or used.
    #[error(transparent)]
    File(Box<FileError>),
}

/// What may have been meant by samples of another size.
fn sample_hint(actual: usize, samples: usize, expected: usize) -> &'static str {
    if samples == expected {
        "; the other way round it would fit: is it transposed?"
    } else if actual.checked_mul(samples) == Some(expected) {
        "; if it is one sample, give it a leading axis of 1"
    } else {
        ""
    }
}

fn counted(scalars: usize) -> String {
    match scalars {
        usize::MAX => "more scalars than can be counted".to_owned(),
        _ => format!("{scalars} scalars"),
    }
}

fn sizes(names: &str) -> &str {
    if names.is_empty() { "none" } else { names }
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{}`?", Shown(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_help() {
        let length =
            Error::InputLength { port: "x", actual: 130, expected: 64, shape: &[8, 8] }.to_string();
        assert_eq!(
            length,
            "`x` has 130 scalars, which is not a whole number of samples of 64 ([8, 8])"
        );
        let size = |actual, samples| {
            Error::SampleSize { port: "x", actual, samples, expected: 64, shape: &[64] }.to_string()
        };
        assert!(size(10, 64).ends_with("is it transposed?"));
        assert!(size(8, 8).ends_with("a leading axis of 1"));
        assert_eq!(size(5, 3), "`x` has samples of 5 scalars, but the network takes 64 ([64])");
        let unknown =
            Error::UnknownParameter { name: "fc.wight".into(), nearest: Some("fc.weight".into()) };
        assert_eq!(unknown.to_string(), "no parameter `fc.wight`; did you mean `fc.weight`?");
    }

    #[test]
    fn is_small_and_crosses_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
        assert!(size_of::<Error>() <= 80, "{}", size_of::<Error>());
    }
}
