//! Scales columns of numbers, by what was found in the training part.

use super::error::DataProblem;
use super::{DataError, saved};
use crate::scalar::Scalar;
use crate::tensor::Tensor;
use std::collections::BTreeMap;
use std::path::Path;

/// Scales columns of numbers: the last axis of a tensor. It is fitted on the training part, and applied to all.
///
/// ```
/// use monograd::Tensor;
/// use monograd::data::Scaler;
///
/// let train = Tensor::from([[1.0, 10.0], [3.0, 30.0]]);
/// let scaler = Scaler::standardize(&train)?;
/// assert_eq!(scaler.applied(&train)?, Tensor::from([[-1.0, -1.0], [1.0, 1.0]]));
/// assert_eq!(scaler.applied(&Tensor::from([[2.0, 40.0]]))?, Tensor::from([[0.0, 2.0]]));
/// # Ok::<(), monograd::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Scaler {
    /// The value of each column that is scaled to 0.
    pub center: Vec<f64>,
    /// The difference of each column that is scaled to 1.
    pub scale: Vec<f64>,
}

impl Scaler {
    /// The key of its metadata.
    const KEY: &str = "monograd.scaler";

    /// Returns the scaler after which each column has mean 0 and standard deviation 1 (that of the population, as
    /// in scikit-learn). A column of equal numbers becomes zeros.
    ///
    /// # Errors
    /// If there are no samples, or a number is not finite.
    pub fn standardize<T: Scalar>(x: &Tensor<T>) -> Result<Self, DataError> {
        let rows = Rows::of(x)?;
        let count = rows.count() as f64;
        let mut center = vec![0.0; rows.columns];
        rows.each(|column, x| center[column] += x);
        center.iter_mut().for_each(|sum| *sum /= count);
        // in a second pass: the difference of two large sums would lose the digits of a small deviation
        let (mut squares, mut sums) = (vec![0.0; rows.columns], vec![0.0; rows.columns]);
        rows.each(|column, x| {
            let difference = x - center[column];
            squares[column] += difference * difference;
            sums[column] += difference;
        });
        let deviation = |column: usize| -> f64 {
            let variance = (squares[column] - sums[column] * sums[column] / count) / count;
            let deviation = variance.max(0.0).sqrt();
            // equal numbers, but for the rounding of their mean
            let least = 10.0 * f64::EPSILON * center[column].abs();
            if deviation <= least { 1.0 } else { deviation }
        };
        let scale = (0..rows.columns).map(deviation).collect();
        Ok(Self { center, scale })
    }

    /// Returns the scaler after which each column reaches from 0 to 1. A column of equal numbers becomes zeros.
    ///
    /// # Errors
    /// If there are no samples, or a number is not finite.
    pub fn min_max<T: Scalar>(x: &Tensor<T>) -> Result<Self, DataError> {
        let rows = Rows::of(x)?;
        let (mut least, mut most) =
            (vec![f64::INFINITY; rows.columns], vec![f64::NEG_INFINITY; rows.columns]);
        rows.each(|column, x| {
            least[column] = least[column].min(x);
            most[column] = most[column].max(x);
        });
        let range = |(least, most): (&f64, &f64)| if most > least { most - least } else { 1.0 };
        let scale = least.iter().zip(&most).map(range).collect();
        Ok(Self { center: least, scale })
    }

    /// Scales numbers in place.
    ///
    /// # Errors
    /// If they have another number of columns.
    pub fn apply<T: Scalar>(&self, x: &mut Tensor<T>) -> Result<(), DataError> {
        self.change(x, |x, center, scale| (x - center) / scale)
    }

    /// Returns numbers scaled.
    ///
    /// # Errors
    /// If they have another number of columns.
    pub fn applied<T: Scalar>(&self, x: &Tensor<T>) -> Result<Tensor<T>, DataError> {
        let mut x = x.clone();
        self.apply(&mut x)?;
        Ok(x)
    }

    /// Undoes the scaling in place: of what a network has predicted, whose targets were scaled.
    ///
    /// # Errors
    /// If there is another number of columns.
    pub fn invert<T: Scalar>(&self, x: &mut Tensor<T>) -> Result<(), DataError> {
        self.change(x, |x, center, scale| x * scale + center)
    }

    fn change<T: Scalar>(
        &self,
        x: &mut Tensor<T>,
        change: fn(f64, f64, f64) -> f64,
    ) -> Result<(), DataError> {
        let (columns, expected) = (columns(x.shape()), self.center.len());
        if columns != expected || self.scale.len() != expected {
            let reason = format!("{columns} columns, but the scaler was fitted on {expected}");
            return Err(DataError::option(reason));
        }
        for row in x.as_mut_slice().chunks_exact_mut(columns.max(1)) {
            for (x, (center, scale)) in row.iter_mut().zip(self.center.iter().zip(&self.scale)) {
                *x = T::from_f64(change(x.to_f64(), *center, *scale));
            }
        }
        Ok(())
    }

    /// Returns it as metadata, which [`save_with`](crate::Network::save_with) puts into the file of a network.
    #[must_use]
    pub fn metadata(&self) -> BTreeMap<String, String> {
        let texts = |numbers: &[f64]| numbers.iter().copied().map(saved::text).collect::<Vec<_>>();
        let numbers =
            serde_json::json!({ "center": texts(&self.center), "scale": texts(&self.scale) });
        BTreeMap::from([(Self::KEY.to_owned(), numbers.to_string())])
    }

    /// Returns the scaler that is in the metadata of a file.
    ///
    /// # Errors
    /// If there is none, or it is damaged.
    pub fn from_metadata(metadata: &BTreeMap<String, String>) -> Result<Self, DataError> {
        let value = saved::value(metadata, Self::KEY)?;
        let numbers = |name: &str| saved::numbers(&value[name]);
        match (numbers("center"), numbers("scale")) {
            (Some(center), Some(scale))
                if center.len() == scale.len() && scale.iter().all(|x| saved::is_scale(*x)) =>
            {
                Ok(Self { center, scale })
            }
            _ => Err(saved::damaged(Self::KEY)),
        }
    }

    /// Saves it in a safetensors file of its own, as metadata.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), DataError> {
        Ok(crate::file::save_with::<f64, _, _>(path, &[], &[], self.metadata())?)
    }

    /// Loads it from a file: one of its own, or that of a network.
    ///
    /// # Errors
    /// If the file cannot be read, or has none.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, DataError> {
        let metadata = crate::file::metadata(&path)?;
        Self::from_metadata(&metadata).map_err(|error| error.at(Some(path.as_ref())))
    }
}

/// Returns the number of columns.
fn columns(shape: &[usize]) -> usize {
    match shape {
        [] | [_] => 1,
        [.., last] => *last,
    }
}

/// Numbers in rows.
struct Rows<'x, T> {
    columns: usize,
    numbers: &'x [T],
}

impl<'x, T: Scalar> Rows<'x, T> {
    fn of(x: &'x Tensor<T>) -> Result<Self, DataError> {
        if x.is_empty() {
            return Err(DataProblem::Empty(" to fit a scaler on").into());
        }
        let columns = columns(x.shape());
        if let Some(at) = x.iter().position(|x| !x.is_finite()) {
            let (row, column) = (at / columns, at % columns);
            let value = x.as_slice()[at];
            let reason =
                format!("row {row}, column {column} is {value:?}: a scaler takes finite numbers");
            return Err(DataError::option(reason));
        }
        Ok(Self { columns, numbers: x.as_slice() })
    }

    fn count(&self) -> usize {
        self.numbers.len() / self.columns
    }

    /// Calls `each` with the column and the value of all numbers.
    fn each(&self, mut each: impl FnMut(usize, f64)) {
        for row in self.numbers.chunks_exact(self.columns) {
            row.iter().enumerate().for_each(|(column, x)| each(column, x.to_f64()));
        }
    }
}
