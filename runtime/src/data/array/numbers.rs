//! The types of numbers in files, and the elements that they become.

use crate::element::Element;

/// The type of the numbers in a file.
///
/// ```
/// use monograd::data::array::NumberType;
///
/// assert_eq!(NumberType::F64.bytes(), 8);
/// assert_eq!([NumberType::Bool, NumberType::U8, NumberType::I8].map(NumberType::bytes), [1; 3]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberType {
    /// `false` and `true`, a byte each, which are 0 and 1.
    Bool,
    /// Bytes.
    U8,
    /// Bytes with a sign.
    I8,
    /// Integers of 16 bits.
    U16,
    /// Integers of 16 bits with a sign.
    I16,
    /// Integers of 32 bits.
    U32,
    /// Integers of 32 bits with a sign.
    I32,
    /// Integers of 64 bits.
    U64,
    /// Integers of 64 bits with a sign.
    I64,
    /// Floating-point numbers of 32 bits.
    F32,
    /// Floating-point numbers of 64 bits.
    F64,
}

impl NumberType {
    /// Returns the number of bytes of a number.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Bool | Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }
}

/// An element of an array that a file can be read into.
///
/// ```
/// use monograd::Tensor;
/// use monograd::data::DataError;
/// use monograd::data::array::{ArrayElement, Format, parse};
///
/// /// Reads the last number of an array, whatever its type in the file.
/// fn last<E: ArrayElement>(bytes: &[u8]) -> Result<Option<E>, DataError> {
///     Ok(parse::<E>(bytes, &Format::Detect)?.iter().last().copied())
/// }
///
/// let idx = [0, 0, 9, 1, 0, 0, 0, 2, 5, 0xff]; // 5 and -1
/// assert_eq!(last::<f32>(&idx)?, Some(-1.0));
/// assert_eq!(last::<u32>(&idx).unwrap_err().to_string(), "-1 at [1] is not a u32");
/// # Ok::<(), DataError>(())
/// ```
pub trait ArrayElement: Element {
    /// The name of the type in messages.
    #[doc(hidden)]
    const NAME: &'static str;

    /// Returns a floating-point number as an element, if it is one.
    #[doc(hidden)]
    fn from_float(number: f64) -> Option<Self>;

    /// Returns an integer as an element, if it is one.
    #[doc(hidden)]
    fn from_integer(number: i64) -> Option<Self>;
}

impl ArrayElement for f32 {
    const NAME: &'static str = "f32";

    fn from_float(number: f64) -> Option<Self> {
        let rounded = number as Self;
        // a NaN or an infinity is kept, but none is made
        (rounded.is_finite() || !number.is_finite()).then_some(rounded)
    }

    fn from_integer(number: i64) -> Option<Self> {
        Some(number as Self)
    }
}

impl ArrayElement for f64 {
    const NAME: &'static str = "f64";

    fn from_float(number: f64) -> Option<Self> {
        Some(number)
    }

    fn from_integer(number: i64) -> Option<Self> {
        Some(number as Self)
    }
}

impl ArrayElement for u32 {
    const NAME: &'static str = "u32";

    fn from_float(number: f64) -> Option<Self> {
        let integer = number as Self;
        (f64::from(integer) == number).then_some(integer)
    }

    fn from_integer(number: i64) -> Option<Self> {
        Self::try_from(number).ok()
    }
}

/// Decodes the numbers of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decoder {
    pub kind: NumberType,
    pub is_big_endian: bool,
}

impl Decoder {
    /// Returns the name of the type that a number is none of, for messages: a byte of booleans is 0 or 1, and any
    /// other number does not fit the elements.
    pub fn expected<E: ArrayElement>(self) -> &'static str {
        if self.kind == NumberType::Bool { "boolean" } else { E::NAME }
    }

    /// Decodes as many numbers as `to` takes. An error is the place of a number that the element type does
    /// not hold.
    pub fn decode<E: ArrayElement>(self, bytes: &[u8], to: &mut [E]) -> Result<(), usize> {
        macro_rules! each {
            ($Number:ty, $element:expr) => {{
                let (numbers, _) = bytes.as_chunks();
                let big = self.is_big_endian;
                for (at, (to, bytes)) in to.iter_mut().zip(numbers).enumerate() {
                    let number = match big {
                        true => <$Number>::from_be_bytes(*bytes),
                        false => <$Number>::from_le_bytes(*bytes),
                    };
                    let element: fn($Number) -> Option<E> = $element;
                    *to = element(number).ok_or(at)?;
                }
                Ok(())
            }};
        }
        match self.kind {
            NumberType::Bool => each!(u8, |x| match x {
                0 | 1 => E::from_integer(x.into()),
                _ => None,
            }),
            NumberType::U8 => each!(u8, |x| E::from_integer(x.into())),
            NumberType::I8 => each!(i8, |x| E::from_integer(x.into())),
            NumberType::U16 => each!(u16, |x| E::from_integer(x.into())),
            NumberType::I16 => each!(i16, |x| E::from_integer(x.into())),
            NumberType::U32 => each!(u32, |x| E::from_integer(x.into())),
            NumberType::I32 => each!(i32, |x| E::from_integer(x.into())),
            NumberType::U64 => each!(u64, |x| match i64::try_from(x) {
                Ok(x) => E::from_integer(x),
                Err(_) => E::from_float(x as f64),
            }),
            NumberType::I64 => each!(i64, E::from_integer),
            NumberType::F32 => each!(f32, |x| E::from_float(x.into())),
            NumberType::F64 => each!(f64, E::from_float),
        }
    }

    /// Returns the first number, for a message.
    pub fn value(self, bytes: &[u8]) -> f64 {
        let kind = if self.kind == NumberType::Bool { NumberType::U8 } else { self.kind };
        let mut value = [0.0];
        match (Self { kind, ..self }).decode::<f64>(bytes, &mut value) {
            Ok(()) => value[0],
            Err(_) => f64::NAN,
        }
    }
}
