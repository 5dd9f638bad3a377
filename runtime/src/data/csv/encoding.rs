//! Turns the rows of tables into the inputs and targets of a network.

use super::super::array::ArrayElement;
use super::super::error::{DataError, DataProblem};
use super::super::{Dataset, saved};
use super::advice::{check_target, is_integer, no_class};
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

    /// Returns the texts of a target of classes in the order of their numbers; none for a target of numbers. Numbers are
    /// classes if they are 0, 1, 2 and so on without a gap, as class numbers are.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        match self.target.as_ref().map(|target| &target.kind) {
            Some(Kind::Text { categories, .. }) => &categories.texts,
            Some(Kind::Number { classes, .. }) => classes,
            None => &[],
        }
    }

    /// Returns the text of a class: what the largest output of a network stands for.
    ///
    /// ```
    /// use monograd::data::csv::{Columns, Table};
    ///
    /// let table = Table::parse("area,rooms\n70,3\n150,5\n210,7\n")?;
    /// let encoding = Columns::new().target("rooms").text("rooms").fit(&table)?;
    /// assert_eq!(encoding.class_name(2)?, "7");
    /// assert!(encoding.class_name(3).is_err()); // a fourth output that no class has
    /// # Ok::<(), monograd::data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// If no class has this number, or the target has no classes.
    pub fn class_name(&self, class: u32) -> Result<&str, DataError> {
        self.classes().get(class as usize).map(String::as_str).ok_or_else(|| no_class(self, class))
    }

    /// Returns the inputs of all rows. The table may have no target, further columns, and another order of columns.
    ///
    /// # Errors
    /// If a column is missing, a field is not a number or an unknown text, or a value is missing that nothing stands in
    /// for, also where such rows were left out of the data set.
    pub fn inputs(&self, table: &Table) -> Result<Tensor, DataError> {
        let places =
            self.places(table.names(), None).map_err(|e| e.at(table.source.path.as_deref()))?;
        let mut inputs = Tensor::try_zeros([table.len(), self.width])?;
        for (row, record) in table.records.iter().enumerate() {
            let field = |column| field(record, column, |field| table.source.is_missing(field));
            let encoded = self.encode(&places, field, inputs.row_mut(row));
            encoded.map_err(|error| table.at(error, record))?;
        }
        Ok(inputs)
    }

    /// Returns inputs and targets of all rows but those that are left out. `Y` is `u32` for a target of classes, and
    /// `f32` for one of numbers; two classes may be `f32` as well, 0 and 1, as a loss with one logit takes them.
    ///
    /// # Errors
    /// Those of [`inputs`](Self::inputs), if there is no target, `Y` is `u32` and the target is of numbers that are not
    /// 0, 1, 2 and so on, or `Y` is `f32` and there are more than two classes of text.
    pub fn dataset<Y: ArrayElement>(
        &self,
        table: &Table,
    ) -> Result<Dataset<Tensor, Tensor<Y>>, DataError> {
        let places = self
            .target_places::<Y>(table.names())
            .map_err(|e| e.at(table.source.path.as_deref()))?;
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
                match column.value(field, false) {
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

    /// Finds the columns in a table of these names, the target among them, whose values are to be of type `Y`.
    pub(super) fn target_places<Y: ArrayElement>(
        &self,
        names: &[String],
    ) -> Result<Places, DataError> {
        let Some(target) = &self.target else {
            return Err(DataError::option(
                "no column is the target: name it when the encoding is fitted, `target(\"..\")`",
            ));
        };
        check_target::<Y>(target)?;
        self.places(names, Some(target))
    }

    /// Finds the columns in a table of these names.
    fn places(&self, names: &[String], target: Option<&Column>) -> Result<Places, DataError> {
        let place = |column: &Column| place(names, &column.name);
        let target = target.map(place).transpose()?;
        let inputs: Result<Vec<usize>, DataError> = self.inputs.iter().map(place).collect();
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
        let value = target.value(field, true).map_err(|error| error.at_column(&target.name))?;
        let classes = self.classes().len();
        let element = match value {
            Value::Class(class) => Y::from_integer(class.into()),
            Value::Number(number) if is_integer::<Y>() && number >= classes as f64 => None,
            Value::Number(number) => Y::from_float(number),
            Value::Nothing => None,
        };
        element.ok_or_else(|| {
            let field = field.unwrap_or("");
            let error = match value {
                Value::Number(_) if is_integer::<Y>() => {
                    let known =
                        format!("the class numbers from 0 to {}", classes.saturating_sub(1));
                    DataProblem::UnknownText { text: field.to_owned(), known }.into()
                }
                _ => {
                    let hint = format!(" of type {}, as the targets of this data set are", Y::NAME);
                    not_a_number(field, &hint)
                }
            };
            error.at_column(&target.name)
        })
    }
}
