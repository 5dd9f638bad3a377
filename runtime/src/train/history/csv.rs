//! A history as a table of comma-separated values.

use super::{History, MOST_POINTS, Rows};
use crate::error::Shown;
use std::collections::BTreeSet;
use std::fmt::Write;

const EPOCH: &str = "epoch";
const STEP: &str = "step";
/// The names that begin the header; the number in front is that of the steps of a point, and of those in the last.
const POINT: &str = "steps_of_a_point";
/// Largest number of steps of a point that is read: no training gets there, nor to where doubling it overflows.
const LONGEST_POINT: u64 = 1 << 53;
/// The reason for a line with a quote that is open.
const OPEN: &str = "a quote is not closed";

impl History {
    /// Returns the table as text.
    pub(crate) fn to_csv(&self) -> String {
        let mut names: Vec<&str> = self.epochs.names().collect();
        for name in self.steps.names() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut text = format!("{EPOCH},{STEP},{POINT}");
        names.iter().for_each(|name| {
            let _ = write!(text, ",{}", quoted(name));
        });
        text.push('\n');
        let mut row = |numbers: [Option<u64>; 3], rows: &Rows, at: usize| {
            let numbers = numbers.map(|number| number.map_or_else(String::new, |n| n.to_string()));
            text.push_str(&numbers.join(","));
            for name in &names {
                match rows.series(name).map(|values| values[at]) {
                    Some(value) if !value.is_nan() => {
                        let _ = write!(text, ",{value:?}");
                    }
                    _ => text.push(','),
                }
            }
            text.push('\n');
        };
        let (points, mut step) = (self.steps.numbers.len(), 0);
        for (at, (epoch, end)) in self.epochs.numbers.iter().zip(&self.ends).enumerate() {
            while step < points && self.steps.numbers[step] < *end {
                row([None, Some(self.steps.numbers[step]), self.steps_of(step)], &self.steps, step);
                step += 1;
            }
            row([Some(*epoch), Some(*end), None], &self.epochs, at);
        }
        for step in step..points {
            row([None, Some(self.steps.numbers[step]), self.steps_of(step)], &self.steps, step);
        }
        text
    }

    /// Returns the number of steps of a point.
    fn steps_of(&self, point: usize) -> Option<u64> {
        let is_last = point + 1 == self.steps.numbers.len();
        Some(if is_last { self.filled } else { self.stride })
    }

    /// Reads the table; an error is the number of the line and the reason.
    pub(crate) fn from_csv(text: &str) -> Result<Self, (usize, String)> {
        // a spreadsheet may have put the mark of UTF-8 in front of it
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
        let header = lines.next().map_or(Some(Vec::new()), |(_, line)| fields(line));
        let header = header.ok_or_else(|| (1, OPEN.to_owned()))?;
        let Some(names) = header.strip_prefix(&[EPOCH, STEP, POINT].map(str::to_owned)) else {
            return Err((1, format!("the header has to begin with `{EPOCH},{STEP},{POINT}`")));
        };
        let mut seen = BTreeSet::new();
        if let Some(name) = names.iter().find(|name| !seen.insert(name.as_str())) {
            return Err((1, format!("two columns are called `{}`", Shown(name))));
        }
        let mut history = Self::new();
        for (line, text) in lines {
            let cells = fields(text).ok_or_else(|| (line, OPEN.to_owned()))?;
            if cells.len() != names.len() + 3 {
                let (actual, expected) = (cells.len(), names.len() + 3);
                return Err((line, format!("{actual} fields, but the header has {expected}")));
            }
            let wrong = |cell: &str| (line, format!("`{}` is not a number", Shown(cell)));
            let mut values = Vec::new();
            for (name, cell) in names.iter().zip(&cells[3..]).filter(|(_, cell)| !cell.is_empty()) {
                values.push((name.as_str(), cell.parse::<f64>().map_err(|_| wrong(cell))?));
            }
            let number = |cell: &str| cell.parse::<u64>().map_err(|_| wrong(cell));
            let step = number(&cells[1])?;
            if cells[0].is_empty() {
                let filled = number(&cells[2])?;
                history.push_point(step, filled, &values).map_err(|reason| (line, reason))?;
            } else {
                history.record_epoch(number(&cells[0])?, step, &values);
            }
        }
        // every line is written with its end, so that one without is a part of one
        match text.ends_with('\n') {
            true => Ok(history),
            false => Err((text.lines().count(), "it is cut: the line has no end".to_owned())),
        }
    }

    /// Adds a point of the table, of `filled` steps. An error is the reason.
    fn push_point(&mut self, step: u64, filled: u64, values: &[(&str, f64)]) -> Result<(), String> {
        // all points are of as many steps, a power of two, but for the last, which may have fewer
        let is_first = self.steps.numbers.is_empty();
        if filled == 0 || filled > LONGEST_POINT {
            return Err(format!("a point of {filled} steps"));
        }
        let stride = if is_first { filled.next_power_of_two() } else { self.stride };
        if filled > stride || (!is_first && self.filled != stride) {
            return Err(format!("a point of {filled} steps after one of {}", self.filled));
        }
        if self.steps.numbers.len() == MOST_POINTS {
            return Err(format!("more than {MOST_POINTS} points"));
        }
        self.steps.push(step, values);
        (self.stride, self.filled) = (stride, filled);
        Ok(())
    }
}

/// Returns a name as a field, in quotes if it needs them.
fn quoted(name: &str) -> String {
    match name.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", name.replace('"', "\"\"").replace(['\n', '\r'], " ")),
        false => name.to_owned(),
    }
}

/// Splits a line into its fields; `None` if a quote is not closed.
fn fields(line: &str) -> Option<Vec<String>> {
    let (mut fields, mut is_quoted) = (vec![String::new()], false);
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.next_if_eq(&'"').is_some() => {
                fields.last_mut().expect("a field").push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(String::new()),
            other => fields.last_mut().expect("a field").push(other),
        }
    }
    (!is_quoted).then_some(fields)
}
