//! The square of ReLU (So et al. 2021, "Primer", arXiv 2109.08668), which large language models use as well.

use monograd::prelude::*;

/// max(0, x)².
#[derive(Clone, Copy, Default, Debug)]
pub struct ReluSquared;

impl Activation for ReluSquared {
    fn forward<N: Number>(x: N) -> N {
        let positive = x.maximum(N::constant(0.0));
        positive * positive
    }
}
