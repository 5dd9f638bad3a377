//! The text of this project's book as a sequence of characters.

use crate::Outcome;
use crate::writing::PASSAGE;
use monograd::{Tensor, random::Generator};

/// The number of different characters: the new line, and the 95 printable ones of ASCII.
pub const CHARACTERS: usize = 96;

/// The chapters, in the order of the book.
const CHAPTERS: [&str; 8] = [
    include_str!("book/about.md"),
    include_str!("book/first.md"),
    include_str!("book/language.md"),
    include_str!("book/activations.md"),
    include_str!("book/errors.md"),
    include_str!("book/compile.md"),
    include_str!("book/generated.md"),
    include_str!("book/adding.md"),
];

/// Returns the number of a character, or `None` if it has none.
#[must_use]
pub fn number(character: char) -> Option<u32> {
    match character {
        '\n' => Some(0),
        ' '..='~' => Some(u32::from(character) - 31),
        _ => None,
    }
}

/// Returns the character of a number below [`CHARACTERS`].
#[must_use]
pub fn character(number: u32) -> char {
    match number {
        0 => '\n',
        number => char::from_u32(number + 31).unwrap_or(' '),
    }
}

/// Returns the numbers of all characters that have one.
#[must_use]
pub fn encode(text: &str) -> Vec<u32> {
    text.chars().filter_map(number).collect()
}

/// Returns the training text, and the last tenth of the book, which is held out.
#[must_use]
pub fn split() -> (Vec<u32>, Vec<u32>) {
    parted(encode(&CHAPTERS.join("\n")))
}

/// Returns the characters of a text that have a number, and of these the last tenth, which is held out.
///
/// # Errors
/// If the tenth is not longer than a passage.
pub fn parts(text: &str) -> Outcome<(Vec<u32>, Vec<u32>)> {
    let (text, held_out) = parted(encode(text));
    if held_out.len() <= PASSAGE {
        let (count, least) = (text.len() + held_out.len(), 10 * PASSAGE + 10);
        return Err(format!("a text of {count} characters is too short: {least} are enough").into());
    }
    Ok((text, held_out))
}

/// Cuts the last tenth off.
fn parted(mut text: Vec<u32>) -> (Vec<u32>, Vec<u32>) {
    let held_out = text.split_off(text.len() * 9 / 10);
    (text, held_out)
}

/// Passages of text, and for each of their characters the next one.
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
    /// # Panics
    /// If the text is not longer than a passage.
    #[must_use]
    pub fn random(text: &[u32], count: usize, length: usize, random: &mut Generator) -> Self {
        let places = (0..count).map(|_| random.below(text.len() - length));
        Self::at(text, places.collect(), length)
    }

    /// Splits a text into passages. An incomplete last one is left out.
    ///
    /// # Panics
    /// If the text is not longer than a passage.
    #[must_use]
    pub fn all(text: &[u32], length: usize) -> Self {
        Self::at(text, (0..text.len() - length).step_by(length).collect(), length)
    }

    fn at(text: &[u32], places: Vec<usize>, length: usize) -> Self {
        let rows = |offset| {
            let row = |&at: &usize| text[at + offset..][..length].iter().copied();
            let numbers = places.iter().flat_map(row).collect();
            Tensor::from_vec([places.len(), length], numbers).expect("rows of equal length")
        };
        Self { read: rows(0), next: rows(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use monograd::Philox;

    #[test]
    fn characters_have_numbers() {
        for expected in 0..CHARACTERS as u32 {
            assert_eq!(number(character(expected)), Some(expected));
        }
        assert_eq!(encode("a\tb·\n"), [66, 67, 0]);
    }

    #[test]
    fn next_is_one_character_later() {
        let (book, held_out) = split();
        assert!(book.len() >= 9 * held_out.len() - 9 && held_out.len() > 2000);
        let mut random = Philox::new(3).stream(0);
        for passages in [Passages::random(&book, 5, 7, &mut random), Passages::all(&held_out, 7)] {
            let rows = passages.read.as_slice().chunks(7).zip(passages.next.as_slice().chunks(7));
            for (read, next) in rows {
                assert_eq!(read[1..], next[..6]);
                assert!(book.windows(7).chain(held_out.windows(7)).any(|found| found == next));
            }
        }
    }
}
