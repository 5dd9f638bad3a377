//! Text as a sequence of numbers, and passages of it.

mod passages;
mod vocabulary;

pub use passages::{Passages, RandomPassages};
pub use vocabulary::Vocabulary;

use super::DataError;
use crate::file;
use std::io::Read as _;
use std::path::Path;

/// Reads a file of text. The byte order mark that some programs put in front of it (U+FEFF) is left out.
///
/// # Errors
/// If it is not a regular file, cannot be read, or is not UTF-8.
pub fn read(path: impl AsRef<Path>) -> Result<String, DataError> {
    let path = path.as_ref();
    let bytes = bytes_of(path).map_err(|error| error.at(Some(path)))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count();
        let byte = error.as_bytes()[valid];
        DataError::format("UTF-8", format!("there is a byte {byte:#04x}"))
            .at(Some(path))
            .at_line(Some(line as u64))
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, DataError> {
    let (mut file, _) = file::open(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the bytes of a text as numbers below 256: a vocabulary that needs no training text.
#[must_use]
pub fn bytes(text: &str) -> Vec<u32> {
    text.bytes().map(u32::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Philox;
    use std::collections::BTreeMap;

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
