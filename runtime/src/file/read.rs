//! Reads parameters from a safetensors file, which may be damaged or belong to another network.

use super::dtype::Dtype;
use super::header::{Attempt, Bytes, Header, damaged};
use super::json::Described;
use super::target::regular;
use super::write::check_names;
use crate::buffer::Buffer;
use crate::error::{Error, FileProblem, Result, Shown};
use crate::layout::{Entry, Parameter, buffer_len, entries};
use crate::nearest::Nearest;
use crate::scalar::Scalar;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, Cursor, SeekFrom};
use std::path::Path;

/// Number of bytes read at a time.
const CHUNK: usize = 1 << 16;

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
    let path = path.as_ref();
    let parameters = || {
        let (mut file, len) = open(path)?;
        read_from(&mut file, len, layout)
    };
    parameters().map_err(|problem| problem.at(Some(path)))
}

/// Like [`load`], from the bytes of a file.
///
/// # Errors
/// Those of [`load`].
pub fn read<T: Scalar>(bytes: &[u8], layout: &[Parameter]) -> Result<Buffer<T>> {
    read_from(&mut Cursor::new(bytes), bytes.len() as u64, layout)
        .map_err(|problem| problem.at(None))
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

/// Opens a regular file and returns it with its length.
fn open(path: &Path) -> Attempt<(File, u64)> {
    // before opening it, because opening a FIFO blocks until there is a writer
    regular(path)?;
    let file = File::open(path)?;
    let len = file.metadata()?.len();
    Ok((file, len))
}

fn read_from<T: Scalar>(
    source: &mut dyn Bytes,
    len: u64,
    layout: &[Parameter],
) -> Attempt<Buffer<T>> {
    check_names(layout)?;
    let header = Header::find(source, len)?;
    let tensors = find(source, header, layout)?;
    let no_memory = |error: Error| io::Error::new(io::ErrorKind::OutOfMemory, error.to_string());
    let mut values = Buffer::try_zeros(buffer_len(layout)).map_err(no_memory)?;
    for (entry, (stored, offset)) in entries(layout).zip(tensors) {
        source.seek(SeekFrom::Start(header.end() + offset))?;
        read_parameter(source, stored, entry, &mut values[entry.range()])?;
    }
    Ok(values)
}

/// Returns the type and the offset (relative to the first tensor) of each parameter, in the
/// order of `layout`. The file must have exactly the tensors of `layout`.
fn find(
    source: &mut dyn Bytes,
    header: Header,
    layout: &[Parameter],
) -> Attempt<Vec<(Dtype, u64)>> {
    let names: HashMap<Cow<'_, str>, (usize, Entry<'_>)> =
        entries(layout).enumerate().map(|(at, entry)| (entry.name(), (at, entry))).collect();
    let mut found: Vec<Option<Attempt<(Dtype, u64)>>> = names.iter().map(|_| None).collect();
    let (mut surplus, mut twice) = (Surplus::default(), None);
    header.tensors(source, &mut |name, tensor| match names.get(name) {
        None => surplus.add(name, tensor),
        Some((at, entry)) => {
            if found[*at].replace(fits(*entry, tensor)).is_some() {
                twice = Some(entry.name());
            }
        }
    })?;
    if let Some(name) = twice {
        return Err(damaged(format!("two tensors are called `{}`", Shown(&name))));
    }
    let mut missing = entries(layout).zip(&found).filter(|(_, found)| found.is_none());
    if let Some((entry, _)) = missing.next() {
        let name = entry.name();
        let others = missing.count();
        let mut nearest = Nearest::to(&name);
        header.tensors(source, &mut |candidate, _| {
            if !names.contains_key(candidate) {
                nearest.consider(candidate);
            }
        })?;
        let nearest = nearest.found();
        return Err(FileProblem::MissingTensor { name, shape: entry.shape(), nearest, others });
    }
    if let Some((name, shape)) = surplus.first {
        return Err(FileProblem::SurplusTensor { name, shape, others: surplus.count - 1 });
    }
    found.into_iter().flatten().collect()
}

/// The number of tensors that belong to no parameter, and the first of them.
#[derive(Default)]
struct Surplus {
    first: Option<(String, Vec<usize>)>,
    count: usize,
}

impl Surplus {
    fn add(&mut self, name: &str, tensor: &Described) {
        self.count += 1;
        self.first.get_or_insert_with(|| (name.to_owned(), tensor.shape.clone()));
    }
}

/// Returns the type and offset of `tensor`, if its shape and type fit the parameter `entry`.
fn fits(entry: Entry<'_>, tensor: &Described) -> Attempt<(Dtype, u64)> {
    let (name, expected) = (entry.name(), entry.shape());
    if tensor.shape != expected {
        return Err(FileProblem::MisshapenTensor { name, actual: tensor.shape.clone(), expected });
    }
    let dtype = &tensor.dtype;
    // only what is stored as integers is read from them
    let known = Dtype::from_name(dtype);
    let stored = known
        .filter(|dtype| *dtype != Dtype::I64 || entry.parameter().integer)
        .ok_or_else(|| FileProblem::UnsupportedDtype { name, dtype: dtype.clone() })?;
    Ok((stored, tensor.span.0))
}

/// Reads a parameter into its place in memory. A parameter that is transposed in memory is read block
/// by block, so that no copy of the whole is made.
fn read_parameter<T: Scalar>(
    source: &mut dyn Bytes,
    stored: Dtype,
    entry: Entry<'_>,
    memory: &mut [T],
) -> Attempt<()> {
    if !entry.parameter().transposed {
        return read_numbers(source, stored, entry, 0, memory);
    }
    let (mut scratch, mut position) = (Vec::new(), 0);
    for block in entry.parameter().blocks() {
        scratch.resize(block.len(), T::ZERO);
        read_numbers(source, stored, entry, position, &mut scratch)?;
        block.file_to_memory(&scratch, memory);
        position += block.len();
    }
    Ok(())
}

/// Reads numbers of a parameter, beginning with element `position`. They must be finite, also after
/// rounding to `T`.
fn read_numbers<T: Scalar>(
    source: &mut dyn Bytes,
    stored: Dtype,
    entry: Entry<'_>,
    position: usize,
    values: &mut [T],
) -> Attempt<()> {
    let mut bytes = [0; CHUNK];
    let per_chunk = CHUNK / stored.bytes();
    for (i, values) in values.chunks_mut(per_chunk).enumerate() {
        let bytes = &mut bytes[..values.len() * stored.bytes()];
        source.read_exact(bytes)?;
        stored.decode(bytes, values);
        if let Some(at) = values.iter().position(|x| !x.is_finite()) {
            let mut value = [0.0_f64];
            stored.decode(&bytes[at * stored.bytes()..], &mut value);
            return Err(not_finite_at(entry, position + i * per_chunk + at, value[0], T::NAME));
        }
    }
    Ok(())
}

/// Returns the problem of the `value` at `position`, counted in the order of the file.
pub(super) fn not_finite_at(
    entry: Entry<'_>,
    mut position: usize,
    value: f64,
    scalar: &'static str,
) -> FileProblem {
    let mut index: Vec<usize> = entry
        .shape()
        .iter()
        .rev()
        .map(|&size| {
            let along = position % size;
            position /= size;
            along
        })
        .collect();
    index.reverse();
    FileProblem::NotFinite { name: entry.name(), index, value, scalar }
}
