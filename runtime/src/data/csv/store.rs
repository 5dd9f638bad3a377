//! An encoding as JSON, in the metadata of a file.

use super::super::saved;
use super::column::{Categories, Column, Kind};
use super::encoding::Encoding;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) const KEY: &str = "monograd.columns";

pub(super) fn to_json(encoding: &Encoding) -> Value {
    let inputs: Vec<Value> = encoding.inputs.iter().map(column_to_json).collect();
    json!({ "inputs": inputs, "target": encoding.target.as_ref().map(column_to_json) })
}

pub(super) fn from_json(value: &Value) -> Option<Encoding> {
    let inputs: Option<Vec<Column>> = value["inputs"].as_array()?.iter().map(column).collect();
    let inputs = inputs?;
    let target = match &value["target"] {
        Value::Null => None,
        target => Some(column(target)?),
    };
    are_distinct(inputs.iter().chain(&target).map(|column| &column.name)).then_some(())?;
    Encoding::new(inputs, target).ok()
}

/// Returns true if no text is there twice.
fn are_distinct<'t>(mut texts: impl Iterator<Item = &'t String>) -> bool {
    let mut seen = BTreeSet::new();
    texts.all(|text| seen.insert(text))
}

/// Returns what `read` returns for a value that is not null; an error is one that it cannot read.
fn optional<R>(value: &Value, read: impl FnOnce(&Value) -> Option<R>) -> Option<Option<R>> {
    match value {
        Value::Null => Some(None),
        value => read(value).map(Some),
    }
}

fn column_to_json(column: &Column) -> Value {
    let mut value = match &column.kind {
        Kind::Number { fill, center, scale, classes } => {
            let text = saved::text;
            let fill = fill.map(text);
            json!({ "fill": fill, "center": text(*center), "scale": text(*scale), "classes": classes })
        }
        Kind::Text { categories, fill, is_one_hot, takes_unknown } => json!({
            "texts": categories.texts, "fill": fill, "one_hot": is_one_hot, "unknown": takes_unknown,
        }),
    };
    value["name"] = column.name.clone().into();
    value["indicator"] = column.has_indicator.into();
    value["drops"] = column.drops.into();
    value
}

/// Returns the texts of a target of class numbers, 0, 1, ..
fn class_numbers(value: &Value) -> Option<Vec<String>> {
    let text = |(number, value): (usize, &Value)| {
        value.as_str().filter(|text| *text == number.to_string()).map(str::to_owned)
    };
    value.as_array()?.iter().enumerate().map(text).collect()
}

fn column(value: &Value) -> Option<Column> {
    let kind = match &value["texts"] {
        Value::Null => Kind::Number {
            fill: optional(&value["fill"], saved::number)?,
            center: saved::number(&value["center"])?,
            scale: saved::number(&value["scale"]).filter(|scale| saved::is_scale(*scale))?,
            // files of before have none
            classes: optional(&value["classes"], class_numbers)?.unwrap_or_default(),
        },
        texts => {
            let texts: Option<Vec<String>> =
                texts.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect();
            let texts = texts.filter(|texts| are_distinct(texts.iter()))?;
            let class = |fill: &Value| {
                let fill = u32::try_from(fill.as_u64()?).ok()?;
                (texts.len() > fill as usize).then_some(fill)
            };
            Kind::Text {
                fill: optional(&value["fill"], class)?,
                categories: Categories::new(texts),
                is_one_hot: value["one_hot"].as_bool()?,
                takes_unknown: value["unknown"].as_bool()?,
            }
        }
    };
    Some(Column {
        name: value["name"].as_str()?.to_owned(),
        kind,
        has_indicator: value["indicator"].as_bool()?,
        drops: value["drops"].as_bool()?,
    })
}
