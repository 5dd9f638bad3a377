//! IDX: two zeros, the type, the number of axes, their sizes, and the numbers, big endian (LeCun, Cortes and
//! Burges 1998).

use super::DataError;
use super::format::{Header, Order};
use super::numbers::{Decoder, NumberType};
use super::source::Source;

const NAME: &str = "IDX";

pub(super) fn header(source: &mut Source) -> Result<Header, DataError> {
    let [a, b, kind, axes] = source.bytes(NAME)?;
    if [a, b] != [0, 0] {
        let reason = format!("it begins with the bytes {a:02x} {b:02x}, where 00 00 stand");
        return Err(DataError::format(NAME, reason));
    }
    let kind = match kind {
        0x08 => NumberType::U8,
        0x09 => NumberType::I8,
        0x0b => NumberType::I16,
        0x0c => NumberType::I32,
        0x0d => NumberType::F32,
        0x0e => NumberType::F64,
        _ => {
            let reason = format!("the type {kind:#04x} is none of 08, 09, 0b, 0c, 0d and 0e");
            return Err(DataError::format(NAME, reason));
        }
    };
    let mut shape = Vec::with_capacity(axes.into());
    for _ in 0..axes {
        shape.push(u32::from_be_bytes(source.bytes(NAME)?) as usize);
    }
    let numbers = Decoder { kind, is_big_endian: true };
    Ok(Header { name: NAME, numbers, shape, order: Order::C })
}
