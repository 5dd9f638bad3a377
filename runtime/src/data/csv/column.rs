//! One fitted column: from a field to numbers.

use super::super::error::{DataError, DataProblem};
use super::advice::Gap;
use super::table::{not_a_number, number};
use crate::error::Shown;
use std::collections::HashMap;

/// A fitted column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub name: String,
    pub kind: Kind,
    /// `true` if an input tells that a value is missing.
    pub has_indicator: bool,
    /// `true` if rows with a missing value are left out.
    pub drops: bool,
}

/// The type of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number {
        /// The value that replaces a missing one.
        fill: Option<f64>,
        center: f64,
        scale: f64,
        /// The class numbers 0, 1, .. as texts, if they are all values of a target.
        classes: Vec<String>,
    },
    Text {
        categories: Categories,
        /// The number of the text that stands in for a missing value.
        fill: Option<u32>,
        /// `true` if each text has an input of its own.
        is_one_hot: bool,
        /// `true` if an unknown text is none of the known ones.
        takes_unknown: bool,
    },
}

/// The numbers of texts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Categories {
    pub texts: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Categories {
    pub fn new(texts: Vec<String>) -> Self {
        let numbers = texts.iter().cloned().zip(0..).collect();
        Self { texts, numbers }
    }

    pub fn number(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// Returns the texts for a message, the first few of many.
    fn shown(&self) -> String {
        const SHOWN: usize = 8;
        let mut shown: Vec<String> =
            self.texts.iter().take(SHOWN).map(|text| format!("`{}`", Shown(text))).collect();
        if self.texts.len() > SHOWN {
            shown.push(format!("{} more", self.texts.len() - SHOWN));
        }
        format!("the texts that the encoding was fitted on: {}", shown.join(", "))
    }
}

/// The value of a field: what a target takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    Number(f64),
    Class(u32),
    /// A text that is none of the known ones, or a missing one that only an indicator tells.
    Nothing,
}

impl Column {
    /// Returns the number of its inputs.
    pub fn width(&self) -> usize {
        let width = match &self.kind {
            Kind::Text { categories, is_one_hot: true, .. } => categories.texts.len(),
            _ => 1,
        };
        width + usize::from(self.has_indicator)
    }

    /// Returns the names of its inputs.
    pub fn names(&self) -> Vec<String> {
        let name = &self.name;
        let mut names = match &self.kind {
            Kind::Text { categories, is_one_hot: true, .. } => {
                categories.texts.iter().map(|text| format!("{name}={text}")).collect()
            }
            _ => vec![name.clone()],
        };
        if self.has_indicator {
            names.push(format!("{name} is missing"));
        }
        names
    }

    /// Returns the value of a field of an input, or of the target; `None` is a missing one.
    pub fn value(&self, field: Option<&str>, is_target: bool) -> Result<Value, DataError> {
        match (&self.kind, field) {
            (Kind::Number { .. }, Some(field)) => match number(field) {
                Some(number) => Ok(Value::Number(number)),
                None => Err(not_a_number(field, "")),
            },
            (Kind::Number { fill: Some(fill), .. }, None) => Ok(Value::Number(*fill)),
            (Kind::Text { categories, takes_unknown, .. }, Some(field)) => {
                match categories.number(field) {
                    Some(number) => Ok(Value::Class(number)),
                    None if *takes_unknown => Ok(Value::Nothing),
                    None => {
                        let (text, known) = (field.to_owned(), categories.shown());
                        Err(DataProblem::UnknownText { text, known }.into())
                    }
                }
            }
            (Kind::Text { fill: Some(fill), .. }, None) => Ok(Value::Class(*fill)),
            (Kind::Text { is_one_hot: true, .. }, None) if self.has_indicator => Ok(Value::Nothing),
            (kind, None) => {
                let is_number = matches!(kind, Kind::Number { .. });
                let is_one_hot = matches!(kind, Kind::Text { is_one_hot: true, .. });
                Err(Gap { name: &self.name, is_number, is_one_hot, is_target }.later())
            }
        }
    }

    /// Writes the inputs of a field.
    pub fn encode(&self, field: Option<&str>, to: &mut [f32]) -> Result<(), DataError> {
        let (to, indicator) = to.split_at_mut(self.width() - usize::from(self.has_indicator));
        if let [indicator] = indicator {
            *indicator = f32::from(u8::from(field.is_none()));
        }
        match (&self.kind, self.value(field, false)?) {
            (Kind::Text { is_one_hot: true, .. }, value) => {
                to.fill(0.0);
                if let Value::Class(class) = value {
                    to[class as usize] = 1.0;
                }
            }
            (Kind::Number { center, scale, .. }, Value::Number(x)) => {
                to[0] = ((x - center) / scale) as f32;
                if !to[0].is_finite() {
                    return Err(not_a_number(field.unwrap_or(""), ": it is too large for f32"));
                }
            }
            (_, Value::Class(class)) => to[0] = class as f32,
            (_, Value::Number(x)) => to[0] = x as f32,
            (_, Value::Nothing) => {
                // a class number has none for what is unknown
                let text = field.unwrap_or("").to_owned();
                let known = "the known texts, and a class number has no zeros for it".into();
                return Err(DataProblem::UnknownText { text, known }.into());
            }
        }
        Ok(())
    }
}
