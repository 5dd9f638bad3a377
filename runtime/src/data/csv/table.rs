//! CSV files as they are: a header, and records of text.

use super::super::array::ArrayElement;
use super::super::error::{DataError, DataProblem};
use super::super::split;
use super::records::{Records, line};
use crate::file;
use crate::nearest::nearest;
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The texts that stand for a missing value, unless [`Csv::missing`] says otherwise.
const MISSING: [&str; 9] = ["", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None"];

/// A CSV file, and how it is written.
///
/// ```
/// use monograd::data::csv::Csv;
///
/// let table = Csv::text("area;kind\n70;flat\n?;house\n").delimiter(b';').missing(["?"]).read()?;
/// assert_eq!(table.column("area")?, [Some("70"), None]);
/// # Ok::<(), monograd::data::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Csv {
    place: Place,
    delimiter: u8,
    has_header: bool,
    missing: BTreeSet<String>,
}

#[derive(Clone, Debug)]
enum Place {
    File(PathBuf),
    Text(Arc<[u8]>),
}

impl Csv {
    /// Takes a file: fields are separated by commas, and the first line names the columns.
    #[must_use]
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self::of(Place::File(path.as_ref().to_path_buf()))
    }

    /// Takes the text of a file.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::of(Place::Text(text.into().into_bytes().into()))
    }

    fn of(place: Place) -> Self {
        let missing = MISSING.map(str::to_owned).into();
        Self { place, delimiter: b',', has_header: true, missing }
    }

    /// Sets what separates the fields: `b';'`, `b'\t'`.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// Takes the first line for a record. Columns are called `0`, `1`, and so on.
    #[must_use]
    pub fn without_header(mut self) -> Self {
        self.has_header = false;
        self
    }

    /// Sets what stands for a missing value. Without this call, these are an empty field, `NA`, `N/A`, `n/a`, `NaN`,
    /// `nan`, `null`, `NULL` and `None`.
    #[must_use]
    pub fn missing<S: Into<String>>(mut self, texts: impl IntoIterator<Item = S>) -> Self {
        self.missing = texts.into_iter().map(Into::into).collect();
        self
    }

    /// Reads the whole table.
    ///
    /// # Errors
    /// If it is not a regular file, cannot be read, a row has more or fewer fields than the header, two columns have the same name, or
    /// there are no rows.
    pub fn read(&self) -> Result<Table, DataError> {
        self.read_rows(usize::MAX)
    }

    /// Reads no more than the first rows: enough to fit an encoding on, of a file that is larger than memory.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub fn read_rows(&self, most: usize) -> Result<Table, DataError> {
        let mut reader = self.open()?;
        let (mut records, mut record) = (Vec::new(), StringRecord::new());
        while records.len() < most && reader.next(&mut record)? {
            records.push(std::mem::take(&mut record));
        }
        if records.is_empty() {
            return Err(DataError::from(DataProblem::Empty(": there is no row")).at(self.path()));
        }
        let source = Arc::new(TableSource {
            path: self.path().map(Path::to_path_buf),
            names: reader.names,
            missing: self.missing.clone(),
        });
        Ok(Table { source, records })
    }

    /// Returns the path of a file.
    pub(super) fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::File(path) => Some(path),
            Place::Text(_) => None,
        }
    }

    /// Returns true if a field stands for a missing value.
    pub(super) fn is_missing(&self, field: &str) -> bool {
        self.missing.contains(field)
    }

    /// Opens the file and reads the names of its columns.
    pub(super) fn open(&self) -> Result<Records, DataError> {
        let (delimiter, has_header) = (self.delimiter, self.has_header);
        match &self.place {
            Place::File(path) => {
                let (file, _) =
                    file::open(path).map_err(|problem| DataError::from(problem).at(Some(path)))?;
                Records::new(file, Some(path.clone()), delimiter, has_header)
            }
            Place::Text(text) => {
                Records::new(Cursor::new(text.clone()), None, delimiter, has_header)
            }
        }
    }
}

/// A table in memory: named columns and rows of text. What a column means is told by
/// [`Columns`](super::Columns).
///
/// ```
/// use monograd::data::csv::Table;
///
/// let table = Table::parse("area,kind\n70,flat\n150,house\n80,flat\n90,flat\n")?;
/// let [train, test] = table.split([0.5, 0.5], 42)?;
/// assert_eq!((table.len(), train.len(), test.len()), (4, 2, 2));
/// # Ok::<(), monograd::data::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    pub(super) source: Arc<TableSource>,
    pub(super) records: Vec<StringRecord>,
}

/// The parts that all rows of a table share.
#[derive(Debug)]
pub(super) struct TableSource {
    pub path: Option<PathBuf>,
    pub names: Vec<String>,
    missing: BTreeSet<String>,
}

impl TableSource {
    /// Returns the number of a column.
    pub fn column(&self, name: &str) -> Result<usize, DataError> {
        place(&self.names, name).map_err(|error| error.at(self.path.as_deref()))
    }

    /// Returns true if a field stands for a missing value.
    pub fn is_missing(&self, field: &str) -> bool {
        self.missing.contains(field)
    }
}

/// Returns the number of a column.
pub(super) fn place(names: &[String], name: &str) -> Result<usize, DataError> {
    names.iter().position(|known| known == name).ok_or_else(|| {
        let nearest = nearest(name, names);
        DataProblem::UnknownColumn { name: name.to_owned(), nearest }.into()
    })
}

/// Returns a field without the spaces around it, or `None` if it is missing.
pub(super) fn field(
    record: &StringRecord,
    column: usize,
    is_missing: impl Fn(&str) -> bool,
) -> Option<&str> {
    record.get(column).map(str::trim).filter(|field| !is_missing(field))
}

/// Returns the number that a field is, if it is a finite one.
pub(super) fn number(field: &str) -> Option<f64> {
    // `inf` and `nan` are numbers for Rust
    field.parse().ok().filter(|number: &f64| number.is_finite())
}

impl Table {
    /// Reads a file: fields are separated by commas, and the first line names the columns; else see [`Csv`].
    ///
    /// # Errors
    /// Those of [`Csv::read`].
    pub fn read(path: impl AsRef<Path>) -> Result<Self, DataError> {
        Csv::file(path).read()
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// Those of [`Csv::read`].
    pub fn parse(text: &str) -> Result<Self, DataError> {
        Csv::text(text).read()
    }

    /// Returns the number of rows.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is at least one")]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Returns the names of the columns.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.source.names
    }

    /// Returns the fields of a column, `None` where a value is missing.
    ///
    /// # Errors
    /// If there is no such column.
    pub fn column(&self, name: &str) -> Result<Vec<Option<&str>>, DataError> {
        let column = self.source.column(name)?;
        Ok(self
            .records
            .iter()
            .map(|record| field(record, column, |field| self.source.is_missing(field)))
            .collect())
    }

    /// Returns the numbers of a column, `None` where a value is missing.
    ///
    /// # Errors
    /// If there is no such column, or a field is not a number that the element type holds.
    pub fn numbers<E: ArrayElement>(&self, name: &str) -> Result<Vec<Option<E>>, DataError> {
        let fields = self.column(name)?.into_iter().zip(&self.records);
        let number = |(field, record): (Option<&str>, &StringRecord)| match field {
            None => Ok(None),
            Some(field) => match number(field).and_then(E::from_float) {
                Some(number) => Ok(Some(number)),
                None => Err(self.at(not_a_number(field, ""), record).at_column(name)),
            },
        };
        fields.map(number).collect()
    }

    /// Adds file and line to an error.
    pub(super) fn at(&self, error: DataError, record: &StringRecord) -> DataError {
        error.at(self.source.path.as_deref()).at_line(line(record))
    }

    /// Returns the rows at `rows`.
    ///
    /// # Panics
    /// If there is no such row.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let records = rows.iter().map(|row| self.records[*row].clone()).collect();
        Self { source: self.source.clone(), records }
    }

    /// Splits the rows at random into parts of these shares; see [`Dataset::split`](crate::data::Dataset::split).
    ///
    /// # Errors
    /// If the shares are not positive or make more than 1, or a part would have no rows.
    pub fn split<const N: usize>(
        &self,
        shares: [f64; N],
        seed: u64,
    ) -> Result<[Self; N], DataError> {
        let parts = split::random(self.len(), shares, seed)?;
        Ok(parts.map(|rows| self.select(&rows)))
    }

    /// Like [`split`](Self::split), but every text of a column has its share in every part.
    ///
    /// # Errors
    /// Those of [`split`](Self::split), and if there is no such column.
    pub fn split_stratified<const N: usize>(
        &self,
        column: &str,
        shares: [f64; N],
        seed: u64,
    ) -> Result<[Self; N], DataError> {
        let fields = self.column(column)?;
        let mut numbers = BTreeMap::new();
        for field in &fields {
            let next = numbers.len() as u32;
            numbers.entry(*field).or_insert(next);
        }
        let labels: Vec<u32> = fields.iter().map(|field| numbers[field]).collect();
        let parts = split::stratified(&labels, shares, seed)?;
        Ok(parts.map(|rows| self.select(&rows)))
    }
}

/// Returns the error for a field that is not a number.
pub(super) fn not_a_number(field: &str, hint: &str) -> DataError {
    DataProblem::Number { text: field.to_owned(), hint: hint.to_owned() }.into()
}
