//! Writing a safetensors file, whole or not at all.

use super::dtype::Float;
use super::read::not_finite_at;
use crate::error::{FileProblem, Result};
use crate::layout::{Parameter, entries};
use crate::scalar::Scalar;
use safetensors::tensor::{Metadata, TensorInfo};
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Scalars written at a time.
const CHUNK: usize = 1 << 14;

/// Writes the parameters of `layout`, which `values` holds, to a safetensors file at `path`,
/// under PyTorch's names and in PyTorch's shapes.
///
/// The file is written beside its place and moved there when it is complete, so that neither an
/// error nor a crash leaves half a file or harms the one that was there.
///
/// # Errors
/// [`Error::File`](crate::Error::File) when the file cannot be written, or a parameter has a NaN
/// or an infinity in it, as a network whose training went astray.
///
/// # Panics
/// When `values` is shorter than the layout.
pub fn save<T: Scalar>(path: impl AsRef<Path>, layout: &[Parameter], values: &[T]) -> Result<()> {
    let path = path.as_ref();
    write_beside(path, layout, values).map_err(|problem| problem.at(Some(path)))
}

fn write_beside<T: Scalar>(
    path: &Path,
    layout: &[Parameter],
    values: &[T],
) -> Result<(), FileProblem> {
    check_finite(layout, values)?;
    let (beside, file) = create_beside(path)?;
    let written = write(&file, layout, values)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What went wrong first is what to report.
        let _ = fs::remove_file(&beside);
    }
    Ok(written?)
}

/// A new file in the same directory, where renaming replaces a file in one step. What a crash
/// left there, perhaps of a process with the same number, is passed over.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    loop {
        let call = CALLS.fetch_add(1, Ordering::Relaxed);
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}.{call}.part", std::process::id()));
        let beside = path.with_file_name(name);
        match File::create_new(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|file| (beside, file)),
        }
    }
}

fn check_finite<T: Scalar>(layout: &[Parameter], values: &[T]) -> Result<(), FileProblem> {
    for entry in entries(layout) {
        let (parameter, memory) = (entry.parameter(), &values[entry.range()]);
        if let Some(at) = memory.iter().position(|x| !x.is_finite()) {
            let (rows, columns) = parameter.matrix_shape();
            let in_file = if parameter.transposed { at % rows * columns + at / rows } else { at };
            return Err(not_finite_at(entry, in_file, memory[at].to_f64(), T::NAME));
        }
    }
    Ok(())
}

fn write<T: Scalar>(file: &File, layout: &[Parameter], values: &[T]) -> io::Result<()> {
    let header = header(layout, Float::of::<T>())?;
    let mut file = BufWriter::new(file);
    file.write_all(&(header.len() as u64).to_le_bytes())?;
    file.write_all(&header)?;
    let (mut turned, mut bytes) = (Vec::new(), Vec::new());
    for entry in entries(layout) {
        let mut numbers = &values[entry.range()];
        if entry.parameter().transposed {
            turned.resize(numbers.len(), T::ZERO);
            entry.parameter().memory_to_file(numbers, &mut turned);
            numbers = &turned;
        }
        for numbers in numbers.chunks(CHUNK) {
            bytes.clear();
            Float::encode(numbers, &mut bytes);
            file.write_all(&bytes)?;
        }
    }
    file.flush()
}

/// The header, padded with spaces so that the tensors begin on a boundary of 8 bytes.
fn header(layout: &[Parameter], float: Float) -> io::Result<Vec<u8>> {
    let mut end = 0;
    let tensors = entries(layout).map(|entry| {
        let begin = end;
        end += entry.range().len() * float.bytes();
        let info = TensorInfo {
            dtype: float.dtype(),
            shape: entry.shape().to_vec(),
            data_offsets: (begin, end),
        };
        (entry.name().into_owned(), info)
    });
    // Hugging Face's loaders want to be told that names and shapes are PyTorch's.
    let format = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    let header = Metadata::new(Some(format), tensors.collect()).map_err(io::Error::other)?;
    let mut header = serde_json::to_vec(&header)?;
    header.resize(header.len().next_multiple_of(8), b' ');
    Ok(header)
}
