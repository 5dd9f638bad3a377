//! Encodes and decodes the numbers of a file: little-endian floats of 16, 32 or 64 bits, and integers of 64.

use crate::layout::Parameter;
use crate::scalar::Scalar;

/// A type of numbers that files may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dtype {
    /// IEEE 754 binary16.
    F16,
    /// The upper half of an `f32`.
    Bf16,
    /// `f32`.
    F32,
    /// `f64`.
    F64,
    /// `i64`.
    I64,
}

impl Dtype {
    /// Returns the type that the format calls `name`, or `None` if it is not among these.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        let all = [Self::F16, Self::Bf16, Self::F32, Self::F64, Self::I64];
        all.into_iter().find(|dtype| dtype.name() == name)
    }

    /// Returns the format's name of the type.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::F16 => "F16",
            Self::Bf16 => "BF16",
            Self::F32 => "F32",
            Self::F64 => "F64",
            Self::I64 => "I64",
        }
    }

    /// Returns the type in which a parameter of scalars `T` is stored: integers, or the type that holds
    /// every value of `T` exactly.
    pub(super) fn of<T: Scalar>(parameter: &Parameter) -> Self {
        match T::BYTES {
            _ if parameter.integer => Self::I64,
            4 => Self::F32,
            _ => Self::F64,
        }
    }

    /// Returns the number of bytes of one number.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::F16 | Self::Bf16 => 2,
            Self::F32 => 4,
            Self::F64 | Self::I64 => 8,
        }
    }

    /// Decodes `values.len()` numbers from `bytes`, rounded to `T`.
    pub(super) fn decode<T: Scalar>(self, bytes: &[u8], values: &mut [T]) {
        match self {
            Self::F16 => each(bytes, values, |b| from_f16(u16::from_le_bytes(b)).into()),
            Self::Bf16 => each(bytes, values, |b| from_bf16(u16::from_le_bytes(b)).into()),
            Self::F32 => each(bytes, values, |b| f32::from_le_bytes(b).into()),
            Self::F64 => each(bytes, values, f64::from_le_bytes),
            Self::I64 => each(bytes, values, |b| i64::from_le_bytes(b) as f64),
        }
    }

    /// Appends `values` to `bytes`, in a type that [`of`](Self::of) returns. Integers are rounded.
    pub(super) fn encode<T: Scalar>(self, values: &[T], bytes: &mut Vec<u8>) {
        let values = values.iter().map(|x| x.to_f64());
        match self {
            Self::F64 => bytes.extend(values.flat_map(f64::to_le_bytes)),
            Self::I64 => bytes.extend(values.flat_map(|x| (x.round() as i64).to_le_bytes())),
            _ => bytes.extend(values.flat_map(|x| (x as f32).to_le_bytes())),
        }
    }
}

fn each<T: Scalar, const N: usize>(
    bytes: &[u8],
    values: &mut [T],
    decode: impl Fn([u8; N]) -> f64,
) {
    let (numbers, _) = bytes.as_chunks();
    values.iter_mut().zip(numbers).for_each(|(value, &bytes)| *value = T::from_f64(decode(bytes)));
}

fn from_bf16(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

/// Decodes a binary16: a sign, five bits of exponent with bias 15, ten bits of fraction.
fn from_f16(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let exponent = u32::from(bits >> 10) & 0x1f;
    let fraction = u32::from(bits) & 0x3ff;
    let magnitude = match exponent {
        // subnormal: a multiple of 2^-24
        0 => (fraction as f32 / (1 << 24) as f32).to_bits(),
        0x1f => 0xff << 23 | fraction << 13,
        _ => (exponent + 127 - 15) << 23 | fraction << 13,
    };
    f32::from_bits(sign | magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_is_its_formula() {
        for bits in 0..=u16::MAX {
            let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
            let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
            let value = f64::from(from_f16(bits));
            match exponent {
                0x1f if fraction == 0.0 => assert_eq!(value, sign * f64::INFINITY),
                0x1f => assert!(value.is_nan()),
                0 => assert_eq!(value, sign * fraction / 1024.0 * 2_f64.powi(-14)),
                _ => {
                    assert_eq!(value, sign * (1.0 + fraction / 1024.0) * 2_f64.powi(exponent - 15))
                }
            }
            assert_eq!(value.is_sign_negative(), bits >> 15 == 1);
        }
    }

    #[test]
    fn bf16_is_the_upper_half_of_f32() {
        for (bits, value) in [(0x3f80, 1.0), (0xc049, -3.140_625), (0x0080, f32::MIN_POSITIVE)] {
            assert_eq!(from_bf16(bits), value);
        }
        assert!(from_bf16(0x7f80).is_infinite() && from_bf16(0x7fc0).is_nan());
    }
}
