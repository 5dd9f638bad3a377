//! Errors of data.

use std::fmt;

/// A problem with data.
#[derive(Debug)]
pub struct DataError(Box<dyn std::error::Error + Send + Sync>);

impl DataError {
    /// Returns an error of the caller's own: of an iterator of batches, say.
    #[must_use]
    pub fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for DataError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}
