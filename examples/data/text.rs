//! The text of this project's book as a sequence of characters.

use crate::Outcome;
use crate::writing::PASSAGE;
use monograd::data::text::Vocabulary;
use std::sync::LazyLock;

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

/// The numbers of these characters.
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::new(['\n'].into_iter().chain(' '..='~')));

/// Returns the numbers of the characters.
#[must_use]
pub fn vocabulary() -> &'static Vocabulary {
    &VOCABULARY
}

/// Returns the training text, and the last tenth of the book, which is held out.
#[must_use]
pub fn split() -> (Vec<u32>, Vec<u32>) {
    parted(VOCABULARY.encode_known(&CHAPTERS.join("\n")))
}

/// Returns the characters of a text that have a number, and of these the last tenth, which is held out.
///
/// # Errors
/// If the tenth is not longer than a passage.
pub fn parts(text: &str) -> Outcome<(Vec<u32>, Vec<u32>)> {
    let (text, held_out) = parted(VOCABULARY.encode_known(text));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_numbers() {
        assert_eq!(VOCABULARY.len(), CHARACTERS);
        assert_eq!(VOCABULARY.encode_known("a\tb·\n"), [66, 67, 0]);
        let (book, held_out) = split();
        assert!(book.len() >= 9 * held_out.len() - 9 && held_out.len() > 2000);
    }
}
