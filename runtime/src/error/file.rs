//! Errors of parameter files.

use super::{Error, Shown, did_you_mean};
use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A problem with a parameter file, and the path of the file.
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
/// let Err(Error::File(error)) = Line::load("there/is/no/such.safetensors") else { panic!() };
/// assert!(error.to_string().contains("such.safetensors"));
/// ```
#[derive(Debug)]
pub struct FileError {
    /// The path; `None` if the bytes were read from memory.
    pub path: Option<PathBuf>,
    /// The problem.
    pub problem: FileProblem,
}

/// A problem with a parameter file.
///
/// ```
/// use monograd::{FileProblem, file};
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let Err(Error::File(error)) = file::read::<f32>(b"no tensors", Line::LAYOUT) else { panic!() };
/// assert!(matches!(error.problem, FileProblem::NotSafetensors { .. }), "{error}");
/// let Err(Error::File(error)) = Line::load(std::env::temp_dir()) else { panic!() };
/// assert!(matches!(error.problem, FileProblem::NotRegular { kind: "a folder" }), "{error}");
/// ```
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum FileProblem {
    /// An error of the operating system.
    #[error("{0}")]
    Io(#[from] io::Error),

    /// A path to something other than a regular file. It is neither read nor replaced.
    #[error("{kind}, not a regular file")]
    NotRegular {
        /// The kind of file that was found.
        kind: &'static str,
    },

    /// A file that is not in the safetensors format, or is damaged.
    #[error("not a whole safetensors file: {reason}")]
    NotSafetensors {
        /// The violated rule of the format.
        reason: String,
    },

    /// A file of this crate that is of another kind than the parameters of a network.
    #[error("{kind}, not the parameters of a network: {advice}")]
    NotNetwork {
        /// The kind of the file.
        kind: &'static str,
        /// The calls that read it.
        advice: &'static str,
    },

    /// A parameter that has no tensor in the file.
    #[error(
        "no tensor `{}` ({shape:?}){}{}",
        Shown(name),
        did_you_mean(nearest.as_deref()),
        and_others(*others)
    )]
    MissingTensor {
        /// The name of the parameter.
        name: Cow<'static, str>,
        /// The shape of the parameter.
        shape: &'static [usize],
        /// The most similar name among the file's tensors that belong to no parameter.
        nearest: Option<String>,
        /// Number of other parameters that are missing.
        others: usize,
    },

    /// A tensor that belongs to no parameter of the network.
    #[error(
        "the network has no parameter for tensor `{}` ({shape:?}){}",
        Shown(name),
        and_others(*others)
    )]
    SurplusTensor {
        /// The name of the tensor.
        name: String,
        /// The shape of the tensor.
        shape: Vec<usize>,
        /// Number of other such tensors.
        others: usize,
    },

    /// A tensor whose shape is not that of its parameter.
    #[error(
        "tensor `{}` is {actual:?}, but the network's{} is {expected:?}{}",
        Shown(name),
        parameter.as_deref().map(|name| format!(" `{name}`")).unwrap_or_default(),
        turned(actual, expected)
    )]
    MisshapenTensor {
        /// The name of the tensor.
        name: String,
        /// The name of the parameter, if a rule has given the tensor another one.
        parameter: Option<Cow<'static, str>>,
        /// The shape in the file.
        actual: Vec<usize>,
        /// The shape that the parameter takes.
        expected: Vec<usize>,
    },

    /// A parameter that is joined from several tensors, one of which is not in the files.
    #[error("tensor {} of the {of} that parameter `{name}` is joined from is missing", part + 1)]
    MissingPart {
        /// The name of the parameter.
        name: Cow<'static, str>,
        /// The number of the tensor among the parts, from 0.
        part: usize,
        /// Number of parts.
        of: usize,
    },

    /// Two tensors for one parameter.
    #[error(
        "tensors `{}` and `{}`{} are both for parameter `{name}`",
        Shown(first),
        Shown(second),
        other_file.as_ref().map(|p| format!(" of `{}`", Shown(&p.to_string_lossy()))).unwrap_or_default()
    )]
    SharedParameter {
        /// The name of the parameter.
        name: Cow<'static, str>,
        /// The name of one tensor.
        first: String,
        /// The name of the other tensor.
        second: String,
        /// The file of the other tensor, if it is another one.
        other_file: Option<PathBuf>,
    },

    /// Two tensors that the network has only one parameter for, since it ties them, and that differ.
    #[error(
        "the network has `{}` serve as `{}` as well, but the two tensors differ",
        Shown(parameter),
        Shown(name)
    )]
    UnequalTied {
        /// The name of the tensor that the network has no parameter for.
        name: String,
        /// The name of the parameter that serves for both.
        parameter: Cow<'static, str>,
    },

    /// A rule of [`Weights`](crate::Weights) that has no meaning, or none for a tensor.
    #[error("rule `{}`: {}", Shown(rule), Shown(reason))]
    Rule {
        /// The rule, or the name of the tensor.
        rule: String,
        /// The reason.
        reason: String,
    },

    /// A folder without the weights of a model.
    #[error(
        "a folder without `model.safetensors` and `model.safetensors.index.json`{}",
        if *has_pickle {
            "; `pytorch_model.bin` in it is not read: save it with `safetensors.torch.save_file`"
        } else {
            ""
        }
    )]
    NoWeights {
        /// `true` if it has a `pytorch_model.bin`, which holds a pickled program.
        has_pickle: bool,
    },

    /// A file ending in `.json` that is not an index of shards.
    #[error("not a whole index of shards: {reason}")]
    NotIndex {
        /// The violated rule of the format.
        reason: String,
    },

    /// An index of shards that names a file elsewhere.
    #[error("shard `{}` is not a file beside the index", Shown(name))]
    ShardOutside {
        /// The name in the index.
        name: String,
    },

    /// A file that does not hold the state of this optimiser, or an optimiser whose state no file can hold.
    #[error("not the state of this optimiser: {}", Shown(reason))]
    Optimizer {
        /// The reason.
        reason: String,
    },

    /// A tensor whose elements are not floats of 16, 32 or 64 bits.
    #[error("tensor `{}` holds {}; F16, BF16, F32 and F64 can be read", Shown(name), Shown(dtype))]
    UnsupportedDtype {
        /// The name of the tensor.
        name: Cow<'static, str>,
        /// The element type, as the format spells it.
        dtype: String,
    },

    /// A tensor that contains a NaN or an infinity.
    #[error("tensor `{}` has {value:?} at {index:?}, which is not a finite {scalar}", Shown(name))]
    NotFinite {
        /// The name of the tensor.
        name: Cow<'static, str>,
        /// The index of the element, by the shape in the file.
        index: Vec<usize>,
        /// The value of the element.
        value: f64,
        /// The scalar type of the network.
        scalar: &'static str,
    },

    /// Two parameters of a layout with the same name, which a file cannot distinguish.
    #[error("two parameters are called `{}`: give one of them another name", Shown(name))]
    DuplicateName {
        /// The name of both.
        name: Cow<'static, str>,
    },

    /// A parameter whose name cannot be used in a file: an empty name, one with control characters, or
    /// the name that the format reserves for metadata.
    #[error("no parameter in a file can be called `{}`", Shown(name))]
    InvalidName {
        /// The name of the parameter.
        name: Cow<'static, str>,
    },

    /// More entries of metadata than a file may hold.
    #[error("metadata of {entries} entries: a file can hold {most}")]
    MetadataEntries {
        /// Number of entries given.
        entries: usize,
        /// Largest number of entries.
        most: usize,
    },

    /// A header (all names and metadata) that is longer than the format allows.
    #[error("names and metadata take {len} bytes: a file can hold {most}")]
    HeaderLength {
        /// Number of bytes of the header.
        len: u64,
        /// Largest number of bytes.
        most: u64,
    },
}

impl FileProblem {
    /// Returns the error for this problem in the file at `path`.
    pub(crate) fn at(self, path: Option<&Path>) -> Error {
        Error::File(Box::new(FileError { path: path.map(Path::to_path_buf), problem: self }))
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "`{}`: {}", Shown(&path.to_string_lossy()), self.problem),
            None => self.problem.fmt(f),
        }
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            FileProblem::Io(error) => Some(error),
            _ => None,
        }
    }
}

fn and_others(others: usize) -> String {
    if others == 0 { String::new() } else { format!(" (and {others} more)") }
}

fn turned(actual: &[usize], expected: &[usize]) -> &'static str {
    let turned = actual.iter().rev().eq(expected);
    if turned { "; was it saved transposed?" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_help() {
        let missing = FileProblem::MissingTensor {
            name: "fc.weight".into(),
            shape: &[10, 64],
            nearest: Some("fc1.weight".into()),
            others: 2,
        };
        assert_eq!(
            missing.at(Some(Path::new("a.safetensors"))).to_string(),
            "`a.safetensors`: no tensor `fc.weight` ([10, 64]); did you mean `fc1.weight`? (and 2 more)"
        );
        let turned = FileProblem::MisshapenTensor {
            name: "fc.weight".into(),
            parameter: None,
            actual: vec![64, 10],
            expected: vec![10, 64],
        };
        assert!(turned.at(None).to_string().ends_with("was it saved transposed?"));
    }
}
