//! `serde` visitors for the header's JSON. They store only the requested parts.

use super::METADATA;
use serde_core::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

/// Largest number of axes of a tensor, as in PyTorch.
const MOST_AXES: usize = 64;
/// Largest number of metadata entries: a small entry takes many times more memory than space in the
/// file.
pub(super) const MOST_ENTRIES: usize = 1 << 16;

/// The description of a tensor in the header.
#[derive(Default)]
pub(super) struct Described {
    /// The element type, as the format spells it.
    pub dtype: String,
    pub shape: Vec<usize>,
    /// The byte range (begin, end), relative to the first tensor.
    pub span: (u64, u64),
}

/// Lets each visitor be given as a seed, which reads a value by one method of the deserializer.
macro_rules! seeds {
    ($($visitor:ident: $method:ident,)+) => {$(
        impl<'de> serde_core::de::DeserializeSeed<'de> for $visitor<'_> {
            type Value = ();

            fn deserialize<D: serde_core::de::Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<(), D::Error> {
                deserializer.$method(self)
            }
        }
    )+};
}

pub(super) use seeds;

seeds! {
    Whole: deserialize_map,
    Text: deserialize_str,
    Tensor: deserialize_map,
    Shape: deserialize_seq,
    Pairs: deserialize_any,
}

/// A visitor of the whole header: calls `tensor` for every tensor, and fills `metadata` if it is
/// `Some`.
pub(super) struct Whole<'a> {
    pub metadata: Option<&'a mut BTreeMap<String, String>>,
    pub tensor: &'a mut dyn FnMut(&str, &Described) -> Result<(), String>,
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tensors by name")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let (mut name, mut described) = (String::new(), Described::default());
        while map.next_key_seed(Text(&mut name))?.is_some() {
            if name != METADATA {
                map.next_value_seed(Tensor(&mut described))?;
                (self.tensor)(&name, &described).map_err(Error::custom)?;
            } else if let Some(metadata) = &mut self.metadata {
                map.next_value_seed(Pairs(metadata))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// A visitor that reads a string into an existing `String`, whose memory is reused.
pub(super) struct Text<'a>(pub &'a mut String);

impl Visitor<'_> for Text<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.0.clear();
        self.0.push_str(text);
        Ok(())
    }
}

/// A visitor that reads the description of a tensor.
struct Tensor<'a>(&'a mut Described);

impl<'de> Visitor<'de> for Tensor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a tensor's `dtype`, `shape` and `data_offsets`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        const FIELDS: [&str; 3] = ["dtype", "shape", "data_offsets"];
        let (mut field, mut seen) = (String::new(), [false; 3]);
        while map.next_key_seed(Text(&mut field))?.is_some() {
            let known = FIELDS.iter().position(|known| *known == field);
            if let Some(known) = known
                && std::mem::replace(&mut seen[known], true)
            {
                return Err(Error::duplicate_field(FIELDS[known]));
            }
            match known {
                Some(0) => map.next_value_seed(Text(&mut self.0.dtype))?,
                Some(1) => map.next_value_seed(Shape(&mut self.0.shape))?,
                Some(_) => self.0.span = map.next_value()?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        match seen.iter().position(|seen| !seen) {
            Some(missing) => Err(Error::missing_field(FIELDS[missing])),
            None => Ok(()),
        }
    }
}

/// A visitor that reads the shape of a tensor.
struct Shape<'a>(&'a mut Vec<usize>);

impl<'de> Visitor<'de> for Shape<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a shape")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sizes: A) -> Result<(), A::Error> {
        self.0.clear();
        while let Some(size) = sizes.next_element()? {
            if self.0.len() == MOST_AXES {
                return Err(Error::custom(format!("a shape of more than {MOST_AXES} axes")));
            }
            self.0.push(size);
        }
        Ok(())
    }
}

/// A visitor that reads an object of strings, or null.
struct Pairs<'a>(&'a mut BTreeMap<String, String>);

impl<'de> Visitor<'de> for Pairs<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("strings by name")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, text)) = map.next_entry()? {
            if self.0.len() == MOST_ENTRIES {
                let what = format!("more than {MOST_ENTRIES} entries of metadata");
                return Err(Error::custom(what));
            }
            // readers disagree which one of two counts
            match self.0.entry(name) {
                Entry::Vacant(place) => place.insert(text),
                Entry::Occupied(place) => {
                    let what = format!("two entries of metadata are called `{}`", place.key());
                    return Err(Error::custom(what));
                }
            };
        }
        Ok(())
    }
}
