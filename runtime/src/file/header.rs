//! The header of a safetensors file, read piece by piece: what it says costs memory only where the
//! network has a use for it.
//!
//! The format: the header's length in 8 bytes, little-endian; the header, JSON, with each
//! tensor's name, type, shape and place; the tensors, row-major, without gaps.

use super::dtype::Float;
use super::json::{Described, Whole};
use crate::error::{FileProblem, Shown};
use serde_core::de::DeserializeSeed as _;
use serde_json::Deserializer;
use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// Bytes of a header at most: the format's own limit.
pub(super) const LONGEST_HEADER: u64 = 100_000_000;
/// Bytes of the header's length.
const PREFIX: u64 = 8;

/// What is wrong with a file, or what was wanted of it.
pub(super) type Attempt<T> = std::result::Result<T, FileProblem>;

/// Where a file's bytes come from.
pub(super) trait Bytes: Read + Seek {}
impl<S: Read + Seek> Bytes for S {}

/// A file that is not a whole safetensors file.
pub(super) fn damaged(reason: impl Into<String>) -> FileProblem {
    FileProblem::NotSafetensors { reason: reason.into() }
}

/// The place of a header in its file.
#[derive(Clone, Copy)]
pub(super) struct Header {
    len: u64,
    /// Bytes of all tensors.
    data: u64,
}

impl Header {
    /// That of a file of `len` bytes. Nothing is taken from the header's word that the file is too
    /// short for.
    pub fn find(source: &mut dyn Bytes, len: u64) -> Attempt<Self> {
        if len < PREFIX {
            let what = format!("it has {len} bytes, less than the {PREFIX} it begins with");
            return Err(damaged(what));
        }
        let mut prefix = [0; PREFIX as usize];
        source.read_exact(&mut prefix)?;
        if prefix.starts_with(b"PK") {
            return Err(damaged(
                "a zip archive, which `torch.save` writes; `safetensors.torch.save_file` fits",
            ));
        }
        let header = u64::from_le_bytes(prefix);
        if header > len - PREFIX || header > LONGEST_HEADER {
            return Err(damaged(format!("a header of {header} bytes in a file of {len}")));
        }
        Ok(Self { len: header, data: len - PREFIX - header })
    }

    /// Where the tensors begin.
    pub fn end(self) -> u64 {
        PREFIX + self.len
    }

    /// Calls `each` with the name and the description of every tensor, in the order of the header.
    ///
    /// # Errors
    /// Where the header is damaged, or its tensors are not one after the other to the file's end.
    pub fn tensors(
        self,
        source: &mut dyn Bytes,
        each: &mut dyn FnMut(&str, &Described),
    ) -> Attempt<()> {
        let mut spans = Spans::default();
        self.read(source, None, &mut |name, tensor| {
            check(tensor).map_err(|what| format!("tensor `{name}` {what}"))?;
            spans.add(tensor.span);
            each(name, tensor);
            Ok(())
        })?;
        spans.check(self.data)
    }

    /// What the file says beside its tensors.
    pub fn metadata(self, source: &mut dyn Bytes) -> Attempt<BTreeMap<String, String>> {
        let mut metadata = BTreeMap::new();
        self.read(source, Some(&mut metadata), &mut |_, _| Ok(()))?;
        Ok(metadata)
    }

    fn read(
        self,
        source: &mut dyn Bytes,
        metadata: Option<&mut BTreeMap<String, String>>,
        tensor: &mut dyn FnMut(&str, &Described) -> Result<(), String>,
    ) -> Attempt<()> {
        source.seek(SeekFrom::Start(PREFIX))?;
        let mut json = Deserializer::from_reader(BufReader::new(source.take(self.len)));
        let read = Whole { metadata, tensor }.deserialize(&mut json).and_then(|()| json.end());
        read.map_err(|error| match error.is_io() {
            true => io::Error::from(error).into(),
            false => damaged(format!("its header: {}", Shown(&error.to_string()))),
        })
    }
}

/// That a tensor takes as many bytes as its shape says, where its type is known.
fn check(tensor: &Described) -> Result<(), String> {
    let (begin, end) = tensor.span;
    let Some(actual) = end.checked_sub(begin) else {
        return Err(format!("ends at {end}, before it begins at {begin}"));
    };
    let Some(float) = Float::from_name(&tensor.dtype) else { return Ok(()) };
    let expected = match tensor.shape.contains(&0) {
        true => Some(0),
        false => tensor.shape.iter().try_fold(float.bytes(), |product, n| product.checked_mul(*n)),
    };
    match expected {
        Some(expected) if expected as u64 == actual => Ok(()),
        _ => Err(format!("has {actual} bytes, which is not its shape {:?}", tensor.shape)),
    }
}

/// The bytes that tensors take. Those that follow one another, as they do in most files, are one
/// span, so that their number costs nothing.
#[derive(Default)]
struct Spans(Vec<(u64, u64)>);

impl Spans {
    fn add(&mut self, (begin, end): (u64, u64)) {
        match self.0.last_mut() {
            _ if begin == end => {}
            Some((_, last)) if *last == begin => *last = end,
            _ => self.0.push((begin, end)),
        }
    }

    /// That they are `data` bytes without gaps and without overlaps.
    fn check(mut self, data: u64) -> Attempt<()> {
        self.0.sort_unstable();
        let mut at = 0;
        for (begin, end) in self.0 {
            if begin != at {
                let what = if begin > at { "belong to no tensor" } else { "belong to two tensors" };
                return Err(damaged(format!("bytes from {} on {what}", begin.min(at))));
            }
            at = end;
        }
        match at == data {
            true => Ok(()),
            false => Err(damaged(format!("{data} bytes of tensors where its header says {at}"))),
        }
    }
}
