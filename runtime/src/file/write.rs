//! Writes parameters to a safetensors file.

use super::METADATA;
use super::dtype::Dtype;
use super::header::{Attempt, LONGEST_HEADER};
use super::json::MOST_ENTRIES;
use super::piece::not_finite_at;
use super::target::replace;
use crate::error::{Error, FileProblem, Result};
use crate::layout::{Parameter, buffer_len, entries};
use crate::scalar::Scalar;
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Number of scalars encoded at a time.
const CHUNK: usize = 1 << 14;

/// Saves `values`, the parameters of `layout`, to a safetensors file at `path`, with the names and
/// shapes of PyTorch.
///
/// The file is written beside its target (as `.name.<numbers>.part`) and renamed when it is complete,
/// so that neither an error nor a crash leaves half a file or damages an existing one. The new file
/// takes over the owner, group and mode of the file that it replaces, but no other attributes; symbolic
/// links are followed. Part files that crashes have left are removed by the next call.
///
/// If no file can be created beside the target or renamed to it (the folder is read-only, the file
/// belongs to another user, has hard links or is a mount point), the target is written in place. A crash
/// or a full disk may then leave half a file.
///
/// # Errors
/// [`Error::Buffer`] if `values` does not fit the layout. [`Error::File`] if the file cannot be
/// written, `path` is not a regular file, two parameters have the same name, a name cannot be used in a
/// file, or a parameter has a NaN or an infinity, as after a training that diverged. An existing file is
/// then unchanged, unless it was being written in place.
pub fn save<T: Scalar>(path: impl AsRef<Path>, layout: &[Parameter], values: &[T]) -> Result<()> {
    save_with(path, layout, values, [("", ""); 0])
}

/// Like [`save`], with metadata: strings by name, which [`metadata`](super::metadata) reads. The entry
/// `format`, which says that names and shapes are PyTorch's, is added if it is not given.
///
/// # Errors
/// Those of [`save`], and if the metadata is too long (100 MB with all names) or has more than 65,536
/// entries.
pub fn save_with<T: Scalar, K: Into<String>, V: Into<String>>(
    path: impl AsRef<Path>,
    layout: &[Parameter],
    values: &[T],
    metadata: impl IntoIterator<Item = (K, V)>,
) -> Result<()> {
    let (actual, expected) = (values.len(), buffer_len(layout));
    if actual != expected {
        return Err(Error::Buffer { actual, expected });
    }
    let mut text = BTreeMap::from([("format".to_owned(), "pt".to_owned())]);
    text.extend(metadata.into_iter().map(|(name, value)| (name.into(), value.into())));
    let path = path.as_ref();
    write_to(path, layout, values, &text).map_err(|problem| problem.at(Some(path)))
}

fn write_to<T: Scalar>(
    path: &Path,
    layout: &[Parameter],
    values: &[T],
    metadata: &BTreeMap<String, String>,
) -> Attempt<()> {
    check_names(layout)?;
    check_finite(layout, values)?;
    let header = header::<T>(layout, metadata)?;
    replace(path, &|file| write(file, &header, layout, values))
}

/// Checks that every parameter has a name of its own that can be used in a file.
pub(super) fn check_names(layout: &[Parameter]) -> Attempt<()> {
    let mut names = HashSet::new();
    for name in entries(layout).map(|entry| entry.name()) {
        if name.is_empty() || name == METADATA || name.contains(char::is_control) {
            return Err(FileProblem::InvalidName { name });
        }
        if let Some(name) = names.replace(name) {
            return Err(FileProblem::DuplicateName { name });
        }
    }
    Ok(())
}

fn check_finite<T: Scalar>(layout: &[Parameter], values: &[T]) -> Attempt<()> {
    for entry in entries(layout) {
        let (parameter, memory) = (entry.parameter(), &values[entry.range()]);
        if let Some(at) = memory.iter().position(|x| !x.is_finite()) {
            let (rows, columns) = parameter.matrix_shape();
            let in_file = if parameter.transposed { at % rows * columns + at / rows } else { at };
            let (name, value) = (entry.name(), memory[at].to_f64());
            return Err(not_finite_at(&name, entry.shape(), in_file, value, T::NAME));
        }
    }
    Ok(())
}

fn write<T: Scalar>(
    file: &File,
    header: &[u8],
    layout: &[Parameter],
    values: &[T],
) -> io::Result<()> {
    let mut file = BufWriter::new(file);
    file.write_all(&(header.len() as u64).to_le_bytes())?;
    file.write_all(header)?;
    let (mut turned, mut bytes) = (Vec::new(), Vec::new());
    for entry in entries(layout) {
        let memory = &values[entry.range()];
        let dtype = Dtype::of::<T>(entry.parameter());
        if !entry.parameter().transposed {
            write_numbers(&mut file, dtype, memory, &mut bytes)?;
            continue;
        }
        for block in entry.parameter().blocks() {
            turned.resize(block.len(), T::ZERO);
            block.memory_to_file(memory, &mut turned);
            write_numbers(&mut file, dtype, &turned, &mut bytes)?;
        }
    }
    file.flush()
}

fn write_numbers<T: Scalar>(
    file: &mut impl Write,
    dtype: Dtype,
    numbers: &[T],
    bytes: &mut Vec<u8>,
) -> io::Result<()> {
    for numbers in numbers.chunks(CHUNK) {
        bytes.clear();
        dtype.encode(numbers, bytes);
        file.write_all(bytes)?;
    }
    Ok(())
}

/// Returns the header, padded with spaces so that the tensors begin at a multiple of 8 bytes.
fn header<T: Scalar>(
    layout: &[Parameter],
    metadata: &BTreeMap<String, String>,
) -> Attempt<Vec<u8>> {
    let (entries_of_text, most) = (metadata.len(), MOST_ENTRIES);
    if entries_of_text > most {
        return Err(FileProblem::MetadataEntries { entries: entries_of_text, most });
    }
    // checked before much of it is allocated
    let text = metadata.iter().map(|(name, text)| (name.len() + text.len()) as u64).sum();
    if text > LONGEST_HEADER {
        return Err(FileProblem::HeaderLength { len: text, most: LONGEST_HEADER });
    }
    let mut header = format!("{{\"{METADATA}\":").into_bytes();
    serde_json::to_writer(&mut header, metadata).map_err(io::Error::from)?;
    let mut end = 0;
    for entry in entries(layout) {
        let begin = end;
        let stored = Dtype::of::<T>(entry.parameter());
        end += entry.range().len() * stored.bytes();
        header.push(b',');
        serde_json::to_writer(&mut header, &entry.name()).map_err(io::Error::from)?;
        let (dtype, shape) = (stored.name(), entry.shape());
        let offsets = [begin, end];
        write!(header, r#":{{"dtype":"{dtype}","shape":{shape:?},"data_offsets":{offsets:?}}}"#)?;
    }
    header.push(b'}');
    header.resize(header.len().next_multiple_of(8), b' ');
    match header.len() as u64 {
        len if len > LONGEST_HEADER => Err(FileProblem::HeaderLength { len, most: LONGEST_HEADER }),
        _ => Ok(header),
    }
}
