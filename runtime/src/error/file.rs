//! What can be wrong with a file of parameters.

use super::{Error, Shown, did_you_mean};
use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A file, and what is wrong with it.
#[derive(Debug)]
pub struct FileError {
    /// The file; `None` for bytes that were in memory.
    pub path: Option<PathBuf>,
    /// What is wrong.
    pub problem: FileProblem,
}

/// What is wrong with a file.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum FileProblem {
    /// The operating system says no.
    #[error("{0}")]
    Io(#[from] io::Error),

    /// Something that is no regular file. It is neither read from nor replaced.
    #[error("{kind}, not a regular file")]
    NotRegular {
        /// What it is.
        kind: &'static str,
    },

    /// Not a safetensors file, or a damaged one.
    #[error("not a whole safetensors file: {reason}")]
    NotSafetensors {
        /// What gave it away.
        reason: String,
    },

    /// A parameter that the file lacks.
    #[error(
        "no tensor `{}` ({shape:?}){}{}",
        Shown(name),
        did_you_mean(nearest.as_deref()),
        and_others(*others)
    )]
    MissingTensor {
        /// The parameter's name.
        name: Cow<'static, str>,
        /// Its shape.
        shape: &'static [usize],
        /// The nearest name among the tensors that the network has no use for.
        nearest: Option<String>,
        /// How many more are missing.
        others: usize,
    },

    /// A tensor that the network has no parameter for.
    #[error(
        "the network has no parameter for tensor `{}` ({shape:?}){}",
        Shown(name),
        and_others(*others)
    )]
    SurplusTensor {
        /// The tensor's name.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
        /// How many more there are.
        others: usize,
    },

    /// A tensor of another shape than its parameter.
    #[error(
        "tensor `{}` is {actual:?}, but the network's is {expected:?}{}",
        Shown(name),
        turned(actual, expected)
    )]
    MisshapenTensor {
        /// The parameter's name.
        name: Cow<'static, str>,
        /// The shape in the file.
        actual: Vec<usize>,
        /// The parameter's shape.
        expected: &'static [usize],
    },

    /// A tensor of numbers that are no floats of 16, 32 or 64 bits.
    #[error("tensor `{}` holds {}; F16, BF16, F32 and F64 can be read", Shown(name), Shown(dtype))]
    UnsupportedDtype {
        /// The tensor's name.
        name: Cow<'static, str>,
        /// Its type, as the format spells it.
        dtype: String,
    },

    /// A tensor with a NaN or an infinity in it.
    #[error("tensor `{}` has {value:?} at {index:?}, which is not a finite {scalar}", Shown(name))]
    NotFinite {
        /// The tensor's name.
        name: Cow<'static, str>,
        /// Where, by the shape in the file.
        index: Vec<usize>,
        /// What is there.
        value: f64,
        /// The network's scalar.
        scalar: &'static str,
    },

    /// A layout with two parameters of one name, which a file cannot tell apart.
    #[error("two parameters are called `{}`: give one of them another name", Shown(name))]
    DuplicateName {
        /// Their name.
        name: Cow<'static, str>,
    },

    /// A parameter whose name cannot be in a file: an empty one, one with control characters, or the
    /// one that the format has for metadata.
    #[error("no parameter in a file can be called `{}`", Shown(name))]
    InvalidName {
        /// Its name.
        name: Cow<'static, str>,
    },

    /// More text about the parameters than a file can hold.
    #[error("metadata of {entries} entries: a file can hold {most}")]
    MetadataEntries {
        /// How many there are.
        entries: usize,
        /// How many there can be.
        most: usize,
    },

    /// A header, which has all names and metadata, beyond the format's limit.
    #[error("names and metadata take {len} bytes: a file can hold {most}")]
    HeaderLength {
        /// How many there are.
        len: u64,
        /// How many there can be.
        most: u64,
    },
}

impl FileProblem {
    /// The error for this problem with the file at `path`.
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
            actual: vec![64, 10],
            expected: &[10, 64],
        };
        assert!(turned.at(None).to_string().ends_with("was it saved transposed?"));
    }
}
