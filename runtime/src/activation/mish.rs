//! The Mish activation.

use super::Activation;
use crate::number::Number;

/// x tanh(ln(1 + e^x)) (Misra 2019).
///
/// With e = e^-|x|, tanh(ln(1 + e^x)) is n / d. For positive x, n is 1 + 2 e and d is n + 2 e^2; for
/// negative x, n is e (e + 2) and d is n + 2. This takes one exponential, and nothing overflows.
///
/// ```
/// use monograd::{Activation, Mish};
///
/// assert!((Mish::forward(1.0_f64) - 0.865098).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct Mish;

/// For |x| above this, e^-|x| is zero, in `f64` too.
const FARTHEST: f64 = 800.0;

/// Returns e, n and d of the formula at [`Mish`].
#[inline(always)]
fn parts<N: Number>(x: N) -> (N, N, N) {
    let (zero, one, two) = (N::constant(0.0), N::constant(1.0), N::constant(2.0));
    // not `abs`, whose derivative at 0 is 0
    let e = (if x < zero { x } else { -x }).exp();
    let n = if x < zero { e * (e + two) } else { e.mul_add(two, one) };
    let rest = if x < zero { two } else { two * e * e };
    (e, n, n + rest)
}

impl Activation for Mish {
    const FLAT: bool = false;

    #[inline(always)]
    fn forward<N: Number>(x: N) -> N {
        let (_, n, d) = parts(x);
        x.maximum(N::constant(-FARTHEST)) * (n / d)
    }
    /// The slope is n / d + 4 x w (1 + e) / d^2, where w is e^2 for a positive x and e otherwise.
    #[inline(always)]
    fn forward_and_derivative<N: Number>(x: N) -> (N, N) {
        let (e, n, d) = parts(x);
        let x = x.maximum(N::constant(-FARTHEST));
        let near = x.minimum(N::constant(FARTHEST));
        let w = if x < N::constant(0.0) { e } else { e * e };
        let one_over_d = N::constant(1.0) / d;
        let t = n * one_over_d;
        let fourth = near * w * (N::constant(1.0) + e) * one_over_d * one_over_d;
        (x * t, fourth.mul_add(N::constant(4.0), t))
    }
}
