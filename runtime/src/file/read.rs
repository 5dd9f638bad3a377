//! Reads parameters from safetensors files, which may be damaged or belong to another network.

use super::header::Header;
use super::kind::explained;
use super::origin::{Origin, open};
use super::plan::Plan;
use super::report::Report;
use super::weights::Weights;
use crate::buffer::Buffer;
use crate::error::{Error, FileProblem, Result};
use crate::init::initialize_one;
use crate::layout::{Parameter, buffer_len};
use crate::scalar::Scalar;
use std::collections::BTreeMap;
use std::io::{self, Cursor};
use std::path::Path;

/// Loads the parameters of `layout` from the safetensors file at `path`, into a flat buffer as a
/// network has it. Numbers of 16 bits are widened; numbers of 64 bits are rounded to the network's
/// scalar.
///
/// It allocates little more than the parameters, whatever the file contains.
///
/// # Errors
/// [`Error::File`](crate::Error::File) if `path` is not a regular file (FIFOs and devices are not
/// opened), cannot be read, is not a valid safetensors file, lacks a parameter, has a tensor that
/// belongs to no parameter, has one of another shape or type, or one with a NaN or an infinity.
pub fn load<T: Scalar>(path: impl AsRef<Path>, layout: &[Parameter]) -> Result<Buffer<T>> {
    read_from(&Origin::file(path.as_ref()), layout, &Weights::new(), explained)
}

/// Like [`load`], from a checkpoint or the file of an optimiser, whose tensors are those of several copies of a
/// network.
pub(crate) fn load_parts<T: Scalar>(path: &Path, layout: &[Parameter]) -> Result<Buffer<T>> {
    read_from(&Origin::file(path), layout, &Weights::new(), |problem, _| problem)
}

/// Like [`load`], by rules, and from files of other programs: `path` is a safetensors file, the index of
/// one that is split into shards (`model.safetensors.index.json`), or a folder with one of both under the
/// name that Hugging Face gives it.
///
/// # Errors
/// Those of [`load`], also for each shard; if a rule has no meaning; if the index is damaged or names
/// files elsewhere; if two tensors are for the same parameter.
pub fn load_with<T: Scalar>(
    path: impl AsRef<Path>,
    layout: &[Parameter],
    weights: &Weights,
) -> Result<Buffer<T>> {
    read_from(&Origin::find(path.as_ref())?, layout, weights, explained)
}

/// Like [`load`], from the bytes of a file.
///
/// # Errors
/// Those of [`load`].
pub fn read<T: Scalar>(bytes: &[u8], layout: &[Parameter]) -> Result<Buffer<T>> {
    read_with(bytes, layout, &Weights::new())
}

/// Like [`load_with`], from the bytes of a safetensors file.
///
/// # Errors
/// Those of [`load_with`].
pub fn read_with<T: Scalar>(
    bytes: &[u8],
    layout: &[Parameter],
    weights: &Weights,
) -> Result<Buffer<T>> {
    read_from(&Origin::Memory(bytes), layout, weights, explained)
}

impl Weights {
    /// Reports how the tensors of the files at `path` fit the parameters of `layout` by these rules. Only
    /// the headers are read.
    ///
    /// # Errors
    /// If a file cannot be read or is damaged, a rule has no meaning, or two tensors are for the same
    /// parameter. What is missing, surplus or misshapen is in the report.
    pub fn report(&self, path: impl AsRef<Path>, layout: &[Parameter]) -> Result<Report> {
        let origin = Origin::find(path.as_ref())?;
        Plan::new(&origin, layout, self).map(|plan| plan.report)
    }
}

/// Reads the metadata of the safetensors file at `path`: strings by name, such as those given to
/// [`save_with`](super::save_with).
///
/// # Errors
/// [`Error::File`](crate::Error::File) if `path` is not a regular file, cannot be read, or is not a
/// safetensors file.
pub fn metadata(path: impl AsRef<Path>) -> Result<BTreeMap<String, String>> {
    let path = path.as_ref();
    let metadata = || {
        let (mut file, len) = open(path)?;
        Header::find(&mut file, len)?.metadata(&mut file)
    };
    metadata().map_err(|problem| problem.at(Some(path)))
}

/// Like [`metadata`], from the bytes of a file.
///
/// # Errors
/// Those of [`metadata`].
pub fn read_metadata(bytes: &[u8]) -> Result<BTreeMap<String, String>> {
    let source = &mut Cursor::new(bytes);
    let header = Header::find(source, bytes.len() as u64);
    header.and_then(|header| header.metadata(source)).map_err(|problem| problem.at(None))
}

/// Finds all tensors before memory for the parameters is allocated, then reads file by file. What does not fit is
/// told as `explained` puts it.
fn read_from<T: Scalar>(
    origin: &Origin<'_>,
    layout: &[Parameter],
    weights: &Weights,
    explained: impl Fn(FileProblem, &Origin<'_>) -> FileProblem,
) -> Result<Buffer<T>> {
    let mut plan = Plan::new(origin, layout, weights)?;
    let seed = weights.seed();
    if let Some(problem) = plan.report.problem(seed.is_some()) {
        return Err(explained(problem, origin).at(origin.whole()));
    }
    let Plan { slots, .. } = plan;
    let no_memory = |error: Error| {
        let error = io::Error::new(io::ErrorKind::OutOfMemory, error.to_string());
        FileProblem::from(error).at(origin.whole())
    };
    let mut values = Buffer::try_zeros(buffer_len(layout)).map_err(no_memory)?;
    for shard in 0..origin.len() {
        let mut read = || {
            let (mut source, len) = origin.open(shard)?;
            let data = Header::find(&mut *source, len)?.end();
            for slot in &slots {
                let memory = &mut values[slot.entry.range()];
                for piece in slot.pieces.iter().filter(|piece| piece.shard == shard) {
                    piece.read(&mut *source, data, slot.entry, memory)?;
                }
            }
            Ok(())
        };
        read().map_err(|problem: FileProblem| problem.at(origin.path(shard)))?;
    }
    if let Some(seed) = seed {
        for slot in slots.iter().filter(|slot| slot.pieces.is_empty()) {
            initialize_one(slot.entry, seed, &mut values[slot.entry.range()]);
        }
    }
    Ok(values)
}
