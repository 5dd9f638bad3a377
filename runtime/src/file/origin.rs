//! Finds the safetensors files of a model: one file, the shards of an index, or those of a folder.

use super::header::{Attempt, Bytes, Header, LONGEST_HEADER};
use super::index::shards;
use super::json::Described;
use super::target::regular;
use crate::error::{FileProblem, Result};
use std::fs::File;
use std::io::{BufReader, Cursor, Read as _};
use std::path::{Path, PathBuf};

/// The file of a model that is not sharded, in its folder.
const SINGLE: &str = "model.safetensors";
/// The index of a model that is sharded.
const INDEX: &str = "model.safetensors.index.json";

/// The origin of tensors. Files are opened when they are read, so that many shards are not open at once.
pub(super) enum Origin<'a> {
    /// The bytes of a file.
    Memory(&'a [u8]),
    /// The path that was given, and the files with the tensors.
    Files { given: PathBuf, shards: Vec<PathBuf> },
}

impl<'a> Origin<'a> {
    /// Returns the single file at `path`.
    pub fn file(path: &Path) -> Self {
        Self::Files { given: path.to_owned(), shards: vec![path.to_owned()] }
    }

    /// Returns the files of the model at `path`: a safetensors file, an index of shards, or a folder that
    /// has one of both.
    pub fn find(path: &Path) -> Result<Self> {
        let given = if path.is_dir() {
            let found =
                [SINGLE, INDEX].map(|name| path.join(name)).into_iter().find(|p| p.exists());
            found.ok_or_else(|| {
                let has_pickle = path.join("pytorch_model.bin").exists();
                FileProblem::NoWeights { has_pickle }.at(Some(path))
            })?
        } else {
            path.to_owned()
        };
        if given.extension().is_none_or(|extension| extension != "json") {
            return Ok(Self::file(&given));
        }
        let names = || {
            let (file, len) = open(&given)?;
            if len > LONGEST_HEADER {
                let reason = format!("it has {len} bytes, and {LONGEST_HEADER} are the most");
                return Err(FileProblem::NotIndex { reason });
            }
            shards(&mut BufReader::new(file.take(LONGEST_HEADER)))
        };
        let names = names().map_err(|problem| problem.at(Some(&given)))?;
        let shards = names.iter().map(|name| given.with_file_name(name)).collect();
        Ok(Self::Files { given, shards })
    }

    /// Returns the number of files.
    pub fn len(&self) -> usize {
        match self {
            Self::Memory(_) => 1,
            Self::Files { shards, .. } => shards.len(),
        }
    }

    /// Returns the path of a file, or `None` if it is in memory.
    pub fn path(&self, shard: usize) -> Option<&Path> {
        match self {
            Self::Memory(_) => None,
            Self::Files { shards, .. } => Some(&shards[shard]),
        }
    }

    /// Returns the path of the model as a whole.
    pub fn whole(&self) -> Option<&Path> {
        match self {
            Self::Memory(_) => None,
            Self::Files { given, .. } => Some(given),
        }
    }

    /// Opens a file and returns it with its length.
    pub fn open(&self, shard: usize) -> Attempt<(Box<dyn Bytes + '_>, u64)> {
        match self {
            Self::Memory(bytes) => Ok((Box::new(Cursor::new(*bytes)), bytes.len() as u64)),
            Self::Files { shards, .. } => {
                let (file, len) = open(&shards[shard])?;
                Ok((Box::new(file), len))
            }
        }
    }

    /// Calls `each` for every tensor in the header of a file.
    pub fn each_tensor(&self, shard: usize, each: &mut dyn FnMut(&str, &Described)) -> Attempt<()> {
        let (mut source, len) = self.open(shard)?;
        Header::find(&mut *source, len)?.tensors(&mut *source, each)
    }
}

/// Opens a regular file and returns it with its length.
pub(crate) fn open(path: &Path) -> Attempt<(File, u64)> {
    // before opening it, because opening a FIFO blocks until there is a writer
    regular(path)?;
    let file = File::open(path)?;
    let len = file.metadata()?.len();
    Ok((file, len))
}
