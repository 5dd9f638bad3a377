//! Layers from elsewhere, with names of all kinds.
#![forbid(unsafe_code)]
#![deny(warnings)]

extern crate monograd as other_name;

use other_name::prelude::*;

pub mod parts {
    use super::other_name;

    other_name::network! {
        crate = other_name;

        /// Of every row.
        pub Scale<A: other_name::Activation = other_name::Tanh, const D: usize = 3>(
            x: [dyn T, D],
        ) -> [T, D] {
            x * param([D], init = ones) >> A >> Dropout(0.25)
        }

        pub(crate) Sum(x: [3], y: [3]) -> [3] { x + y }
    }
}

/// A size of the user's.
pub const WIDTH: usize = 3;

network! {
    crate = other_name;

    pub Inside<A: Activation = Gelu, const D: usize = 3>(at: [dyn T, D], simd: [3]) -> [T, 3] {
        #[name = "first.scale"]
        let samples = parts::Scale::<A, D>();
        let random = at >> samples >> parts::Scale::<Silu, WIDTH>();
        let scratch = (simd, simd) >> parts::Sum();
        #[frozen]
        let tile = self::parts::Scale::<A, { 3 }>([T, 3]);
        (random >> tile) * scratch
    }
    loss mse
}

#[test]
fn runs() {
    let _net: Inside = Inside::init(1);
}
