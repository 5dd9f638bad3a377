//! Reading a safetensors file, which may be damaged or another network's.

use super::dtype::Float;
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

/// Bytes read at a time.
const CHUNK: usize = 1 << 16;

/// The parameters of `layout` from the safetensors file at `path`, as the flat buffer of a
/// network. Numbers of 16 bits widen; those of 64 round to the network's scalar.
///
/// It takes the memory of the parameters and little more, whatever the file says.
///
/// # Errors
/// [`Error::File`](crate::Error::File) when what is at `path` is no regular file (nothing is read
/// from a FIFO or a device), cannot be read, is no whole safetensors file, lacks a parameter, has a
/// tensor too many, one of another shape or type, or one with a NaN or an infinity.
pub fn load<T: Scalar>(path: impl AsRef<Path>, layout: &[Parameter]) -> Result<Buffer<T>> {
    let path = path.as_ref();
    let parameters = || {
        let (mut file, len) = open(path)?;
        read_from(&mut file, len, layout)
    };
    parameters().map_err(|problem| problem.at(Some(path)))
}

/// The same from the bytes of a file.
///
/// # Errors
/// As [`load`].
pub fn read<T: Scalar>(bytes: &[u8], layout: &[Parameter]) -> Result<Buffer<T>> {
    read_from(&mut Cursor::new(bytes), bytes.len() as u64, layout)
        .map_err(|problem| problem.at(None))
}

/// What the safetensors file at `path` says beside its tensors: text by name, such as what
/// [`save_with`](super::save_with) was given.
///
/// # Errors
/// [`Error::File`](crate::Error::File) when what is at `path` is no regular file, cannot be read or is
/// no safetensors file.
pub fn metadata(path: impl AsRef<Path>) -> Result<BTreeMap<String, String>> {
    let path = path.as_ref();
    let metadata = || {
        let (mut file, len) = open(path)?;
        Header::find(&mut file, len)?.metadata(&mut file)
    };
    metadata().map_err(|problem| problem.at(Some(path)))
}

/// The same from the bytes of a file.
///
/// # Errors
/// As [`metadata`].
pub fn read_metadata(bytes: &[u8]) -> Result<BTreeMap<String, String>> {
    let source = &mut Cursor::new(bytes);
    let header = Header::find(source, bytes.len() as u64);
    header.and_then(|header| header.metadata(source)).map_err(|problem| problem.at(None))
}

/// A regular file and its length.
fn open(path: &Path) -> Attempt<(File, u64)> {
    // before it is opened, which waits for a writer where it is a FIFO
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
    for (entry, (float, offset)) in entries(layout).zip(tensors) {
        source.seek(SeekFrom::Start(header.end() + offset))?;
        read_parameter(source, float, entry, &mut values[entry.range()])?;
    }
    Ok(values)
}

/// What each parameter's numbers are and where, counted from the first tensor, in a file that has
/// the tensors of `layout` and no others.
fn find(
    source: &mut dyn Bytes,
    header: Header,
    layout: &[Parameter],
) -> Attempt<Vec<(Float, u64)>> {
    let names: HashMap<Cow<'_, str>, (usize, Entry<'_>)> =
        entries(layout).enumerate().map(|(at, entry)| (entry.name(), (at, entry))).collect();
    let mut found: Vec<Option<Attempt<(Float, u64)>>> = names.iter().map(|_| None).collect();
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

/// Tensors that the network has no parameter for: their number, and the first.
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

/// What a parameter's numbers are and where, if the tensor is right for it.
fn fits(entry: Entry<'_>, tensor: &Described) -> Attempt<(Float, u64)> {
    let (name, expected) = (entry.name(), entry.shape());
    if tensor.shape != expected {
        return Err(FileProblem::MisshapenTensor { name, actual: tensor.shape.clone(), expected });
    }
    let dtype = &tensor.dtype;
    let float = Float::from_name(dtype)
        .ok_or_else(|| FileProblem::UnsupportedDtype { name, dtype: dtype.clone() })?;
    Ok((float, tensor.span.0))
}

/// Reads a parameter into its place in memory. One whose axes are the other way round there is read
/// some rows at a time, so that no copy of it is made.
fn read_parameter<T: Scalar>(
    source: &mut dyn Bytes,
    float: Float,
    entry: Entry<'_>,
    memory: &mut [T],
) -> Attempt<()> {
    if !entry.parameter().transposed {
        return read_numbers(source, float, entry, 0, memory);
    }
    let (mut scratch, mut position) = (Vec::new(), 0);
    for block in entry.parameter().blocks() {
        scratch.resize(block.len(), T::ZERO);
        read_numbers(source, float, entry, position, &mut scratch)?;
        block.file_to_memory(&scratch, memory);
        position += block.len();
    }
    Ok(())
}

/// Reads a parameter's numbers from `position` on, which must be finite, also as `T`.
fn read_numbers<T: Scalar>(
    source: &mut dyn Bytes,
    float: Float,
    entry: Entry<'_>,
    position: usize,
    values: &mut [T],
) -> Attempt<()> {
    let mut bytes = [0; CHUNK];
    let per_chunk = CHUNK / float.bytes();
    for (i, values) in values.chunks_mut(per_chunk).enumerate() {
        let bytes = &mut bytes[..values.len() * float.bytes()];
        source.read_exact(bytes)?;
        float.decode(bytes, values);
        if let Some(at) = values.iter().position(|x| !x.is_finite()) {
            let mut value = [0.0_f64];
            float.decode(&bytes[at * float.bytes()..], &mut value);
            return Err(not_finite_at(entry, position + i * per_chunk + at, value[0], T::NAME));
        }
    }
    Ok(())
}

/// The problem of a `value` at `position` in the order of files.
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
