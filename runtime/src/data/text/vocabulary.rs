//! The numbers of characters.

use super::super::error::{DataError, DataProblem};
use super::super::saved;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The numbers of characters.
///
/// ```
/// use monograd::data::text::Vocabulary;
///
/// let vocabulary = Vocabulary::of_text("a cab");
/// assert_eq!(vocabulary.len(), 4); // a space, a, b, c
/// assert_eq!(vocabulary.encode("cab")?, [3, 1, 2]);
/// assert_eq!(vocabulary.decode(&[3, 1, 2]), "cab");
/// # Ok::<(), monograd::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vocabulary {
    characters: Vec<char>,
    numbers: HashMap<char, u32>,
}

impl Vocabulary {
    const KEY: &str = "monograd.vocabulary";

    /// Numbers characters in the order given; one that was there before has its number already.
    #[must_use]
    pub fn new(characters: impl IntoIterator<Item = char>) -> Self {
        let (mut all, mut numbers) = (Vec::new(), HashMap::new());
        for character in characters {
            numbers.entry(character).or_insert_with(|| {
                all.push(character);
                all.len() as u32 - 1
            });
        }
        Self { characters: all, numbers }
    }

    /// Numbers the characters of a text, in their order.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        Self::new(text.chars().collect::<BTreeSet<_>>())
    }

    /// Returns the number of characters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.characters.len()
    }

    /// Returns true if there are no characters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.characters.is_empty()
    }

    /// Returns the number of a character, or `None` if it has none.
    #[must_use]
    pub fn number(&self, character: char) -> Option<u32> {
        self.numbers.get(&character).copied()
    }

    /// Returns the character of a number, or `None` if there is none.
    #[must_use]
    pub fn character(&self, number: u32) -> Option<char> {
        self.characters.get(number as usize).copied()
    }

    /// Returns the numbers of all characters of a text.
    ///
    /// # Errors
    /// If a character has none.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, DataError> {
        let mut line = 1;
        let number = |character: char| {
            line += u64::from(character == '\n');
            self.number(character).ok_or_else(|| {
                let known = format!("the {} characters of the vocabulary", self.len());
                let text = character.to_string();
                DataError::from(DataProblem::UnknownText { text, known }).at_line(Some(line))
            })
        };
        text.chars().map(number).collect()
    }

    /// Returns the numbers of those characters of a text that have one.
    #[must_use]
    pub fn encode_known(&self, text: &str) -> Vec<u32> {
        text.chars().filter_map(|character| self.number(character)).collect()
    }

    /// Returns the text of numbers, with U+FFFD for those that there are none of.
    #[must_use]
    pub fn decode(&self, numbers: &[u32]) -> String {
        let character = |number: &u32| self.character(*number).unwrap_or('\u{fffd}');
        numbers.iter().map(character).collect()
    }

    /// Returns it as metadata, which [`save_with`](crate::Network::save_with) puts into the file of a network.
    #[must_use]
    pub fn metadata(&self) -> BTreeMap<String, String> {
        let characters: String = self.characters.iter().collect();
        BTreeMap::from([(Self::KEY.to_owned(), serde_json::Value::from(characters).to_string())])
    }

    /// Returns the vocabulary that is in the metadata of a file.
    ///
    /// # Errors
    /// If there is none, or it is damaged.
    pub fn from_metadata(metadata: &BTreeMap<String, String>) -> Result<Self, DataError> {
        let value = saved::value(metadata, Self::KEY)?;
        let characters = value.as_str().ok_or_else(|| saved::damaged(Self::KEY))?;
        let vocabulary = Self::new(characters.chars());
        // one that is there twice would have given all after it another number
        match vocabulary.len() == characters.chars().count() {
            true => Ok(vocabulary),
            false => Err(saved::damaged(Self::KEY)),
        }
    }
}
