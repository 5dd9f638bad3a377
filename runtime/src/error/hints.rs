//! The parts of messages that depend on the values found.

use super::Shown;

/// Returns a suggestion for data with another sample size, or an empty string.
pub(super) fn sample_hint(actual: usize, samples: usize, expected: usize) -> &'static str {
    if samples == expected {
        "; the other way round it would fit: is it transposed?"
    } else if actual.checked_mul(samples) == Some(expected) {
        "; if it is one sample, give it a leading axis of 1"
    } else {
        ""
    }
}

/// Returns the sentence about a stream that would pass the bound of its run-time size.
pub(super) fn past_bound(taken: usize, more: usize, most: usize) -> String {
    match taken == most {
        true => {
            format!("the stream has taken {most} steps, which is the bound of its run-time size")
        }
        false => format!(
            "the stream has taken {taken} steps, and with {more} more it would pass the bound of its \
             run-time size, {most}"
        ),
    }
}

/// Returns a number of scalars in words.
pub(super) fn counted(scalars: usize) -> String {
    match scalars {
        usize::MAX => "more scalars than can be counted".to_owned(),
        _ => format!("{scalars} scalars"),
    }
}

/// Returns the names of sizes, of which there may be none.
pub(super) fn sizes(names: &str) -> &str {
    if names.is_empty() { "none" } else { names }
}

/// Returns a suggestion of the most similar name, or an empty string.
pub(crate) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{}`?", Shown(name)))
}
