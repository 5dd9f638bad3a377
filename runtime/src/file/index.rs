//! Reads `model.safetensors.index.json`, which tells in which shard each tensor is.

use super::header::Attempt;
use super::json::{Text, seeds};
use super::strings::{ShortStrings, parsed};
use crate::error::FileProblem;
use serde_core::de::{DeserializeSeed as _, Error, IgnoredAny, MapAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;
use std::io::BufRead;
use std::path::{Component, Path};

/// Largest number of shards.
const MOST_SHARDS: usize = 10_000;
/// The key of the object that tells the shard of each tensor.
const MAP: &str = "weight_map";

/// Returns the names of the shards, each of which is a file beside the index. Which tensor is where is
/// taken from the shards themselves.
pub(super) fn shards(index: &mut dyn BufRead) -> Attempt<BTreeSet<String>> {
    let (mut names, mut outside) = (BTreeSet::new(), None);
    let mut json = serde_json::Deserializer::from_reader(ShortStrings::new(index, "metadata"));
    let whole = Whole { names: &mut names, outside: &mut outside };
    let read = whole.deserialize(&mut json).and_then(|()| json.end());
    match outside {
        Some(name) => Err(FileProblem::ShardOutside { name }),
        None => parsed(read, |reason| FileProblem::NotIndex { reason }).map(|()| names),
    }
}

/// Returns true if `name` is the name of a file, without folders.
fn is_beside(name: &str) -> bool {
    let mut components = Path::new(name).components();
    let first = components.next();
    matches!(first, Some(Component::Normal(only)) if only == name)
        && components.next().is_none()
        && !name.contains(['\\', '\0'])
}

seeds! {
    Whole: deserialize_map,
    Shards: deserialize_map,
}

/// A visitor of the whole index.
struct Whole<'a> {
    names: &'a mut BTreeSet<String>,
    /// The first name that is not of a file beside the index.
    outside: &'a mut Option<String>,
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with a `{MAP}`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut key, mut seen) = (String::new(), false);
        while map.next_key_seed(Text(&mut key))?.is_some() {
            if key != MAP {
                map.next_value::<IgnoredAny>()?;
            } else if std::mem::replace(&mut seen, true) {
                return Err(Error::duplicate_field(MAP));
            } else {
                map.next_value_seed(Shards(&mut *self.names, &mut *self.outside))?;
            }
        }
        match seen {
            true if self.names.is_empty() => Err(Error::custom("it names no shards")),
            true => Ok(()),
            false => Err(Error::missing_field(MAP)),
        }
    }
}

/// A visitor of the object that tells the shard of each tensor.
struct Shards<'a>(&'a mut BTreeSet<String>, &'a mut Option<String>);

impl<'de> Visitor<'de> for Shards<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("names of files by names of tensors")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut name = String::new();
        while map.next_key::<IgnoredAny>()?.is_some() {
            map.next_value_seed(Text(&mut name))?;
            if !is_beside(&name) {
                *self.1 = Some(name);
                return Err(Error::custom("a shard is outside of the folder"));
            }
            if !self.0.contains(&name) {
                if self.0.len() == MOST_SHARDS {
                    return Err(Error::custom(format!("more than {MOST_SHARDS} shards")));
                }
                self.0.insert(name.clone());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Attempt<Vec<String>> {
        shards(&mut text.as_bytes()).map(|names| names.into_iter().collect())
    }

    #[test]
    fn each_shard_is_named_once() {
        let text = r#"{"metadata":{"total_size":3},"weight_map":{"a":"2.s","b":"1.s","c":"2.s"}}"#;
        assert_eq!(read(text).unwrap(), ["1.s", "2.s"]);
        for len in 0..text.len() {
            assert!(matches!(read(&text[..len]), Err(FileProblem::NotIndex { .. })), "{len}");
        }
    }

    #[test]
    fn shards_are_in_the_folder() {
        for name in ["../a", "/a", "a/b", "./a", "..", ".", "", "a/", "a\\\\b", "a\\u0000"] {
            let problem = read(&format!(r#"{{"weight_map":{{"w":"{name}"}}}}"#));
            assert!(matches!(problem, Err(FileProblem::ShardOutside { .. })), "{name}");
        }
    }

    #[test]
    fn an_index_that_tells_nothing_is_refused() {
        for text in [
            "{}",
            "[]",
            "3",
            r#"{"weight_map":{}}"#,
            r#"{"weight_map":[]}"#,
            r#"{"weight_map":{"a":3}}"#,
            r#"{"weight_map":{"a":"b"},"weight_map":{"a":"b"}}"#,
            r#"{"weight_map":{"a":"b"}} x"#,
        ] {
            assert!(matches!(read(text), Err(FileProblem::NotIndex { .. })), "{text}");
        }
        let many: Vec<String> = (0..=MOST_SHARDS).map(|i| format!(r#""{i}":"{i}""#)).collect();
        let problem = read(&format!(r#"{{"weight_map":{{{}}}}}"#, many.join(","))).unwrap_err();
        assert!(problem.to_string().contains("more than 10000 shards"), "{problem}");
    }
}
