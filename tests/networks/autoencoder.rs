//! Two halves that mirror each other, with a loss between probabilities.

use monograd::prelude::*;

network! {
    /// Squeezes an image through a few numbers.
    pub Autoencoder<const CODE: usize = 8>(image: [1, 8, 8]) -> [64] {
        let pixels = image >> Flatten();
        let code = pixels >> Linear(4 * CODE) >> Relu >> Linear(CODE);
        code >> Linear(4 * CODE) >> Relu >> Linear(64)
    }
    loss bce_with_logits
}
