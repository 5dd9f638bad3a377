//! A network that applies networks of another `network!`.

use monograd::prelude::*;

pub mod parts {
    //! What it is made of.

    use monograd::prelude::*;

    network! {
        /// Scales every row.
        pub Scale<const D: usize>(x: [dyn T, D]) -> [T, D] {
            let weight = param([D], init = ones);
            x * weight >> Dropout(0.5)
        }

        /// Two things at once.
        pub(crate) Both(x: [3], y: [4]) -> ([3], [2]) { (x >> Linear(3), y >> Linear(2)) }
    }
}

network! {
    /// Applies each of them.
    pub Elsewhere<const D: usize = 3>(x: [dyn T, D], y: [4]) -> [2] {
        #[frozen]
        let scale = parts::Scale::<D>();
        let (a, b) = (mean(x >> scale, axis = 0), y) >> parts::Both([3], [2]);
        b + (a >> Linear(2))
    }
    loss mse
}
