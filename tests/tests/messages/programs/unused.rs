//! A private network that nobody uses yet.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

monograd::network! {
    /// For later.
    #[allow(dead_code)]
    Later(x: [4]) -> [3] {
        x >> Linear(3)
    }
    loss cross_entropy
}
