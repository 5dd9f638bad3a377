//! The part of a checkpoint that is text: numbers by name, and the options of the training.

use crate::error::Shown;
use crate::sort::sort_by;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// The prefix of the names of options.
const OPTION: &str = "option.";
/// The largest count of steps, epochs and the like that is read.
pub const MOST: u64 = crate::optimizer::MOST_STEPS;

/// Text by name.
#[derive(Clone, Debug, Default)]
pub struct Notes(pub BTreeMap<String, String>);

impl Notes {
    /// Returns all of it as one text.
    pub fn to_text(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// Reads what [`to_text`](Self::to_text) returned; an error is the reason.
    pub fn from_text(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map(Self).map_err(|error| error.to_string())
    }

    /// Adds a text.
    pub fn put(&mut self, name: &str, value: impl fmt::Display) {
        self.0.insert(name.to_owned(), value.to_string());
    }

    /// Adds numbers that are read back exactly.
    pub fn put_numbers(&mut self, name: &str, numbers: &[f64]) {
        let numbers: Vec<String> = numbers.iter().map(|number| format!("{number:?}")).collect();
        self.put(name, numbers.join(" "));
    }

    /// Adds an option, which has to be the same when the training goes on.
    pub fn put_option(&mut self, name: &str, value: impl fmt::Display) {
        self.put(&format!("{OPTION}{name}"), value);
    }

    /// Returns a value; an error is the reason.
    pub fn get<T: FromStr>(&self, name: &str) -> Result<T, String> {
        let text = self.0.get(name).ok_or_else(|| format!("its metadata has no `{name}`"))?;
        text.parse().map_err(|_| format!("`{name}` of its metadata cannot be read"))
    }

    /// Returns a count; an error is the reason.
    pub fn count(&self, name: &str) -> Result<u64, String> {
        let count: u64 = self.get(name)?;
        match count <= MOST {
            true => Ok(count),
            false => Err(format!("`{name}` of its metadata is more than can be counted to")),
        }
    }

    /// Returns the numbers of a name; an error is the reason.
    pub fn numbers<const COUNT: usize>(&self, name: &str) -> Result<[f64; COUNT], String> {
        let text: String = self.get(name)?;
        let numbers: Option<Vec<f64>> = text.split(' ').map(|number| number.parse().ok()).collect();
        let numbers = numbers.and_then(|numbers| numbers.try_into().ok());
        numbers.ok_or_else(|| format!("`{name}` of its metadata is not {COUNT} numbers"))
    }

    /// Returns a sentence for each option whose value is not that of `here`, among those whose names begin with
    /// `prefix`.
    pub fn differences(&self, here: &Self, prefix: &str) -> Vec<String> {
        let options = |notes: &Self| -> BTreeMap<String, String> {
            let options = notes.0.iter().filter_map(|(name, value)| {
                let name = name.strip_prefix(OPTION).filter(|name| name.starts_with(prefix))?;
                Some((name.to_owned(), value.clone()))
            });
            options.collect()
        };
        let (theirs, ours) = (options(self), options(here));
        let mut names: Vec<&String> = theirs.keys().chain(ours.keys()).collect();
        sort_by(&mut names, Ord::cmp);
        names.dedup();
        let shown =
            |value: Option<&String>| Shown(value.map_or("not set", String::as_str)).to_string();
        let differ = names.into_iter().filter(|name| theirs.get(*name) != ours.get(*name));
        let sentence = |name: &String| {
            let (theirs, ours) = (shown(theirs.get(name)), shown(ours.get(name)));
            format!("`{}` is {theirs} in it, and {ours} here", Shown(name))
        };
        differ.map(sentence).collect()
    }
}
