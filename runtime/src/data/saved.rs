//! The entries of data in the metadata of a file.

use super::DataError;
use serde_json::Value;
use std::collections::BTreeMap;

/// Returns the value of an entry of metadata.
pub(super) fn value(metadata: &BTreeMap<String, String>, key: &str) -> Result<Value, DataError> {
    let text = metadata.get(key).ok_or_else(|| {
        DataError::option(format!(
            "the metadata has no `{key}`: save it with the network, `save_with`"
        ))
    })?;
    serde_json::from_str(text).map_err(|_| damaged(key))
}

/// Returns a number as text, which is read again as the same number: JSON's own numbers are read with a
/// rounding error in the last digit.
pub(super) fn text(number: f64) -> Value {
    number.to_string().into()
}

/// Returns the finite number of a text.
pub(super) fn number(value: &Value) -> Option<f64> {
    value.as_str()?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Returns true for what numbers are divided by: of a 0 they would become infinite.
pub(super) fn is_scale(number: f64) -> bool {
    number.is_finite() && number != 0.0
}

/// Returns a list of finite numbers.
pub(super) fn numbers(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(number).collect()
}

/// Returns the error for an entry of metadata that is damaged.
pub(super) fn damaged(key: &str) -> DataError {
    DataError::option(format!("the metadata `{key}` is damaged"))
}
