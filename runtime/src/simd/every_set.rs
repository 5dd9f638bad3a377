//! Tests that run on every instruction set.

/// A test whose body is compiled for each instruction set, and run on those that this machine has.
macro_rules! on_every_set {
    ($(#[$attribute:meta])* fn $name:ident($simd:ident: $scalar:ty) $body:block) => {
        $(#[$attribute])*
        fn $name() {
            struct Body;
            impl $crate::simd::Vectorize<$scalar> for Body {
                type Output = ();
                #[inline(always)]
                fn run<S: $crate::simd::Simd<$scalar>>(self, $simd: S) $body
            }
            for set in $crate::simd::InstructionSet::available() {
                println!("{set:?}");
                <$scalar as $crate::scalar::Scalar>::vectorize(set, Body);
            }
        }
    };
}
pub(crate) use on_every_set;
