//! Arrays in files: IDX (MNIST and its kin), npy (`NumPy`), and bare numbers.
//!
//! [`read`] reads a whole file into a [`Tensor`], whatever the type of its numbers:
//!
//! ```no_run
//! use monograd::data::array;
//! use monograd::Tensor;
//!
//! let images: Tensor = array::read("train-images-idx3-ubyte")?; // [60000, 28, 28], from 0 to 255
//! let labels: Tensor<u32> = array::read("train-labels-idx1-ubyte")?;
//! # Ok::<(), monograd::data::DataError>(())
//! ```
//!
//! The first bytes tell the format. A file that is packed by gzip is read as what it holds (needs feature
//! `gzip`). [`ArrayFile`] reads a file row by row, for data that is larger than memory.

mod format;
mod idx;
mod npy;
mod numbers;
mod source;
#[cfg(test)]
mod tests;

pub use format::Format;
pub use numbers::{ArrayElement, NumberType};

use super::{DataError, DataProblem};
use crate::tensor::{Tensor, count};
use format::{Header, Order};
use numbers::Decoder;
use source::{Source, Supply};
use std::marker::PhantomData;
use std::path::Path;

/// Reads an array: an IDX or npy file.
///
/// # Errors
/// If the file cannot be read, is neither, is damaged, is larger than memory, or holds a number that the
/// element type does not.
pub fn read<E: ArrayElement>(path: impl AsRef<Path>) -> Result<Tensor<E>, DataError> {
    read_as(path, &Format::Detect)
}

/// Reads an array of a given format.
///
/// # Errors
/// Those of [`read`].
pub fn read_as<E: ArrayElement>(
    path: impl AsRef<Path>,
    format: &Format,
) -> Result<Tensor<E>, DataError> {
    let path = path.as_ref();
    ArrayFile::<E>::start(Supply::File(path.to_path_buf()), format)
        .and_then(ArrayFile::into_tensor)
        .map_err(|error| error.at(Some(path)))
}

/// Reads an array from the bytes of a file.
///
/// # Errors
/// Those of [`read`].
pub fn parse<E: ArrayElement>(bytes: &[u8], format: &Format) -> Result<Tensor<E>, DataError> {
    ArrayFile::<E>::start(Supply::Memory(bytes.into()), format)?.into_tensor()
}

/// An array in a file, which is read row by row along its first axis.
///
/// ```
/// use monograd::data::array::{ArrayFile, NumberType};
///
/// // the header that `numpy.save` writes, and three rows of two numbers
/// let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (3, 2), }";
/// let bytes = [b"\x93NUMPY\x01\x00;\x00", header.as_bytes(), &[1, 2, 3, 4, 5, 6]].concat();
/// let path = std::env::temp_dir().join(format!("monograd-doc-rows-{}.npy", std::process::id()));
/// std::fs::write(&path, bytes).unwrap();
///
/// let mut file = ArrayFile::<f32>::open(&path)?;
/// assert_eq!((file.shape(), file.number_type()), (&[3, 2][..], NumberType::U8));
/// let mut rows = [0.0; 4]; // room for two rows
/// assert_eq!((file.read_rows(&mut rows)?, rows), (2, [1.0, 2.0, 3.0, 4.0]));
/// assert_eq!((file.read_rows(&mut rows)?, rows[..2].to_vec()), (1, vec![5.0, 6.0]));
/// assert_eq!(file.read_rows(&mut rows)?, 0);
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), monograd::data::DataError>(())
/// ```
#[derive(Debug)]
pub struct ArrayFile<E> {
    supply: Supply,
    source: Source,
    header: Header,
    /// Number of bytes before the numbers.
    start: u64,
    /// Number of the next row.
    row: usize,
    bytes: Vec<u8>,
    element: PhantomData<E>,
}

/// Number of bytes that are decoded at a time.
const CHUNK: usize = 1 << 16;

impl<E: ArrayElement> ArrayFile<E> {
    /// Opens an IDX or npy file.
    ///
    /// # Errors
    /// If the file cannot be read, is neither, or is shorter or longer than its header says.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DataError> {
        Self::open_as(path, &Format::Detect)
    }

    /// Opens a file of a given format.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn open_as(path: impl AsRef<Path>, format: &Format) -> Result<Self, DataError> {
        let path = path.as_ref();
        Self::start(Supply::File(path.to_path_buf()), format).map_err(|error| error.at(Some(path)))
    }

    fn start(supply: Supply, format: &Format) -> Result<Self, DataError> {
        let mut source = supply.open()?;
        let header = format.header(&mut source)?;
        let start = source.position();
        source.check_len(header.name, start, header.bytes()?)?;
        Ok(Self { supply, source, header, start, row: 0, bytes: Vec::new(), element: PhantomData })
    }

    /// Returns the sizes of all axes.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.header.shape
    }

    /// Returns the number of rows: the size of the first axis, or 1 for a single number.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.header.shape.first().copied().unwrap_or(1)
    }

    /// Returns the sizes of a row.
    #[must_use]
    pub fn row_shape(&self) -> &[usize] {
        self.header.shape.get(1..).unwrap_or(&[])
    }

    /// Returns the type of the numbers in the file.
    #[must_use]
    pub fn number_type(&self) -> NumberType {
        self.header.numbers.kind
    }

    /// Begins again with the first row.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn rewind(&mut self) -> Result<(), DataError> {
        if self.row > 0 {
            let again = || -> Result<Source, DataError> {
                let mut source = self.supply.open()?;
                source.skip(self.header.name, self.start)?;
                Ok(source)
            };
            self.source = again().map_err(|error| error.at(self.supply.path()))?;
            self.row = 0;
        }
        Ok(())
    }

    /// Reads the next rows into `rows`, as many as fit and are left, and returns their number.
    ///
    /// # Errors
    /// If the file cannot be read, is shorter or longer than its header says, or holds a number that the
    /// element type does not. An array in Fortran's order of more than one axis has no rows.
    pub fn read_rows(&mut self, rows: &mut [E]) -> Result<usize, DataError> {
        let read = self.next_rows(rows);
        read.map_err(|error| error.at(self.supply.path()))
    }

    fn next_rows(&mut self, rows: &mut [E]) -> Result<usize, DataError> {
        if self.header.order == Order::Fortran {
            return Err(DataProblem::Unsupported {
                what: "an array in Fortran's order row by row".into(),
                supported: "read it as a whole, or save `numpy.ascontiguousarray(x)`",
            }
            .into());
        }
        let len = count(self.row_shape());
        let left = self.rows() - self.row;
        let number = rows.len().checked_div(len).map_or(left, |fit| left.min(fit));
        self.decode(&mut rows[..number * len], self.row * len)?;
        self.row += number;
        if self.row == self.rows() {
            self.source.end(self.header.name)?;
        }
        Ok(number)
    }

    /// Reads the whole array.
    fn into_tensor(mut self) -> Result<Tensor<E>, DataError> {
        let shape = self.header.shape.clone();
        let len = count(&shape);
        // a header alone does not cause a large allocation: the length of the file is known to fit it, and
        // that of what is packed to be possible
        let zeros = || {
            Tensor::try_zeros(&shape).map_err(|_| DataProblem::TooLarge {
                what: format!("an array of shape {shape:?}"),
                bytes: (len as u64).saturating_mul(size_of::<E>() as u64),
            })
        };
        let mut tensor = zeros()?;
        match self.header.order {
            Order::C => self.decode(tensor.as_mut_slice(), 0)?,
            Order::Fortran => {
                let mut turned = zeros()?;
                self.decode(turned.as_mut_slice(), 0)?;
                format::turn(&shape, turned.as_slice(), tensor.as_mut_slice());
            }
        }
        self.source.end(self.header.name)?;
        Ok(tensor)
    }

    /// Decodes the next numbers. `first` is the place of the first among all of the file.
    fn decode(&mut self, to: &mut [E], first: usize) -> Result<(), DataError> {
        let Decoder { kind, .. } = self.header.numbers;
        for (chunk, to) in to.chunks_mut(CHUNK / kind.bytes()).enumerate() {
            self.bytes.resize(to.len() * kind.bytes(), 0);
            self.source.fill(self.header.name, &mut self.bytes)?;
            if let Err(at) = self.header.numbers.decode(&self.bytes, to) {
                let place = first + chunk * (CHUNK / kind.bytes()) + at;
                let value = self.header.numbers.value(&self.bytes[at * kind.bytes()..]);
                let index = self.header.index(place);
                let element = self.header.numbers.expected::<E>();
                return Err(DataProblem::Element { value, index, element }.into());
            }
        }
        Ok(())
    }
}
