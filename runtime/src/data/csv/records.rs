//! Reads the records of a CSV file one after the other, each with its line.

use super::super::error::{DataError, DataProblem};
use super::quotes::Quotes;
use crate::error::Shown;
use csv::{ByteRecord, ErrorKind, Position, ReaderBuilder, StringRecord, Terminator};
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::PathBuf;

const NAME: &str = "CSV";

/// The records of a file.
pub(super) struct Records {
    reader: csv::Reader<Quotes>,
    path: Option<PathBuf>,
    pub names: Vec<String>,
    bytes: ByteRecord,
    /// The first record, if the file has no header and it is not taken yet.
    first: Option<StringRecord>,
}

impl Records {
    /// Reads the names of the columns.
    pub fn new(
        bytes: impl Read + Send + Sync + 'static,
        path: Option<PathBuf>,
        delimiter: u8,
        has_header: bool,
    ) -> Result<Self, DataError> {
        // A line ends with a line feed, before which `trim` removes a carriage return: a reader that ends it with the
        // latter counts the former to the next record.
        let bytes = Quotes::new(Box::new(bytes), delimiter);
        let reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .terminator(Terminator::Any(b'\n'))
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes);
        let bytes = ByteRecord::new();
        let mut records = Self { reader, path, names: Vec::new(), bytes, first: None };
        let mut header = StringRecord::new();
        records.read(&mut header)?;
        records.names = match has_header {
            true => header.iter().map(|name| name.trim().to_owned()).collect(),
            false => (0..header.len()).map(|column| column.to_string()).collect(),
        };
        let mut seen = BTreeSet::new();
        if let Some(name) = records.names.iter().find(|name| !seen.insert(name.as_str())) {
            let name = Shown(name);
            let reason = format!("two columns are called `{name}`: give one of them another name");
            return Err(records.at(DataError::format(NAME, reason), line(&header)));
        }
        records.first = (!has_header && !header.is_empty()).then_some(header);
        Ok(records)
    }

    /// Reads the next record, if there is one.
    pub fn next(&mut self, record: &mut StringRecord) -> Result<bool, DataError> {
        if let Some(first) = self.first.take() {
            *record = first;
            return Ok(true);
        }
        if !self.read(record)? {
            return Ok(false);
        }
        let (actual, expected) = (record.len(), self.names.len());
        if actual != expected {
            return Err(self.at(DataProblem::Ragged { actual, expected }.into(), line(record)));
        }
        Ok(true)
    }

    /// Reads the next record that is not an empty line.
    fn read(&mut self, record: &mut StringRecord) -> Result<bool, DataError> {
        loop {
            match self.reader.read_byte_record(&mut self.bytes) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(error) => {
                    let format = |reason: String| DataError::format(NAME, reason);
                    let (error, line) = match error.into_kind() {
                        ErrorKind::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
                            (format(error.to_string()), Some(self.reader.get_ref().row()))
                        }
                        ErrorKind::Io(error) => (error.into(), None),
                        other => (format(format!("{other:?}")), None),
                    };
                    return Err(self.at(error, line));
                }
            }
            if self.bytes.len() != 1 || !self.bytes[0].trim_ascii().is_empty() {
                break;
            }
        }
        // the reader is behind the end of the record's last line; the position that it gives a record is before the
        // empty lines in front of it
        let within = self.bytes.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        let line = self.reader.position().line().saturating_sub(within + 1);
        let mut position = Position::new();
        position.set_line(line.max(1));
        self.bytes.set_position(Some(position));
        match StringRecord::from_byte_record(std::mem::take(&mut self.bytes)) {
            Ok(text) => *record = text,
            Err(error) => {
                let field = error.utf8_error().field() + 1;
                let reason = format!("field {field} of the line is not UTF-8");
                return Err(self.at(DataError::format(NAME, reason), Some(line)));
            }
        }
        Ok(true)
    }

    /// Adds file and line to an error.
    pub fn at(&self, error: DataError, line: Option<u64>) -> DataError {
        error.at(self.path.as_deref()).at_line(line)
    }
}

/// Returns the line at which a record begins.
pub(super) fn line(record: &StringRecord) -> Option<u64> {
    record.position().map(Position::line)
}
