//! SiLU, also known as Swish.

use super::Activation;
use crate::number::Number;

/// x sigmoid(x) (Hendrycks and Gimpel 2016; Elfwing, Uchibe and Doya 2017).
#[derive(Clone, Copy, Default, Debug)]
pub struct Silu;

/// The name that Ramachandran, Zoph and Le (2017) gave to [`Silu`]; theirs with beta 1.
pub type Swish = Silu;

impl Activation for Silu {
    const FLAT: bool = false;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        x.silu()
    }
}
