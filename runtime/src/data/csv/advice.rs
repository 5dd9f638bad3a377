//! Errors of a column that name what to write for it.

use super::super::array::ArrayElement;
use super::super::error::{DataError, DataProblem};
use super::column::{Column, Kind};
use super::columns::Fill;
use super::encoding::Encoding;
use crate::error::Shown;

/// A column with a missing value that nothing stands in for.
pub(super) struct Gap<'a> {
    pub name: &'a str,
    pub is_number: bool,
    /// `true` if each text has an input of its own, all 0 where the text is missing.
    pub is_one_hot: bool,
    pub is_target: bool,
}

impl Gap<'_> {
    /// Returns the error while the encoding is fitted. Fills that were given for all columns do not suit this one.
    pub fn when_fitted(&self, others: usize, unsuited: &[Fill]) -> DataError {
        let mut ways = if self.is_target { Vec::new() } else { self.stand_in() };
        ways.push(self.drop());
        let mut hint = alternatives(&ways);
        if let (Some(fill), false) = (unsuited.first(), self.is_target) {
            let kind = if self.is_number { "text" } else { "numbers" };
            hint += &format!(" (`fill_others(Fill::{fill:?})` is for {kind})");
        }
        DataProblem::Missing { others, hint }.into()
    }

    /// Returns the error of a table that is read with a fitted encoding.
    pub fn later(&self) -> DataError {
        let ways = if self.is_target { vec![self.drop()] } else { self.stand_in() };
        let hint = format!("in `Columns`, before `fit`, {}", alternatives(&ways));
        DataProblem::Missing { others: 0, hint }.into()
    }

    /// Returns the ways to take a row all the same.
    fn stand_in(&self) -> Vec<String> {
        let name = Shown(self.name);
        let mut ways = Vec::new();
        if !self.is_number && self.is_one_hot {
            ways.push(format!("add an input that tells so, `indicator(\"{name}\")`"));
        }
        let fill = if self.is_number { "Median" } else { "MostFrequent" };
        ways.push(format!("say what stands in for it, `fill(\"{name}\", Fill::{fill})`"));
        ways
    }

    fn drop(&self) -> String {
        format!("leave such rows out, `fill(\"{}\", Fill::Drop)`", Shown(self.name))
    }
}

fn alternatives(ways: &[String]) -> String {
    match ways {
        [first, second] => format!("{first}, or {second}"),
        [first, rest @ ..] if !rest.is_empty() => format!("{first}, {}", alternatives(rest)),
        ways => ways.concat(),
    }
}

/// Returns the error for an output of the network that stands for no class.
pub(super) fn no_class(encoding: &Encoding, class: u32) -> DataError {
    let Some(target) = &encoding.target else {
        return DataError::option("no column is the target, so there are no classes");
    };
    let reason = match encoding.classes().len() {
        0 => format!(
            "a column of numbers has no classes: add `text(\"{}\")` to `Columns` if its numbers are classes",
            Shown(&target.name)
        ),
        classes => format!(
            "there is no class {class}: the target has {classes}, 0 to {}; a network has as many outputs as there are classes",
            classes - 1
        ),
    };
    DataError::option(reason).at_column(&target.name)
}

/// Returns true if elements are integers, which targets of classes are.
pub(super) fn is_integer<Y: ArrayElement>() -> bool {
    Y::from_float(0.5).is_none()
}

/// Checks that the elements of a data set suit the kind of its target: integers are classes, and one real number tells
/// two of them apart at most.
pub(super) fn check_target<Y: ArrayElement>(target: &Column) -> Result<(), DataError> {
    let is_integer = is_integer::<Y>();
    let name = Shown(&target.name);
    let reason = match &target.kind {
        Kind::Number { classes, .. } if is_integer && classes.is_empty() => format!(
            "a column of numbers has no classes, which targets of {} are: add `text(\"{name}\")` to `Columns` if its numbers \
             are classes; to predict a number, take targets of f32, `dataset::<f32>`, and a loss such as `mse`",
            Y::NAME
        ),
        Kind::Text { categories, .. } if !is_integer && categories.texts.len() > 2 => format!(
            "{0} classes are no numbers of {1}: take their class numbers as targets, `dataset::<u32>`, for `cross_entropy`; \
             targets of {1} are for two classes, 0 and 1",
            categories.texts.len(),
            Y::NAME
        ),
        _ => return Ok(()),
    };
    Err(DataError::option(reason).at_column(&target.name))
}
