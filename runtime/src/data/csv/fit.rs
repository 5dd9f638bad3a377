//! Finds what an encoding needs to know about each column.

use super::super::error::{DataError, DataProblem};
use super::advice::Gap;
use super::column::{Categories, Column, Kind};
use super::columns::{Columns, Fill, Scale};
use super::encoding::Encoding;
use super::table::{Table, not_a_number, number};
use crate::error::Shown;
use crate::sort::sort_by;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn fit(columns: &Columns, table: &Table) -> Result<Encoding, DataError> {
    check_names(columns, table)?;
    let names = table.names().iter();
    let is_input =
        |name: &&String| Some(*name) != columns.target.as_ref() && !columns.ignored.contains(name);
    let inputs: Vec<&String> = names.filter(is_input).collect();
    let fields = |name: &str| table.column(name);

    // a row that is left out counts nowhere
    let mut is_kept = vec![true; table.len()];
    for name in inputs.iter().copied().chain(&columns.target) {
        if drops(columns, name) {
            for (is_kept, field) in is_kept.iter_mut().zip(fields(name)?) {
                *is_kept &= field.is_some();
            }
        }
    }
    if !is_kept.contains(&true) {
        let nothing = DataProblem::Empty(": every row has a missing value, and all are left out");
        return Err(DataError::from(nothing).at(table.source.path.as_deref()));
    }
    let fit = |name: &str, is_target: bool| {
        Fit { columns, table, name, is_kept: &is_kept, is_target }.column()
    };
    let target = columns.target.as_ref().map(|name| fit(name, true)).transpose()?;
    let inputs: Result<Vec<Column>, DataError> =
        inputs.iter().map(|name| fit(name, false)).collect();
    Encoding::new(inputs?, target)
}

/// Checks that all names are those of columns, and that none is said to be two things.
fn check_names(columns: &Columns, table: &Table) -> Result<(), DataError> {
    let Columns { target, ignored, numbers, texts, class_numbers, fills, indicators, .. } = columns;
    let filled = fills.iter().map(|(name, _)| name);
    let named = target.iter().chain(ignored).chain(numbers).chain(texts);
    for name in named.chain(class_numbers).chain(filled).chain(indicators) {
        table.source.column(name)?;
    }
    let kinds = [numbers, texts, class_numbers];
    for name in kinds.into_iter().flatten() {
        if kinds.iter().filter(|kind| kind.contains(name)).count() > 1 {
            let reason = format!(
                "`{}` cannot be both numbers and text, or one-hot and a class number",
                Shown(name)
            );
            return Err(DataError::option(reason));
        }
    }
    Ok(())
}

/// Returns true if rows with a missing value in this column are left out.
fn drops(columns: &Columns, name: &str) -> bool {
    match own_fill(columns, name) {
        Some(fill) => *fill == Fill::Drop,
        None => {
            columns.target.as_deref() != Some(name)
                && columns.fill_others.first() == Some(&Fill::Drop)
        }
    }
}

/// Returns what was said about the missing values of this column: the last word counts.
fn own_fill<'c>(columns: &'c Columns, name: &str) -> Option<&'c Fill> {
    columns.fills.iter().rev().find(|(filled, _)| filled == name).map(|(_, fill)| fill)
}

/// The fit of one column.
struct Fit<'a> {
    columns: &'a Columns,
    table: &'a Table,
    name: &'a str,
    is_kept: &'a [bool],
    is_target: bool,
}

impl Fit<'_> {
    fn column(&self) -> Result<Column, DataError> {
        let (columns, name) = (self.columns, self.name);
        let is_in = |names: &Vec<String>| names.iter().any(|known| known == name);
        let all = self.table.column(name)?;
        let kept = all.iter().zip(self.is_kept).filter(|(_, is_kept)| **is_kept);
        let fields: Vec<Option<&str>> = kept.map(|(field, _)| *field).collect();
        let is_text = is_in(&columns.texts) || is_in(&columns.class_numbers);
        let is_number = !is_text && (is_in(&columns.numbers) || self.is_of_numbers(&all)?);
        let has_indicator = !self.is_target && is_in(&columns.indicators);
        let kind = match is_number {
            true => self.numbers(&all, &fields)?,
            false => self.texts(&fields, !is_in(&columns.class_numbers), has_indicator)?,
        };
        Ok(Column { name: name.to_owned(), kind, has_indicator, drops: drops(columns, name) })
    }

    /// Returns the error at a row of the table.
    fn at(&self, error: DataError, row: usize) -> DataError {
        self.table.at(error.at_column(self.name), &self.table.records[row])
    }

    /// Infers the type: of numbers, if all fields are. If most are, the others are mistakes.
    fn is_of_numbers(&self, fields: &[Option<&str>]) -> Result<bool, DataError> {
        let mut others = fields.iter().enumerate().filter_map(|(row, field)| {
            field.filter(|field| number(field).is_none()).map(|field| (row, field))
        });
        let present = fields.iter().flatten().count();
        let Some((row, field)) = others.next() else { return Ok(present > 0) };
        let strangers = 1 + others.count();
        if strangers * 2 >= present {
            return Ok(false);
        }
        let numbers = present - strangers;
        let hint = format!(
            ", and {numbers} others of the column are: correct it, name what stands for a missing value, \
             `Csv::missing`, or take the column for text, `text(\"{}\")`",
            Shown(self.name)
        );
        Err(self.at(not_a_number(field, &hint), row))
    }

    /// Returns the words about a missing value that suit the type of the column.
    fn fill(&self, is_number: bool) -> Result<Option<&Fill>, DataError> {
        let suits = |fill: &&Fill| match fill {
            Fill::Mean | Fill::Median | Fill::Number(_) => is_number,
            Fill::Text(_) => !is_number,
            Fill::MostFrequent | Fill::Drop => true,
        };
        match own_fill(self.columns, self.name) {
            Some(fill) if !suits(&fill) => {
                let kind = if is_number { "numbers" } else { "text" };
                let reason = format!(
                    "`{fill:?}` does not stand in for a missing value of a column of {kind}"
                );
                Err(DataError::option(reason).at_column(self.name))
            }
            Some(fill) => Ok(Some(fill)),
            None if self.is_target => Ok(None),
            None => Ok(self.columns.fill_others.iter().find(suits)),
        }
    }

    /// Checks that something stands in for each missing value.
    fn check_missing(
        &self,
        is_filled: bool,
        is_number: bool,
        is_one_hot: bool,
    ) -> Result<(), DataError> {
        let fields = self.table.column(self.name)?;
        let mut missing =
            (0..fields.len()).filter(|row| fields[*row].is_none() && self.is_kept[*row]);
        match missing.next() {
            Some(row) if !is_filled => {
                let Self { name, is_target, .. } = *self;
                let gap = Gap { name, is_number, is_one_hot, is_target };
                Err(self.at(gap.when_fitted(missing.count(), &self.columns.fill_others), row))
            }
            _ => Ok(()),
        }
    }

    fn numbers(&self, all: &[Option<&str>], kept: &[Option<&str>]) -> Result<Kind, DataError> {
        for (row, field) in all.iter().enumerate() {
            if let Some(field) = field.filter(|field| number(field).is_none()) {
                return Err(self.at(not_a_number(field, ""), row));
            }
        }
        let mut present: Vec<f64> =
            kept.iter().flatten().filter_map(|field| number(field)).collect();
        let fill = self.fill(true)?;
        let filled = match fill {
            Some(Fill::Number(number)) => Some(*number),
            Some(Fill::Mean) => mean(&present),
            Some(Fill::Median) => median(&mut present.clone()),
            Some(Fill::MostFrequent) => most_frequent(&mut present.clone()),
            _ => None,
        };
        if filled.is_some_and(|filled| !filled.is_finite()) {
            return Err(DataError::option("a number that stands in for a missing one is finite")
                .at_column(self.name));
        }
        self.check_missing(filled.is_some(), true, false)?;
        present.extend(kept.iter().filter(|field| field.is_none()).filter_map(|_| filled));
        let scale = if self.is_target { Scale::Not } else { self.columns.scale };
        let (center, scale) = scaling(scale, &present)?;
        let classes = if self.is_target { class_numbers(&present) } else { Vec::new() };
        Ok(Kind::Number { fill: filled, center, scale, classes })
    }

    fn texts(
        &self,
        kept: &[Option<&str>],
        is_one_hot: bool,
        has_indicator: bool,
    ) -> Result<Kind, DataError> {
        let mut texts: BTreeSet<&str> = kept.iter().flatten().copied().collect();
        let fill = match self.fill(false)? {
            Some(Fill::Text(text)) => {
                texts.insert(text);
                Some(text.clone())
            }
            Some(Fill::MostFrequent) => {
                let mut counts = BTreeMap::<&str, usize>::new();
                kept.iter().flatten().for_each(|text| *counts.entry(text).or_default() += 1);
                let most = counts.values().copied().max();
                let first = counts.iter().find(|(_, count)| Some(**count) == most);
                first.map(|(text, _)| (*text).to_owned())
            }
            _ => None,
        };
        let is_filled = fill.is_some() || (has_indicator && is_one_hot);
        self.check_missing(is_filled, false, is_one_hot)?;
        let categories = Categories::new(ordered(texts));
        let fill = fill.and_then(|text| categories.number(&text));
        let takes_unknown = self.columns.takes_unknown && !self.is_target;
        Ok(Kind::Text { categories, fill, is_one_hot, takes_unknown })
    }
}

/// Returns texts in their order, by value if all are numbers: 2 before 10.
fn ordered(texts: BTreeSet<&str>) -> Vec<String> {
    let mut texts: Vec<&str> = texts.into_iter().collect();
    if texts.iter().all(|text| number(text).is_some()) {
        let value = |text: &str| number(text).unwrap_or(0.0);
        sort_by(&mut texts, |a, b| value(a).total_cmp(&value(b)));
    }
    texts.into_iter().map(str::to_owned).collect()
}

/// Returns what becomes 0, and what becomes 1 more.
fn scaling(scale: Scale, numbers: &[f64]) -> Result<(f64, f64), DataError> {
    use crate::data::Scaler;
    use crate::tensor::Tensor;
    if numbers.is_empty() || scale == Scale::Not {
        return Ok((0.0, 1.0));
    }
    let column = Tensor::from(numbers);
    let Scaler { center, scale } = match scale {
        Scale::MinMax => Scaler::min_max(&column)?,
        _ => Scaler::standardize(&column)?,
    };
    Ok((center[0], scale[0]))
}

/// Returns the texts of the class numbers, if the numbers are 0, 1, .. without a gap.
fn class_numbers(numbers: &[f64]) -> Vec<String> {
    let mut all = numbers.to_vec();
    all.sort_by(f64::total_cmp);
    all.dedup();
    let are_classes = all.iter().enumerate().all(|(class, number)| *number == class as f64);
    if are_classes { (0..all.len()).map(|class| class.to_string()).collect() } else { Vec::new() }
}

fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
}

fn median(numbers: &mut [f64]) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match numbers.len() {
        0 => None,
        len if len % 2 == 1 => Some(numbers[middle]),
        _ => Some((numbers[middle - 1] + numbers[middle]) / 2.0),
    }
}

fn most_frequent(numbers: &mut [f64]) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let mut best: Option<&[f64]> = None;
    for run in numbers.chunk_by(|a, b| a == b) {
        if best.is_none_or(|best| run.len() > best.len()) {
            best = Some(run);
        }
    }
    best.map(|run| run[0])
}
