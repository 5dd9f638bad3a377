//! Turns the rows of tables into the inputs and targets of a network.

use super::super::array::ArrayElement;
use super::super::error::{DataError, DataProblem};
use super::super::{Dataset, saved};
use super::column::{Column, Kind, Value};
use super::rows::Rows;
use super::store;
use super::table::{Csv, Table, field, not_a_number, place};
use crate::tensor::Tensor;
use std::collections::BTreeMap;

/// Fitted columns, which turn tables into numbers.
///
/// ```
/// use monograd::data::csv::{Columns, Encoding, Table};
///
/// let table = Table::parse("area,kind\n70,flat\n150,house\n80,flat\n")?;
/// let encoding = Columns::new().target("kind").fit(&table)?;
/// assert_eq!(encoding.classes(), ["flat", "house"]);
/// assert_eq!(encoding.dataset::<u32>(&table)?.len(), 3);
/// let again = Encoding::from_metadata(&encoding.metadata())?; // as from the file of a network
/// assert_eq!(again.width(), 1);
/// # Ok::<(), monograd::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Encoding {
    pub(super) inputs: Vec<Column>,
    pub(super) target: Option<Column>,
    width: usize,
}

/// The places of the fitted columns in a table.
#[derive(Clone, Debug)]
pub(super) struct Places {
    inputs: Vec<usize>,
    target: Option<usize>,
}

impl Encoding {
    pub(super) fn new(inputs: Vec<Column>, target: Option<Column>) -> Result<Self, DataError> {
        let width = inputs.iter().map(Column::width).sum();
        if width == 0 {
            return Err(DataError::option("no column is an input: all are the target or ignored"));
        }
        Ok(Self { inputs, target, width })
    }

    /// Returns the number of inputs: the size that the network takes.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns the names of the inputs: that of a column, or `column=text`.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.inputs.iter().flat_map(Column::names).collect()
    }

    /// Returns the texts of a target of classes in the order of their numbers; none for a target of numbers.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        match self.target.as_ref().map(|target| &target.kind) {
            Some(Kind::Text { categories, .. }) => &categories.texts,
            _ => &[],
        }
    }

    /// Returns the inputs of all rows. The table may have no target, further columns, and another order of columns.
    ///
    /// # Errors
    /// If a column is missing, a field is not a number or an unknown text, or a value is missing that nothing stands in
    /// for, also where such rows were left out of the data set.
    pub fn inputs(&self, table: &Table) -> Result<Tensor, DataError> {
        let places =
            self.places(table.names(), false).map_err(|e| e.at(table.source.path.as_deref()))?;
        let mut inputs = Tensor::try_zeros([table.len(), self.width])?;
        for (row, record) in table.records.iter().enumerate() {
            let field = |column| field(record, column, |field| table.source.is_missing(field));
            let encoded = self.encode(&places, field, inputs.row_mut(row));
            encoded.map_err(|error| table.at(error, record))?;
        }
        Ok(inputs)
    }

    /// Returns inputs and targets of all rows but those that are left out. `Y` is `u32` for a target of classes; with
    /// `f32`, classes are numbers as well, as a loss with one logit takes them.
    ///
    /// # Errors
    /// Those of [`inputs`](Self::inputs), and if there is no target, or it does not fit `Y`.
    pub fn dataset<Y: ArrayElement>(
        &self,
        table: &Table,
    ) -> Result<Dataset<Tensor, Tensor<Y>>, DataError> {
        let places =
            self.places(table.names(), true).map_err(|e| e.at(table.source.path.as_deref()))?;
        let (mut inputs, mut targets) = (Tensor::try_zeros([table.len(), self.width])?, Vec::new());
        for record in &table.records {
            let field = |column| field(record, column, |field| table.source.is_missing(field));
            if self.drops(&places, field) {
                continue;
            }
            let row = inputs.row_mut(targets.len());
            let encoded = self.encode(&places, field, row);
            let target = encoded.and_then(|()| self.encode_target(&places, field));
            targets.push(target.map_err(|error| table.at(error, record))?);
        }
        if targets.is_empty() {
            return Err(DataProblem::Empty(": every row has a missing value").into());
        }
        if targets.len() < table.len() {
            let values = &inputs.as_slice()[..targets.len() * self.width];
            inputs = Tensor::from_slice([targets.len(), self.width], values)?;
        }
        Dataset::new(inputs, Tensor::from(targets))
    }

    /// Returns the class numbers of a column of text: what an embedding takes.
    ///
    /// # Errors
    /// If no input is called so or it is not of text, a text is unknown, or a value is missing.
    pub fn class_numbers(&self, table: &Table, name: &str) -> Result<Tensor<u32>, DataError> {
        let names: Vec<String> = self.inputs.iter().map(|column| column.name.clone()).collect();
        let column = &self.inputs[place(&names, name)?];
        let at = table.source.column(name)?;
        let numbers: Result<Vec<u32>, DataError> = table
            .records
            .iter()
            .map(|record| {
                let field = field(record, at, |field| table.source.is_missing(field));
                match column.value(field) {
                    Ok(Value::Class(class)) => Ok(class),
                    Ok(_) => {
                        Err(not_a_number(field.unwrap_or(""), ": there is no class number for it"))
                    }
                    Err(error) => Err(error),
                }
                .map_err(|error| table.at(error.at_column(name), record))
            })
            .collect();
        Ok(Tensor::from(numbers?))
    }

    /// Reads a file that is larger than memory, row by row: what [`Streamed`](crate::data::Streamed) makes batches
    /// of.
    ///
    /// # Errors
    /// If the file cannot be opened, or lacks a column.
    pub fn rows<Y: ArrayElement>(&self, csv: Csv) -> Result<Rows<Y>, DataError> {
        Rows::new(self.clone(), csv)
    }

    /// Returns it as metadata, which [`save_with`](crate::Network::save_with) puts into the file of a network.
    #[must_use]
    pub fn metadata(&self) -> BTreeMap<String, String> {
        BTreeMap::from([(store::KEY.to_owned(), store::to_json(self).to_string())])
    }

    /// Returns the encoding that is in the metadata of a file.
    ///
    /// # Errors
    /// If there is none, or it is damaged.
    pub fn from_metadata(metadata: &BTreeMap<String, String>) -> Result<Self, DataError> {
        let value = saved::value(metadata, store::KEY)?;
        store::from_json(&value).ok_or_else(|| saved::damaged(store::KEY))
    }

    /// Finds the columns in a table of these names.
    pub(super) fn places(&self, names: &[String], with_target: bool) -> Result<Places, DataError> {
        let inputs: Result<Vec<usize>, DataError> =
            self.inputs.iter().map(|column| place(names, &column.name)).collect();
        let target = match (&self.target, with_target) {
            (_, false) => None,
            (Some(target), true) => Some(place(names, &target.name)?),
            (None, true) => {
                return Err(DataError::option(
                    "no column is the target: name it when the encoding is fitted, `target(\"..\")`",
                ));
            }
        };
        Ok(Places { inputs: inputs?, target })
    }

    /// Returns true if the row is left out.
    pub(super) fn drops<'r>(
        &self,
        places: &Places,
        field: impl Fn(usize) -> Option<&'r str>,
    ) -> bool {
        let target = self.target.iter().zip(&places.target);
        let mut all = self.inputs.iter().zip(&places.inputs).chain(target);
        all.any(|(column, place)| column.drops && field(*place).is_none())
    }

    /// Writes the inputs of a row.
    pub(super) fn encode<'r>(
        &self,
        places: &Places,
        field: impl Fn(usize) -> Option<&'r str>,
        mut to: &mut [f32],
    ) -> Result<(), DataError> {
        for (column, place) in self.inputs.iter().zip(&places.inputs) {
            let (of_column, rest) = to.split_at_mut(column.width());
            let encoded = column.encode(field(*place), of_column);
            encoded.map_err(|error| error.at_column(&column.name))?;
            to = rest;
        }
        Ok(())
    }

    /// Returns the target of a row.
    pub(super) fn encode_target<'r, Y: ArrayElement>(
        &self,
        places: &Places,
        field: impl Fn(usize) -> Option<&'r str>,
    ) -> Result<Y, DataError> {
        let (Some(target), Some(place)) = (&self.target, places.target) else {
            return Err(DataError::option("no column is the target"));
        };
        let field = field(place);
        let element = match target.value(field).map_err(|error| error.at_column(&target.name))? {
            Value::Class(class) => Y::from_integer(class.into()),
            Value::Number(number) => Y::from_float(number),
            Value::Nothing => None,
        };
        element.ok_or_else(|| {
            let hint = format!(" of type {}, as the targets of this data set are", Y::NAME);
            not_a_number(field.unwrap_or(""), &hint).at_column(&target.name)
        })
    }
}
