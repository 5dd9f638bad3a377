//! Elementwise losses that would lose precision in their usual form.

use crate::number::Number;

/// Binary cross entropy of the logit `x`, for a `target` from 0 to 1:
/// -t ln σ(x) - (1 - t) ln(1 - σ(x)) = max(x, 0) - x t + ln(1 + e^-|x|), accurate for logits of any
/// size. Its derivative is σ(x) - t everywhere.
#[inline(always)]
pub fn bce_with_logits<N: Number>(x: N, target: N) -> N {
    // max(x, 0) as (x + |x|) / 2, whose derivative at 0 is 1/2, the right one here
    let positive = (x + x.abs()) * N::constant(0.5);
    (positive - x * target) + (-x.abs()).exp().ln_1p()
}
