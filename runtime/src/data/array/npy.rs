//! npy, versions 1 to 3: `\x93NUMPY`, the version, the length of the header, and the header, which is a
//! dictionary of Python: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.

use super::format::{Header, Order};
use super::numbers::{Decoder, NumberType};
use super::source::Source;
use super::{DataError, DataProblem};
use crate::error::Shown;

const NAME: &str = "npy";
/// Number of bytes of the longest header that is read; `NumPy` refuses more than 10,000 by default.
const LONGEST_HEADER: usize = 1 << 16;

pub(super) fn header(source: &mut Source) -> Result<Header, DataError> {
    let magic: [u8; 6] = source.bytes(NAME)?;
    if magic != *b"\x93NUMPY" {
        return Err(DataError::format(NAME, format!("it begins with the bytes {magic:02x?}")));
    }
    let [major, minor] = source.bytes(NAME)?;
    let len = match (major, minor) {
        (1, 0) => u16::from_le_bytes(source.bytes(NAME)?).into(),
        (2 | 3, 0) => u32::from_le_bytes(source.bytes(NAME)?) as usize,
        _ => {
            let reason = format!("version {major}.{minor} is none of 1.0, 2.0 and 3.0");
            return Err(DataError::format(NAME, reason));
        }
    };
    if len > LONGEST_HEADER {
        return Err(DataError::format(NAME, format!("a header of {len} bytes")));
    }
    let mut text = vec![0; len];
    source.fill(NAME, &mut text)?;
    let text = str::from_utf8(&text)
        .map_err(|_| DataError::format(NAME, "the header is not text"))?
        .trim_end();
    let Some(dictionary) = Dictionary::parse(text) else {
        let reason = format!("the header is `{}`", Shown(text));
        return Err(DataError::format(NAME, reason));
    };
    let numbers = decoder(&dictionary.descr).ok_or_else(|| DataProblem::Unsupported {
        what: format!("an array of type `{}`", Shown(&dictionary.descr)),
        supported: "floats of 32 and 64 bits, integers and booleans are; `x.astype(\"f4\")` makes them",
    })?;
    let order = match dictionary.is_fortran && dictionary.shape.len() > 1 {
        true => Order::Fortran,
        false => Order::C,
    };
    Ok(Header { name: NAME, numbers, shape: dictionary.shape, order })
}

/// Returns the decoder of a type as `NumPy` spells it: `<f4`, `|u1`, `>i8`.
fn decoder(descr: &str) -> Option<Decoder> {
    let (order, kind) = descr.split_at_checked(1)?;
    let kind = match kind {
        "f4" => NumberType::F32,
        "f8" => NumberType::F64,
        "i1" => NumberType::I8,
        "i2" => NumberType::I16,
        "i4" => NumberType::I32,
        "i8" => NumberType::I64,
        "u1" => NumberType::U8,
        "u2" => NumberType::U16,
        "u4" => NumberType::U32,
        "u8" => NumberType::U64,
        "b1" => NumberType::Bool,
        _ => return None,
    };
    let is_big_endian = match order {
        "<" => false,
        ">" => true,
        "|" if kind.bytes() == 1 => false,
        _ => return None,
    };
    Some(Decoder { kind, is_big_endian })
}

/// The contents of the header.
struct Dictionary {
    descr: String,
    is_fortran: bool,
    shape: Vec<usize>,
}

impl Dictionary {
    /// Parses the header. Keys may stand in any order, each once.
    fn parse(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('{')?.strip_suffix('}')?;
        let (mut descr, mut is_fortran, mut shape) = (None, None, None);
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                break;
            }
            let (key, after) = quoted(rest)?;
            rest = after.trim_start().strip_prefix(':')?.trim_start();
            match key {
                "descr" if descr.is_none() => {
                    // a list of fields is an array of records, which `decoder` refuses by its bracket
                    let (value, after) = match rest.starts_with('[') {
                        true => rest.split_at(rest.rfind(']')? + 1),
                        false => quoted(rest)?,
                    };
                    (descr, rest) = (Some(value.to_owned()), after);
                }
                "fortran_order" if is_fortran.is_none() => {
                    let (value, after) = match rest.strip_prefix("True") {
                        Some(after) => (true, after),
                        None => (false, rest.strip_prefix("False")?),
                    };
                    (is_fortran, rest) = (Some(value), after);
                }
                "shape" if shape.is_none() => {
                    let (sizes, after) = rest.strip_prefix('(')?.split_once(')')?;
                    (shape, rest) = (Some(tuple(sizes)?), after);
                }
                _ => return None,
            }
            rest = rest.trim_start();
            rest = match rest.strip_prefix(',') {
                Some(rest) => rest,
                None if rest.is_empty() => rest,
                None => return None,
            };
        }
        Some(Self { descr: descr?, is_fortran: is_fortran?, shape: shape? })
    }
}

/// Returns a text in quotes, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    text[1..].split_once(quote)
}

/// Returns the numbers of a tuple: `2, 3`, `2,`, or nothing.
fn tuple(text: &str) -> Option<Vec<usize>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Vec::new());
    }
    let text = text.strip_suffix(',').unwrap_or(text);
    // Python 2 wrote its long numbers with an L
    text.split(',').map(|size| size.trim().trim_end_matches('L').parse().ok()).collect()
}
