//! The results of an experiment: tables, numbers that the book's text quotes, and figures.

use super::Spread;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, IsTerminal};
use std::path::Path;

/// A table with a header. It is shown as Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Returns a table without rows.
    #[must_use]
    pub fn new<S: Into<String>>(header: impl IntoIterator<Item = S>) -> Self {
        Self { header: header.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Appends a row. A terminal shows it until the next one, as what has been done so far.
    ///
    /// # Panics
    /// If it has not as many cells as the header.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let cells: Vec<String> = cells.into_iter().map(Into::into).collect();
        assert_eq!(cells.len(), self.header.len(), "a cell for each column");
        show(&cells.join("  "));
        self.rows.push(cells);
    }
}

/// Replaces the last line of a terminal.
fn show(line: &str) {
    if io::stderr().is_terminal() {
        let start: String = line.chars().take(78).collect();
        eprint!("\r{start}\x1b[K");
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths: Vec<usize> = (0..self.header.len())
            .map(|column| {
                let cells =
                    self.rows.iter().chain([&self.header]).map(|row| row[column].chars().count());
                cells.max().unwrap_or(0)
            })
            .collect();
        let line = |f: &mut fmt::Formatter<'_>, row: &[String]| {
            row.iter().zip(&widths).try_for_each(|(cell, width)| write!(f, "| {cell:<width$} "))?;
            writeln!(f, "|")
        };
        line(f, &self.header)?;
        widths.iter().try_for_each(|width| write!(f, "|{:-<1$}", "", width + 2))?;
        writeln!(f, "|")?;
        self.rows.iter().try_for_each(|row| line(f, row))
    }
}

/// The results of experiments, each under a name.
#[derive(Clone, Debug, Default)]
pub struct Results {
    tables: BTreeMap<String, Table>,
    numbers: BTreeMap<String, f64>,
    figures: BTreeMap<String, String>,
}

impl Results {
    /// Adds a table, and prints it under a title.
    pub fn table(&mut self, name: &str, title: &str, table: Table) {
        show("");
        println!("\n{title}\n\n{table}");
        self.tables.insert(name.to_owned(), table);
    }

    /// Adds a number that the book quotes.
    pub fn number(&mut self, name: impl Into<String>, value: f64) {
        self.numbers.insert(name.into(), value);
    }

    /// Returns the numbers by name.
    #[cfg(test)]
    pub fn numbers(&self) -> &BTreeMap<String, f64> {
        &self.numbers
    }

    /// Adds the median under `name`, and the quartiles under `name.low` and `name.high`.
    pub fn spread(&mut self, name: impl fmt::Display, spread: Spread) {
        self.number(name.to_string(), spread.middle);
        self.number(format!("{name}.low"), spread.low);
        self.number(format!("{name}.high"), spread.high);
    }

    /// Adds a figure as SVG.
    pub fn figure(&mut self, name: &str, svg: String) {
        self.figures.insert(name.to_owned(), svg);
    }

    /// Writes `NAME.md` and `NAME.svg` of each table and figure, and adds the numbers to those of `numbers.txt`.
    ///
    /// # Errors
    /// If a file cannot be read or written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        for (name, table) in &self.tables {
            std::fs::write(folder.join(name).with_extension("md"), table.to_string())?;
        }
        for (name, svg) in &self.figures {
            std::fs::write(folder.join(name).with_extension("svg"), svg)?;
        }
        let path = folder.join("numbers.txt");
        let before = if path.exists() { std::fs::read_to_string(&path)? } else { String::new() };
        let before = before.lines().filter_map(|line| line.split_once(" = "));
        let mut lines: BTreeMap<String, String> =
            before.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        for (name, value) in &self.numbers {
            lines.insert(name.clone(), format!("{value:.6e}"));
        }
        let text: String =
            lines.iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
        std::fs::write(path, text)
    }
}
