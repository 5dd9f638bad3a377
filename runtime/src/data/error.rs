//! Errors of data: the problem, and the file, line and column where it was found.

use crate::error::{Error, FileProblem, Shown, did_you_mean};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A problem with data, and the place where it was found.
///
/// ```
/// use monograd::data::csv::{Columns, Table};
///
/// let table = Table::parse("area,kind\n70,flat\n")?;
/// let error = Columns::new().target("knid").fit(&table).unwrap_err();
/// assert!(error.to_string().contains("did you mean `kind`"));
/// # Ok::<(), monograd::data::DataError>(())
/// ```
#[derive(Debug)]
pub struct DataError(Box<Found>);

#[derive(Debug)]
struct Found {
    path: Option<PathBuf>,
    line: Option<u64>,
    column: Option<String>,
    problem: DataProblem,
}

/// A problem with data.
///
/// ```
/// use monograd::data::array::{Format, parse};
/// use monograd::data::{DataProblem, text};
///
/// let error = parse::<f32>(b"\x00\x00\x08\x01\x00\x00", &Format::Detect).unwrap_err(); // it is cut
/// assert!(matches!(error.problem(), DataProblem::Format { format: "IDX", .. }), "{error}");
/// let error = text::read(std::env::temp_dir()).unwrap_err();
/// assert!(matches!(error.problem(), DataProblem::NotRegular { kind: "a folder" }), "{error}");
/// ```
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum DataProblem {
    /// An error of the operating system.
    #[error("{0}")]
    Io(#[from] io::Error),

    /// A path to something other than a regular file. It is neither read nor replaced.
    #[error("{kind}, not a regular file")]
    NotRegular {
        /// The kind of file that was found.
        kind: &'static str,
    },

    /// A file that is not in its format, or is damaged.
    #[error("not a whole {format} file: {}", Shown(reason))]
    Format {
        /// The name of the format.
        format: &'static str,
        /// The violated rule of the format.
        reason: String,
    },

    /// A file in its format that holds what is not read.
    #[error("{what} cannot be read: {supported}")]
    Unsupported {
        /// The part that is not read.
        what: String,
        /// A sentence that tells what is read, or what to do.
        supported: &'static str,
    },

    /// A number that the type of the elements does not hold.
    #[error("{value} at {index:?} is not a {element}")]
    Element {
        /// The number.
        value: f64,
        /// Its index, by the axes of the array.
        index: Vec<usize>,
        /// The type of the elements.
        element: &'static str,
    },

    /// More data than there is memory for.
    #[error("{what} takes {bytes} bytes: there is no memory for it; read it block by block")]
    TooLarge {
        /// The object that would be allocated.
        what: String,
        /// Number of bytes (`u64::MAX` if it overflows).
        bytes: u64,
    },

    /// A row that has more or fewer fields than the header.
    #[error(
        "{actual} fields, but the header has {expected}: a field with a comma stands in quotes"
    )]
    Ragged {
        /// Number of fields of the row.
        actual: usize,
        /// Number of fields of the header.
        expected: usize,
    },

    /// A field that is not a number in a column of numbers.
    #[error("`{}` is not a finite number{hint}", Shown(text))]
    Number {
        /// The field.
        text: String,
        /// Advice on what to do; it may be empty.
        hint: String,
    },

    /// A missing value where nothing tells what to do about it.
    #[error("a value is missing{}: {hint}", more(*others))]
    Missing {
        /// Number of other missing values of the column.
        others: usize,
        /// Advice on what to do.
        hint: String,
    },

    /// A text that was not among those that the encoding was fitted on.
    #[error("`{}` is none of {known}", Shown(text))]
    UnknownText {
        /// The text.
        text: String,
        /// The known texts.
        known: String,
    },

    /// A name that no column has.
    #[error("no column `{}`{}", Shown(name), did_you_mean(nearest.as_deref()))]
    UnknownColumn {
        /// The name.
        name: String,
        /// The most similar name of a column.
        nearest: Option<String>,
    },

    /// Inputs and targets, or files side by side, of different numbers of samples.
    #[error("{first} samples, but {second} beside them")]
    Samples {
        /// Number of samples of one.
        first: usize,
        /// Number of samples of the other.
        second: usize,
    },

    /// Nothing where at least one sample is needed.
    #[error("there are no samples{0}")]
    Empty(&'static str),

    /// An option that is out of range or does not fit the data.
    #[error("{0}")]
    Option(String),

    /// A panic while batches were prepared by another thread.
    #[error("a panic while a batch was prepared: {}", Shown(.0))]
    Panicked(String),

    /// An error of the network's own checks.
    #[error("{0}")]
    Network(Box<Error>),

    /// An error of the caller's own source of data.
    #[error("{0}")]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

/// Says how many more values of a column are missing.
fn more(others: usize) -> String {
    match others {
        0 => String::new(),
        others => format!(" (and {others} more in this column)"),
    }
}

impl DataError {
    /// Returns an error of the caller's own: of an iterator of batches, say.
    #[must_use]
    pub fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        DataProblem::Other(error.into()).into()
    }

    /// Returns the path of the file; `None` if the data is in memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// Returns the line of the file, from 1.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.0.line
    }

    /// Returns the name of the column of a table.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.0.column.as_deref()
    }

    /// Returns the problem.
    #[must_use]
    pub fn problem(&self) -> &DataProblem {
        &self.0.problem
    }

    /// Adds the path of the file, if none is known.
    pub(crate) fn at(mut self, path: Option<&Path>) -> Self {
        self.0.path = self.0.path.or_else(|| path.map(Path::to_path_buf));
        self
    }

    /// Adds the line.
    pub(crate) fn at_line(mut self, line: Option<u64>) -> Self {
        self.0.line = self.0.line.or(line);
        self
    }

    /// Adds the column.
    #[cfg(feature = "csv")]
    pub(crate) fn at_column(mut self, name: &str) -> Self {
        self.0.column.get_or_insert_with(|| name.to_owned());
        self
    }

    /// Returns an error for an option that is out of range.
    pub(crate) fn option(reason: impl Into<String>) -> Self {
        DataProblem::Option(reason.into()).into()
    }

    /// Returns an error for a file that is damaged or not in its format.
    pub(crate) fn format(format: &'static str, reason: impl Into<String>) -> Self {
        DataProblem::Format { format, reason: reason.into() }.into()
    }
}

impl<P: Into<DataProblem>> From<P> for DataError {
    fn from(problem: P) -> Self {
        Self(Box::new(Found { path: None, line: None, column: None, problem: problem.into() }))
    }
}

impl From<FileProblem> for DataProblem {
    fn from(problem: FileProblem) -> Self {
        match problem {
            FileProblem::Io(error) => Self::Io(error),
            FileProblem::NotRegular { kind } => Self::NotRegular { kind },
            other => Self::Other(Box::new(other)),
        }
    }
}

impl From<Error> for DataProblem {
    fn from(error: Error) -> Self {
        Self::Network(Box::new(error))
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Found { path, line, column, problem } = &*self.0;
        let mut separator = "";
        if let Some(path) = path {
            write!(f, "`{}`", Shown(&path.to_string_lossy()))?;
            separator = ", ";
        }
        if let Some(line) = line {
            write!(f, "{separator}line {line}")?;
            separator = ", ";
        }
        if let Some(column) = column {
            write!(f, "{separator}column `{}`", Shown(column))?;
            separator = ", ";
        }
        write!(f, "{}{problem}", if separator.is_empty() { "" } else { ": " })
    }
}

impl std::error::Error for DataError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.problem {
            DataProblem::Io(error) => Some(error),
            DataProblem::Network(error) => Some(error),
            DataProblem::Other(error) => Some(&**error),
            _ => None,
        }
    }
}
