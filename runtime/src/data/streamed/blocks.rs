//! Samples that are read one after the other.

use super::super::array::{ArrayElement, ArrayFile};
use super::super::error::{DataError, DataProblem};
use super::super::samples::Samples;
use crate::tensor::{Tensor, count};

/// Samples that are read one after the other: of files, mostly.
///
/// A pair of [`ArrayFile`]s is one, whose rows are inputs and targets; an `ArrayFile` alone has no targets.
///
/// ```
/// use monograd::Tensor;
/// use monograd::data::{Blocks, DataError, Streamed};
///
/// /// The first numbers and their squares.
/// struct Squares {
///     next: u32,
///     end: u32,
/// }
///
/// impl Blocks for Squares {
///     type Inputs = Tensor;
///     type Targets = Tensor;
///
///     fn rewind(&mut self) -> Result<(), DataError> {
///         self.next = 0;
///         Ok(())
///     }
///
///     fn room(&self, samples: usize) -> Result<(Tensor, Tensor), DataError> {
///         Ok((Tensor::try_zeros([samples, 1])?, Tensor::try_zeros([samples, 1])?))
///     }
///
///     fn read(&mut self, to: &mut (Tensor, Tensor), from: usize) -> Result<usize, DataError> {
///         let count = (to.0.len() - from).min((self.end - self.next) as usize);
///         for row in from..from + count {
///             let x = self.next as f32;
///             (to.0.row_mut(row)[0], to.1.row_mut(row)[0]) = (x, x * x);
///             self.next += 1;
///         }
///         Ok(count)
///     }
/// }
///
/// let mut batches = Streamed::new(Squares { next: 0, end: 5 }, 3);
/// let targets: Vec<f32> = batches
///     .epoch(0)?
///     .map(|batch| Ok(batch?.1.as_slice().to_vec()))
///     .collect::<Result<Vec<_>, DataError>>()?
///     .concat();
/// assert_eq!(targets, [0.0, 1.0, 4.0, 9.0, 16.0]);
/// # Ok::<(), DataError>(())
/// ```
pub trait Blocks {
    /// The inputs.
    type Inputs: Samples;
    /// The targets.
    type Targets: Samples;

    /// Begins again with the first sample.
    ///
    /// # Errors
    /// If that cannot be read.
    fn rewind(&mut self) -> Result<(), DataError>;

    /// Returns room for this many samples.
    ///
    /// # Errors
    /// If there is no memory for them, or a sample has no numbers.
    fn room(&self, samples: usize) -> Result<(Self::Inputs, Self::Targets), DataError>;

    /// Reads the next samples to the places from `from` on, and returns how many were read: as many as there is
    /// room for, or fewer. None is the end.
    ///
    /// # Errors
    /// If they cannot be read.
    fn read(
        &mut self,
        to: &mut (Self::Inputs, Self::Targets),
        from: usize,
    ) -> Result<usize, DataError>;

    /// Returns the number of samples, if it is known.
    fn samples(&self) -> Option<u64> {
        None
    }
}

/// Reads rows of a file to the rows of a tensor.
fn read_rows<E: ArrayElement>(
    file: &mut ArrayFile<E>,
    to: &mut Tensor<E>,
    from: usize,
) -> Result<usize, DataError> {
    let len = count(file.row_shape());
    file.read_rows(&mut to.as_mut_slice()[from * len..])
}

/// Returns room for rows of a file, whose header may tell of any sizes.
fn rows<E: ArrayElement>(file: &ArrayFile<E>, samples: usize) -> Result<Tensor<E>, DataError> {
    if count(file.row_shape()) == 0 {
        return Err(DataProblem::Empty(": a row of the file has no numbers").into());
    }
    let shape: Vec<usize> =
        std::iter::once(samples).chain(file.row_shape().iter().copied()).collect();
    Ok(Tensor::try_zeros(shape)?)
}

impl<A: ArrayElement, B: ArrayElement> Blocks for (ArrayFile<A>, ArrayFile<B>) {
    type Inputs = Tensor<A>;
    type Targets = Tensor<B>;

    fn rewind(&mut self) -> Result<(), DataError> {
        let (first, second) = (self.0.rows(), self.1.rows());
        if first != second {
            return Err(DataProblem::Samples { first, second }.into());
        }
        self.0.rewind()?;
        self.1.rewind()
    }

    fn room(&self, samples: usize) -> Result<(Tensor<A>, Tensor<B>), DataError> {
        Ok((rows(&self.0, samples)?, rows(&self.1, samples)?))
    }

    fn read(&mut self, to: &mut (Tensor<A>, Tensor<B>), from: usize) -> Result<usize, DataError> {
        // as many of both, since there are as many and there is as much room
        read_rows(&mut self.0, &mut to.0, from)?;
        read_rows(&mut self.1, &mut to.1, from)
    }

    fn samples(&self) -> Option<u64> {
        Some(self.0.rows() as u64)
    }
}

impl<A: ArrayElement> Blocks for ArrayFile<A> {
    type Inputs = Tensor<A>;
    type Targets = ();

    fn rewind(&mut self) -> Result<(), DataError> {
        Self::rewind(self)
    }

    fn room(&self, samples: usize) -> Result<(Tensor<A>, ()), DataError> {
        Ok((rows(self, samples)?, ()))
    }

    fn read(&mut self, to: &mut (Tensor<A>, ()), from: usize) -> Result<usize, DataError> {
        read_rows(self, &mut to.0, from)
    }

    fn samples(&self) -> Option<u64> {
        Some(self.rows() as u64)
    }
}
