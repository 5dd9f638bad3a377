//! SiLU, also known as Swish.

use super::Activation;
use crate::number::Number;

/// x sigmoid(x) (Hendrycks and Gimpel 2016; Elfwing, Uchibe and Doya 2017).
///
/// ```
/// use monograd::{Activation, Silu};
///
/// assert!((Silu::forward(1.0_f64) - 0.731059).abs() < 1e-6); // 1 times its sigmoid
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct Silu;

/// Another name of [`Silu`], by Ramachandran, Zoph and Le (2017), whose beta is 1 here.
///
/// ```
/// use monograd::{Activation, Silu, Swish};
///
/// assert_eq!(Swish::forward(-1.5_f32), Silu::forward(-1.5_f32));
/// ```
pub type Swish = Silu;

impl Activation for Silu {
    const FLAT: bool = false;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        x.silu()
    }
}
