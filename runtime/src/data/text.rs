//! Text as a sequence of numbers, and passages of it.

use super::change::Pool;
use super::error::{DataError, DataProblem};
use super::{Batches, Dataset, saved};
use crate::network::Trainable;
use crate::random::{Generator, Philox};
use crate::source::Feed;
use crate::tensor::Tensor;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

/// Reads a file of text.
///
/// # Errors
/// If it cannot be read, or is not UTF-8.
pub fn read(path: impl AsRef<Path>) -> Result<String, DataError> {
    let path = path.as_ref();
    let bytes = std::fs::read(path).map_err(|error| DataError::from(error).at(Some(path)))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count();
        let byte = error.as_bytes()[valid];
        DataError::format("UTF-8", format!("there is a byte {byte:#04x}"))
            .at(Some(path))
            .at_line(Some(line as u64))
    })
}

/// Returns the bytes of a text as numbers below 256: a vocabulary that needs no training text.
#[must_use]
pub fn bytes(text: &str) -> Vec<u32> {
    text.bytes().map(u32::from).collect()
}

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
        Ok(Self::new(characters.chars()))
    }
}

/// Passages of a text, and for each of their characters the next one.
#[derive(Clone, Debug, PartialEq)]
pub struct Passages {
    /// The passages, one per row.
    pub read: Tensor<u32>,
    /// The passages shifted by one character.
    pub next: Tensor<u32>,
}

impl Passages {
    /// Returns passages of `length` characters from random places.
    ///
    /// # Errors
    /// If the text is not longer than a passage.
    pub fn random(
        text: &[u32],
        count: usize,
        length: usize,
        random: &mut Generator,
    ) -> Result<Self, DataError> {
        let places = places(text, length)?;
        Ok(Self::at(text, &(0..count).map(|_| random.below(places)).collect::<Vec<_>>(), length))
    }

    /// Splits a text into passages. An incomplete last one is left out.
    ///
    /// # Errors
    /// If the text is not longer than a passage.
    pub fn all(text: &[u32], length: usize) -> Result<Self, DataError> {
        let places = places(text, length)?;
        Ok(Self::at(text, &(0..places).step_by(length).collect::<Vec<_>>(), length))
    }

    /// Returns them as a data set, whose targets are the next characters.
    ///
    /// # Errors
    /// If there are none.
    pub fn dataset(self) -> Result<Dataset<Tensor<u32>, Tensor<u32>>, DataError> {
        Dataset::new(self.read, self.next)
    }

    fn at(text: &[u32], places: &[usize], length: usize) -> Self {
        let mut passages = Self::room(places.len(), length);
        passages.fill(text, places, length);
        passages
    }

    fn room(count: usize, length: usize) -> Self {
        Self { read: Tensor::zeros([count, length]), next: Tensor::zeros([count, length]) }
    }

    fn fill(&mut self, text: &[u32], places: &[usize], length: usize) {
        for (row, place) in places.iter().enumerate() {
            self.read.row_mut(row).copy_from_slice(&text[*place..][..length]);
            self.next.row_mut(row).copy_from_slice(&text[place + 1..][..length]);
        }
    }
}

/// Returns the number of places at which a passage and the character after it can begin.
fn places(text: &[u32], length: usize) -> Result<usize, DataError> {
    match text.len().checked_sub(length) {
        Some(places) if places > 0 && length > 0 => Ok(places),
        _ => {
            let len = text.len();
            let reason = format!(
                "a text of {len} characters is too short for passages of {length}: it takes at least \
                 {}",
                length.max(1).saturating_add(1)
            );
            Err(DataError::option(reason))
        }
    }
}

/// Batches of passages from random places of a text: what a language model learns from.
#[derive(Clone, Debug)]
pub struct RandomPassages {
    text: Arc<[u32]>,
    length: usize,
    samples: usize,
    batches: u64,
    seed: u64,
    pool: Pool<(Tensor<u32>, Tensor<u32>)>,
}

impl RandomPassages {
    /// Makes epochs of `batches` batches of `samples` passages of `length` characters. Seed and epoch determine the
    /// places.
    ///
    /// # Errors
    /// If the text is not longer than a passage, or a batch has no samples.
    pub fn new(
        text: impl Into<Arc<[u32]>>,
        length: usize,
        samples: usize,
        batches: u64,
        seed: u64,
    ) -> Result<Self, DataError> {
        let text = text.into();
        places(&text, length)?;
        if samples == 0 {
            return Err(DataError::option("a batch of 0 samples: it has at least one"));
        }
        Ok(Self { text, length, samples, batches, seed, pool: Pool::default() })
    }
}

impl<N> Batches<N> for RandomPassages
where
    N: Trainable,
    for<'a> &'a Tensor<u32>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
{
    type Batch = Arc<(Tensor<u32>, Tensor<u32>)>;

    fn epoch(
        &mut self,
        epoch: u64,
    ) -> Result<impl Iterator<Item = Result<Self::Batch, DataError>>, DataError> {
        let (length, samples) = (self.length, self.samples);
        let places = places(&self.text, length)?;
        let philox = Philox::new(self.seed);
        let numbers = usize::try_from(self.batches).unwrap_or(usize::MAX);
        Ok((0..numbers).map(move |number| {
            let mut random = philox.stream(epoch << 32 ^ number as u64);
            let room = || (Tensor::zeros([samples, length]), Tensor::zeros([samples, length]));
            Ok(self.pool.batch(room, |(read, next)| {
                for row in 0..samples {
                    let place = random.below(places);
                    read.row_mut(row).copy_from_slice(&self.text[place..][..length]);
                    next.row_mut(row).copy_from_slice(&self.text[place + 1..][..length]);
                }
            }))
        }))
    }

    fn batches(&self) -> Option<u64> {
        Some(self.batches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_numbers() {
        let vocabulary = Vocabulary::of_text("größe\nß");
        assert_eq!(vocabulary.len(), 6);
        let numbers = vocabulary.encode("größe").unwrap();
        assert_eq!(vocabulary.decode(&numbers), "größe");
        assert_eq!(vocabulary.decode(&[9]), "\u{fffd}");
        assert_eq!(
            vocabulary.encode("gr\ngra").unwrap_err().to_string(),
            "line 2: `a` is none of the 6 characters of the vocabulary"
        );
        assert_eq!(vocabulary.encode_known("age"), vocabulary.encode("ge").unwrap());
        assert_eq!(Vocabulary::from_metadata(&vocabulary.metadata()).unwrap(), vocabulary);
        assert!(Vocabulary::from_metadata(&BTreeMap::new()).is_err());
        assert_eq!(bytes("aß"), [97, 195, 159]);
    }

    #[test]
    fn next_is_one_character_later() {
        let text: Vec<u32> = (0..100).collect();
        let mut random = Philox::new(3).stream(0);
        let random = Passages::random(&text, 5, 7, &mut random).unwrap();
        for passages in [random, Passages::all(&text, 7).unwrap()] {
            for (read, next) in passages.read.iter().zip(passages.next.iter()) {
                assert_eq!(read + 1, *next);
            }
        }
        assert_eq!(Passages::all(&text, 33).unwrap().read.shape(), [3, 33]);
        assert_eq!(Passages::all(&text, 99).unwrap().read.shape(), [1, 99]);
        for length in [0, 100, usize::MAX] {
            assert!(Passages::all(&text, length).is_err());
        }
    }

    #[test]
    fn files_of_text_name_the_line() {
        let path = std::env::temp_dir().join(format!("monograd-text-{}", std::process::id()));
        std::fs::write(&path, b"one\ntwo\nthr\xffee").unwrap();
        let message = read(&path).unwrap_err().to_string();
        std::fs::remove_file(&path).unwrap();
        assert!(
            message.ends_with(", line 3: not a whole UTF-8 file: there is a byte 0xff"),
            "{message}"
        );
        assert!(read(&path).is_err());
    }
}
