//! The formats of arrays, and what their headers say.

use super::numbers::{Decoder, NumberType};
use super::source::Source;
use super::{DataError, idx, npy};
use crate::tensor::count;

/// The format of a file that holds an array.
///
/// ```
/// use monograd::Tensor;
/// use monograd::data::array::{Format, NumberType, parse};
///
/// let numbers = [1_i16, -2, 3, -4].map(i16::to_le_bytes).concat();
/// let format = Format::Raw { numbers: NumberType::I16, shape: vec![2, 2] };
/// assert_eq!(parse::<f32>(&numbers, &format)?, Tensor::from([[1.0, -2.0], [3.0, -4.0]]));
/// // IDX: bytes (08) in one axis (01) of two numbers
/// assert_eq!(parse::<u32>(&[0, 0, 8, 1, 0, 0, 0, 2, 7, 9], &Format::Detect)?, Tensor::from([7, 9]));
/// # Ok::<(), monograd::data::DataError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// IDX or npy, as the first bytes say.
    #[default]
    Detect,
    /// IDX: the format of MNIST.
    Idx,
    /// npy: what `numpy.save` writes.
    Npy,
    /// Numbers without a header, in the order of bytes that most machines have (little endian).
    Raw {
        /// The type of the numbers.
        numbers: NumberType,
        /// The sizes of all axes.
        shape: Vec<usize>,
    },
}

/// The name of the formats that the first bytes tell apart, for messages.
const EITHER: &str = "IDX or npy";

/// The order of the numbers in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The last axis varies fastest.
    C,
    /// The first axis varies fastest.
    Fortran,
}

/// The format, shape and type of the numbers, which are known before they are read.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// The name of the format, for messages.
    pub name: &'static str,
    pub numbers: Decoder,
    pub shape: Vec<usize>,
    pub order: Order,
}

impl Format {
    /// Reads the header of a file.
    pub(super) fn header(&self, source: &mut Source) -> Result<Header, DataError> {
        match self {
            Self::Idx => idx::header(source),
            Self::Npy => npy::header(source),
            Self::Raw { numbers, shape } => Ok(Header {
                name: "raw",
                numbers: Decoder { kind: *numbers, is_big_endian: false },
                shape: shape.clone(),
                order: Order::C,
            }),
            Self::Detect => match source.peek(EITHER)? {
                [0, 0, ..] => idx::header(source),
                [0x93, ..] => npy::header(source),
                [] => Err(DataError::format(EITHER, "it is empty")),
                first => {
                    let reason = format!("it begins with the bytes {first:02x?}");
                    Err(DataError::format(EITHER, reason))
                }
            },
        }
    }
}

impl Header {
    /// Returns the number of bytes of all numbers.
    pub fn bytes(&self) -> Result<u64, DataError> {
        let bytes = count(&self.shape).checked_mul(self.numbers.kind.bytes());
        let bytes = bytes.filter(|bytes| isize::try_from(*bytes).is_ok());
        bytes.map(|bytes| bytes as u64).ok_or_else(|| {
            let reason = format!("the sizes {:?} are more than can be counted", self.shape);
            DataError::format(self.name, reason)
        })
    }

    /// Returns the index of the number at a place of the file.
    pub fn index(&self, mut place: usize) -> Vec<usize> {
        let mut index = vec![0; self.shape.len()];
        let mut take = |axis: usize| {
            index[axis] = place % self.shape[axis];
            place /= self.shape[axis];
        };
        match self.order {
            Order::C => (0..self.shape.len()).rev().for_each(&mut take),
            Order::Fortran => (0..self.shape.len()).for_each(&mut take),
        }
        index
    }
}

/// Copies numbers from Fortran's order to that of C.
pub(super) fn turn<E: Copy>(shape: &[usize], from: &[E], to: &mut [E]) {
    let mut strides = Vec::with_capacity(shape.len());
    let mut stride = 1;
    for size in shape {
        strides.push(stride);
        stride *= size;
    }
    let (mut index, mut place) = (vec![0; shape.len()], 0);
    for to in to {
        *to = from[place];
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            place += strides[axis];
            if index[axis] < shape[axis] {
                break;
            }
            place -= index[axis] * strides[axis];
            index[axis] = 0;
        }
    }
}
