//! User-defined constants in the expressions of a network.

/// A numeric constant that a network refers to: `const EPS: f64 = 1e-5;`, and then `x + EPS`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that a network calculates with",
    label = "expected a constant of type `f64`, `f32`, `usize` or another number"
)]
pub trait Constant {
    /// Returns the value as an `f64`.
    fn to_f64(self) -> f64;
}

macro_rules! constants {
    ($($number:ty)*) => {$(
        impl Constant for $number {
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self as f64
            }
        }
    )*};
}

constants!(f32 f64 u8 u16 u32 u64 usize i8 i16 i32 i64 isize);
