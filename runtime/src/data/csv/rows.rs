//! The rows of a file, encoded one after the other.

use super::super::array::ArrayElement;
use super::super::error::DataError;
use super::super::streamed::Blocks;
use super::encoding::{Encoding, Places};
use super::records::{Records, line};
use super::table::{Csv, field};
use crate::tensor::Tensor;
use csv::StringRecord;
use std::fmt;
use std::marker::PhantomData;

/// The rows of a CSV file as the inputs and targets of a network, read one after the other.
///
/// ```
/// use monograd::data::Streamed;
/// use monograd::data::csv::{Columns, Csv};
///
/// let csv = Csv::text("area,price\n50,1\n70,2\n60,3\n"); // a `Csv::file(..)` may be larger than memory
/// let encoding = Columns::new().target("price").fit(&csv.read_rows(2)?)?;
/// let mut batches = Streamed::new(encoding.rows::<f32>(csv)?, 2);
/// let inputs: Vec<Vec<f32>> = batches
///     .epoch(0)?
///     .map(|batch| Ok(batch?.0.as_slice().to_vec()))
///     .collect::<Result<_, monograd::data::DataError>>()?;
/// assert_eq!(inputs, [vec![50.0, 70.0], vec![60.0]]);
/// # Ok::<(), monograd::data::DataError>(())
/// ```
pub struct Rows<Y> {
    encoding: Encoding,
    csv: Csv,
    records: Records,
    places: Places,
    record: StringRecord,
    target: PhantomData<fn() -> Y>,
}

impl<Y: ArrayElement> Rows<Y> {
    pub(super) fn new(encoding: Encoding, csv: Csv) -> Result<Self, DataError> {
        let records = csv.open()?;
        let places =
            encoding.target_places::<Y>(&records.names).map_err(|error| error.at(csv.path()))?;
        let record = StringRecord::new();
        Ok(Self { encoding, csv, records, places, record, target: PhantomData })
    }

    /// Encodes the record to row `row`.
    fn encode(
        &self,
        (inputs, targets): &mut (Tensor, Tensor<Y>),
        row: usize,
    ) -> Result<bool, DataError> {
        let Self { encoding, places, record, csv, .. } = self;
        let field = |column| field(record, column, |field| csv.is_missing(field));
        if encoding.drops(places, field) {
            return Ok(false);
        }
        encoding.encode(places, field, inputs.row_mut(row))?;
        targets.as_mut_slice()[row] = encoding.encode_target(places, field)?;
        Ok(true)
    }
}

impl<Y: ArrayElement> Blocks for Rows<Y> {
    type Inputs = Tensor;
    type Targets = Tensor<Y>;

    fn rewind(&mut self) -> Result<(), DataError> {
        self.records = self.csv.open()?;
        Ok(())
    }

    fn room(&self, samples: usize) -> Result<(Tensor, Tensor<Y>), DataError> {
        let inputs = Tensor::try_zeros([samples, self.encoding.width()])?;
        Ok((inputs, Tensor::try_zeros([samples])?))
    }

    fn read(&mut self, to: &mut (Tensor, Tensor<Y>), from: usize) -> Result<usize, DataError> {
        let mut row = from;
        while row < to.1.len() {
            if !self.records.next(&mut self.record)? {
                break;
            }
            let is_kept = self.encode(to, row);
            let at = |error| self.records.at(error, line(&self.record));
            row += usize::from(is_kept.map_err(at)?);
        }
        Ok(row - from)
    }
}

impl<Y> fmt::Debug for Rows<Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("csv", &self.csv).finish_non_exhaustive()
    }
}
