//! The predictions of mean-field theory for wide layers (Poole et al. 2016, arXiv 1606.05340; Schoenholz et al. 2017,
//! arXiv 1611.01232): the variance q of the values before an activation goes from layer to layer by
//! q' = σw² E\[φ(√q z)²\] + σb², and a gradient's mean square by χ = σw² E\[φ'(√q z)²\], with z normal.

use monograd::prelude::*;

/// Returns the mean of `f(z)` for a standard normal z, by the trapezoidal rule, which is exact to rounding for smooth
/// functions.
fn mean_over_normal(f: impl Fn(f64) -> f64) -> f64 {
    let step = 1.0 / 256.0;
    let points = (-10 * 256..=10 * 256).map(|i| f64::from(i) * step);
    let density = |z: f64| (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
    points.map(|z| f(z) * density(z)).sum::<f64>() * step
}

/// Returns the variance before the activation that the layers converge to, and the factor by which the norm of a
/// gradient changes in each layer there. The variance is followed for 200 layers, from 1.
pub fn gradient_factor<A: Activation>((weights, biases): (f64, f64)) -> (f64, f64) {
    let mut variance = 1.0_f64;
    for _ in 0..200 {
        let root = variance.sqrt();
        variance = weights * mean_over_normal(|z| A::forward(root * z).powi(2)) + biases;
        if !(1e-300..1e300).contains(&variance) {
            break;
        }
    }
    let root = variance.clamp(0.0, 1e300).sqrt();
    let slope = |z: f64| A::forward_and_derivative(root * z).1;
    (variance, (weights * mean_over_normal(|z| slope(z).powi(2))).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relu_keeps_the_variance_with_weights_of_he() {
        // He et al. 2015: half of the units are on, so that variance 2 / n keeps values and gradients as they are
        let (variance, factor) = gradient_factor::<Relu>((2.0, 0.0));
        assert!(
            (variance - 1.0).abs() < 1e-3 && (factor - 1.0).abs() < 1e-3,
            "{variance} {factor}"
        );
    }

    #[test]
    fn a_linear_layer_has_the_factor_of_its_weights() {
        let (_, factor) = gradient_factor::<Identity>((0.25, 0.0));
        assert!((factor - 0.5).abs() < 1e-6, "{factor}");
    }

    #[test]
    fn the_sigmoids_factor_is_below_a_quarter_of_the_weights() {
        let (_, factor) = gradient_factor::<Sigmoid>((1.0, 0.0));
        assert!(factor < 0.25 && factor > 0.2, "{factor}");
    }
}
