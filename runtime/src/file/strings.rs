//! Bounds the strings in JSON, which are read into memory as a whole.

use super::header::Attempt;
use crate::error::{FileProblem, Shown};
use std::io::{self, ErrorKind, Read};

/// Longest string, in bytes of the file: a name of a tensor or a file, or a type.
const LONGEST: usize = 1 << 16;

/// A reader of a JSON object that fails at a string that is longer than [`LONGEST`], outside of the value
/// of one key, whose strings are texts.
pub(super) struct ShortStrings<R> {
    source: R,
    /// The key of texts.
    texts: &'static str,
    /// The first bytes of the last key of the object itself.
    key: Vec<u8>,
    /// Number of objects and arrays that are open.
    depth: usize,
    /// Number of bytes of the string that is open, if one is.
    string: Option<usize>,
    is_escaped: bool,
}

impl<R: Read> ShortStrings<R> {
    pub fn new(source: R, texts: &'static str) -> Self {
        let key = Vec::with_capacity(texts.len() + 1);
        Self { source, texts, key, depth: 0, string: None, is_escaped: false }
    }

    /// Follows one byte. Returns false in a string that is too long.
    fn follow(&mut self, byte: u8) -> bool {
        let Some(len) = self.string else {
            match byte {
                b'"' => {
                    self.string = Some(0);
                    if self.depth == 1 {
                        self.key.clear();
                    }
                }
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            return true;
        };
        if byte == b'"' && !self.is_escaped {
            self.string = None;
            return true;
        }
        self.is_escaped = byte == b'\\' && !self.is_escaped;
        self.string = Some(len + 1);
        if self.depth == 1 && self.key.len() <= self.texts.len() {
            self.key.push(byte);
        }
        len < LONGEST || (self.depth > 1 && self.key == self.texts.as_bytes())
    }
}

impl<R: Read> Read for ShortStrings<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let len = self.source.read(bytes)?;
        match bytes[..len].iter().all(|byte| self.follow(*byte)) {
            true => Ok(len),
            false => Err(io::Error::new(
                ErrorKind::InvalidData,
                format!("a name of more than {LONGEST} bytes"),
            )),
        }
    }
}

/// Returns a result of `serde_json`, with the error of a damaged file as `refused` makes it of a reason.
pub(super) fn parsed<T>(
    result: serde_json::Result<T>,
    refused: impl FnOnce(String) -> FileProblem,
) -> Attempt<T> {
    result.map_err(|error| match error.io_error_kind() {
        None | Some(ErrorKind::InvalidData) => refused(Shown(&error.to_string()).to_string()),
        Some(_) => io::Error::from(error).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn len(json: &str) -> io::Result<usize> {
        let mut text = String::new();
        ShortStrings::new(json.as_bytes(), "texts").read_to_string(&mut text)
    }

    #[test]
    fn names_are_bounded_and_texts_are_not() {
        let (most, long) = ("x".repeat(LONGEST), "x".repeat(LONGEST + 1));
        for fits in [
            format!(r#"{{"{most}":"{most}"}}"#),
            format!(r#"{{"a":["{most}"],"b":"\\\"{}"}}"#, &most[4..]),
            format!(r#"{{"texts":{{"a":"{long}","{long}":[["{long}"]]}},"a":1}}"#),
            r#"{"a":"\\","b":"\""}"#.to_owned(),
        ] {
            assert_eq!(len(&fits).unwrap(), fits.len(), "{}", &fits[..40.min(fits.len())]);
        }
        for bad in [
            format!(r#"{{"{long}":1}}"#),
            format!(r#"{{"a":{{"b":"{long}"}}}}"#),
            format!(r#"{{"texts":"{long}"}}"#),
            format!(r#"{{"texts":{{}},"a":{{"b":"{long}"}}}}"#),
            format!(r#"{{"text":{{"b":"{long}"}}}}"#),
            format!(r#"{{"textsx":{{"b":"{long}"}}}}"#),
            format!(r#"{{"a":"\"{long}"}}"#),
            format!("\"{long}"),
        ] {
            assert_eq!(len(&bad).unwrap_err().kind(), ErrorKind::InvalidData, "{}", &bad[..40]);
        }
    }
}
