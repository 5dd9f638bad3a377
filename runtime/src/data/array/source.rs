//! The bytes of a file, which may be packed.

use super::DataError;
use crate::file;
use std::fmt;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The place that bytes come from, from the first on as often as asked.
#[derive(Clone, Debug)]
pub(super) enum Supply {
    File(PathBuf),
    Memory(Arc<[u8]>),
}

/// The first bytes of a file that is packed by gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// The largest factor by which deflate unpacks: a byte for 258 numbers, and two bits for the next.
#[cfg(feature = "gzip")]
const MOST_UNPACKED: u64 = 1032;

/// Bytes that are read from the first to the last.
pub(super) struct Source {
    bytes: Box<dyn BufRead + Send + Sync>,
    /// The bytes that were looked at and not read yet, of which there are fewer than two at the end only.
    ahead: Vec<u8>,
    position: u64,
    /// The largest number of bytes that there can be.
    most: u64,
    is_packed: bool,
}

impl Supply {
    /// Returns the path of a file.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Memory(_) => None,
        }
    }

    /// Returns the unpacked bytes.
    pub fn open(&self) -> Result<Source, DataError> {
        match self {
            Self::File(path) => {
                let (file, len) = file::open(path)?;
                Source::unpacked(BufReader::with_capacity(1 << 16, file), len)
            }
            Self::Memory(bytes) => Source::unpacked(Cursor::new(bytes.clone()), bytes.len() as u64),
        }
    }
}

impl Source {
    fn unpacked(
        mut bytes: impl BufRead + Seek + Send + Sync + 'static,
        len: u64,
    ) -> Result<Self, DataError> {
        let mut first = Vec::new();
        (&mut bytes).take(GZIP.len() as u64).read_to_end(&mut first)?;
        bytes.seek(SeekFrom::Start(0))?;
        match first == GZIP {
            true => Self::gunzip(bytes, len),
            false => Ok(Self::new(bytes, len, false)),
        }
    }

    fn new(bytes: impl BufRead + Send + Sync + 'static, most: u64, is_packed: bool) -> Self {
        Self { bytes: Box::new(bytes), ahead: Vec::new(), position: 0, most, is_packed }
    }

    #[cfg(feature = "gzip")]
    fn gunzip(bytes: impl BufRead + Send + Sync + 'static, len: u64) -> Result<Self, DataError> {
        let bytes = BufReader::with_capacity(1 << 16, flate2::bufread::MultiGzDecoder::new(bytes));
        Ok(Self::new(bytes, len.saturating_mul(MOST_UNPACKED), true))
    }

    #[cfg(not(feature = "gzip"))]
    fn gunzip(_: impl BufRead, _: u64) -> Result<Self, DataError> {
        let what = "a file that is packed by gzip".into();
        let supported = "unpack it, or build with the feature `gzip` of monograd";
        Err(super::DataProblem::Unsupported { what, supported }.into())
    }

    /// Returns the number of bytes read so far.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Returns the next bytes without reading them: up to eight, fewer at the end only.
    pub fn peek(&mut self, format: &'static str) -> Result<&[u8], DataError> {
        // packed bytes come in pieces, so that a buffer may have one byte of many
        let missing = 8_u64.saturating_sub(self.ahead.len() as u64);
        let read = (&mut self.bytes).take(missing).read_to_end(&mut self.ahead);
        read.map_err(|error| self.failed(format, error))?;
        Ok(&self.ahead)
    }

    /// Checks that there can be exactly `len` bytes after the first `start`.
    pub fn check_len(&self, format: &'static str, start: u64, len: u64) -> Result<(), DataError> {
        let expected = start.saturating_add(len);
        let (is_wrong, most) = match self.is_packed {
            true => (expected > self.most, "at most "),
            false => (expected != self.most, ""),
        };
        if is_wrong {
            let reason =
                format!("it has {most}{} bytes, but its header tells of {expected}", self.most);
            return Err(DataError::format(format, reason));
        }
        Ok(())
    }

    /// Reads the next bytes, all of `to`.
    pub fn fill(&mut self, format: &'static str, to: &mut [u8]) -> Result<(), DataError> {
        let known = to.len().min(self.ahead.len());
        let (first, rest) = to.split_at_mut(known);
        self.ahead.drain(..known).zip(first).for_each(|(byte, to)| *to = byte);
        self.bytes.read_exact(rest).map_err(|error| self.failed(format, error))?;
        self.position += to.len() as u64;
        Ok(())
    }

    /// Reads the next `N` bytes.
    pub fn bytes<const N: usize>(&mut self, format: &'static str) -> Result<[u8; N], DataError> {
        let mut bytes = [0; N];
        self.fill(format, &mut bytes)?;
        Ok(bytes)
    }

    /// Reads over the next bytes.
    pub fn skip(&mut self, format: &'static str, count: u64) -> Result<(), DataError> {
        debug_assert!(self.ahead.is_empty(), "nothing was looked at");
        let skipped = io::copy(&mut (&mut self.bytes).take(count), &mut io::sink());
        let skipped = skipped.map_err(|error| self.failed(format, error))?;
        self.position += skipped;
        match skipped == count {
            true => Ok(()),
            false => Err(DataError::format(format, "it has become shorter")),
        }
    }

    /// Checks that all has been read.
    pub fn end(&mut self, format: &'static str) -> Result<(), DataError> {
        match self.bytes.fill_buf() {
            Ok([]) if self.ahead.is_empty() => Ok(()),
            Ok(_) => {
                let reason =
                    format!("it goes on after the {} bytes of its header's sizes", self.position);
                Err(DataError::format(format, reason))
            }
            Err(error) => Err(self.failed(format, error)),
        }
    }

    /// Returns the error for one of reading, which is the file's own if the kind says so.
    fn failed(&self, format: &'static str, error: io::Error) -> DataError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => DataError::format(
                format,
                format!("it ends after {} bytes or few more", self.position),
            ),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData if self.is_packed => {
                DataError::format(format, format!("its packed data is damaged ({error})"))
            }
            _ => error.into(),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("position", &self.position).finish_non_exhaustive()
    }
}
