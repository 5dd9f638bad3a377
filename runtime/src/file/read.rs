//! Reading a safetensors file, which may be damaged or another network's.
//!
//! The format: the header's length in 8 bytes, little-endian; the header, JSON, with each
//! tensor's name, type, shape and place; the tensors, row-major, without gaps.

use super::dtype::Float;
use crate::buffer::Buffer;
use crate::error::{FileProblem, Result};
use crate::layout::{Entry, Parameter, buffer_len, entries};
use crate::nearest::nearest;
use crate::scalar::Scalar;
use safetensors::tensor::{Metadata, TensorInfo};
use std::collections::HashSet;
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;

/// Bytes of a header at most: the format's own limit.
const LONGEST_HEADER: u64 = 100_000_000;
/// Bytes of the header's length.
const PREFIX: u64 = 8;
/// Bytes read at a time.
const CHUNK: usize = 1 << 16;

/// The parameters of `layout` from the safetensors file at `path`, as the flat buffer of a
/// network. Numbers of 16 bits widen; those of 64 round to the network's scalar.
///
/// # Errors
/// [`Error::File`](crate::Error::File) when the file cannot be read, is no whole safetensors
/// file, lacks a parameter, has a tensor too many, one of another shape or type, or one with a
/// NaN or an infinity.
pub fn load<T: Scalar>(path: impl AsRef<Path>, layout: &[Parameter]) -> Result<Buffer<T>> {
    let path = path.as_ref();
    let parameters = || {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        read_from(file, len, layout)
    };
    parameters().map_err(|problem| problem.at(Some(path)))
}

/// The same from the bytes of a file.
///
/// # Errors
/// As [`load`].
pub fn read<T: Scalar>(bytes: &[u8], layout: &[Parameter]) -> Result<Buffer<T>> {
    read_from(Cursor::new(bytes), bytes.len() as u64, layout).map_err(|problem| problem.at(None))
}

/// What is wrong with a file, or what was wanted of it.
type Attempt<T> = std::result::Result<T, FileProblem>;

fn read_from<T: Scalar>(
    mut source: impl Read + Seek,
    len: u64,
    layout: &[Parameter],
) -> Attempt<Buffer<T>> {
    let (header, data) = read_header(&mut source, len)?;
    check_names(&header, layout)?;
    let tensors: Vec<_> =
        entries(layout).map(|entry| find(&header, entry)).collect::<Attempt<_>>()?;

    let mut values = Buffer::zeros(buffer_len(layout));
    for (entry, (float, offset)) in entries(layout).zip(tensors) {
        source.seek(SeekFrom::Start(data + offset))?;
        entry.parameter().write_in_file_order(&mut values[entry.range()], |values| {
            read_numbers(&mut source, float, entry, values)
        })?;
    }
    Ok(values)
}

/// The header, and where the tensors begin. Nothing is taken from the header's word that the
/// file is too short for.
fn read_header(source: &mut impl Read, len: u64) -> Attempt<(Metadata, u64)> {
    let damaged = |reason: String| FileProblem::NotSafetensors { reason };
    if len < PREFIX {
        return Err(damaged(format!("it has {len} bytes, less than the {PREFIX} it begins with")));
    }
    let mut prefix = [0; PREFIX as usize];
    source.read_exact(&mut prefix)?;
    if prefix.starts_with(b"PK") {
        let reason = "a zip archive, which `torch.save` writes; `safetensors.torch.save_file` fits";
        return Err(damaged(reason.to_owned()));
    }
    let header_len = u64::from_le_bytes(prefix);
    if header_len > len - PREFIX || header_len > LONGEST_HEADER {
        return Err(damaged(format!("a header of {header_len} bytes in a file of {len}")));
    }
    let mut header = vec![0; header_len as usize];
    source.read_exact(&mut header)?;
    let header: Metadata =
        serde_json::from_slice(&header).map_err(|error| damaged(format!("its header: {error}")))?;

    let begin = PREFIX + header_len;
    let (actual, expected) = (len - begin, header.data_len() as u64);
    if actual != expected {
        return Err(damaged(format!("{actual} bytes of tensors where its header says {expected}")));
    }
    Ok((header, begin))
}

/// Checks that the file has the tensors of `layout` and no others.
fn check_names(header: &Metadata, layout: &[Parameter]) -> Attempt<()> {
    let names = header.offset_keys();
    let known: HashSet<_> = entries(layout).map(|entry| entry.name()).collect();
    let mut surplus = names.iter().filter(|name| !known.contains(name.as_str()));
    let mut missing = entries(layout).filter(|entry| header.info(&entry.name()).is_none());
    if let Some(first) = missing.next() {
        return Err(FileProblem::MissingTensor {
            name: first.name(),
            shape: first.shape(),
            nearest: nearest(&first.name(), surplus.map(String::as_str)).map(str::to_owned),
            others: missing.count(),
        });
    }
    match surplus.next() {
        None => Ok(()),
        Some(name) => Err(FileProblem::SurplusTensor {
            name: name.clone(),
            shape: header.info(name).map_or_else(Vec::new, |info| info.shape.clone()),
            others: surplus.count(),
        }),
    }
}

/// What a parameter's numbers are and where, counted from the first tensor.
fn find(header: &Metadata, entry: Entry<'_>) -> Attempt<(Float, u64)> {
    let (name, expected) = (entry.name(), entry.shape());
    let Some(TensorInfo { dtype, shape, data_offsets }) = header.info(&name) else {
        unreachable!("names are checked before");
    };
    if shape != expected {
        return Err(FileProblem::MisshapenTensor { name, actual: shape.clone(), expected });
    }
    let float = Float::from_dtype(*dtype)
        .ok_or_else(|| FileProblem::UnsupportedDtype { name, dtype: dtype.to_string() })?;
    Ok((float, data_offsets.0 as u64))
}

/// Reads a parameter's numbers, which must be finite, also as `T`.
fn read_numbers<T: Scalar>(
    source: &mut impl Read,
    float: Float,
    entry: Entry<'_>,
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
            return Err(not_finite_at(entry, i * per_chunk + at, value[0], T::NAME));
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
