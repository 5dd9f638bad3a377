//! Parses the header of a safetensors file incrementally: only entries that the network uses take
//! memory.
//!
//! The format: the length of the header in 8 bytes, little-endian; the header in JSON, with the name,
//! type, shape and byte range of each tensor; the tensors, row-major, without gaps.

use super::METADATA;
use super::dtype::Dtype;
use super::json::{Described, Whole};
use super::strings::{ShortStrings, parsed};
use crate::error::FileProblem;
use serde_core::de::DeserializeSeed as _;
use serde_json::Deserializer;
use std::collections::BTreeMap;
use std::io::{BufReader, Read, Seek, SeekFrom};

/// Largest header in bytes: the format's own limit.
pub(super) const LONGEST_HEADER: u64 = 100_000_000;
/// Number of bytes of the header's length field.
const PREFIX: u64 = 8;

/// The result of reading or writing a file.
pub(super) type Attempt<T> = std::result::Result<T, FileProblem>;

/// A source of a file's bytes.
pub(super) trait Bytes: Read + Seek {}
impl<S: Read + Seek> Bytes for S {}

/// Returns the problem of a file that is not a valid safetensors file.
pub(super) fn damaged(reason: impl Into<String>) -> FileProblem {
    FileProblem::NotSafetensors { reason: reason.into() }
}

/// The extents of a file's header and tensors.
#[derive(Clone, Copy)]
pub(super) struct Header {
    len: u64,
    /// Total bytes of all tensors.
    data: u64,
}

impl Header {
    /// Reads the header's length from a file of `len` bytes, and rejects one that does not fit into the
    /// file.
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

    /// Returns the offset of the first tensor in the file.
    pub fn end(self) -> u64 {
        PREFIX + self.len
    }

    /// Calls `each` with the name and the description of every tensor, in the order of the header.
    ///
    /// # Errors
    /// If the header is damaged, or the tensors do not cover the rest of the file without gaps and
    /// overlaps.
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

    /// Returns the metadata of the file.
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
        let header = BufReader::new(source.take(self.len));
        let mut json = Deserializer::from_reader(ShortStrings::new(header, METADATA));
        let read = Whole { metadata, tensor }.deserialize(&mut json).and_then(|()| json.end());
        parsed(read, |reason| damaged(format!("its header: {reason}")))
    }
}

/// Checks that a tensor has as many bytes as its shape implies, if its type is a known float type.
fn check(tensor: &Described) -> Result<(), String> {
    let (begin, end) = tensor.span;
    let Some(actual) = end.checked_sub(begin) else {
        return Err(format!("ends at {end}, before it begins at {begin}"));
    };
    let Some(float) = Dtype::from_name(&tensor.dtype) else { return Ok(()) };
    let expected = match tensor.shape.contains(&0) {
        true => Some(0),
        false => tensor.shape.iter().try_fold(float.bytes(), |product, n| product.checked_mul(*n)),
    };
    match expected {
        Some(expected) if expected as u64 == actual => Ok(()),
        _ => Err(format!("has {actual} bytes, which is not its shape {:?}", tensor.shape)),
    }
}

/// The byte ranges of the tensors. Adjacent ranges are merged, so that most files need a single one,
/// however many tensors they have.
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

    /// Checks that the ranges cover `data` bytes without gaps and overlaps.
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
