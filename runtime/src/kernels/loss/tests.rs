use super::*;
use crate::number::Dual;
use crate::simd::Simd;
use crate::simd::every_set::on_every_set;

fn numbers(len: usize) -> Vec<f64> {
    (0..len).map(|i| ((i * 7919 % 1009) as f64 - 504.0) / 150.0).collect()
}

/// The definition in [`CrossEntropy`]: the sum over rows and c of -a_c ln p_c.
fn reference(classes: usize, x: &[f64], targets: &[u32], options: &CrossEntropy<'_, f64>) -> f64 {
    let rows = x.chunks(classes).zip(targets).filter(|(_, t)| Some(**t) != options.ignore_index);
    rows.map(|(row, &target)| {
        let ln_sum = row.iter().map(|x| x.exp()).sum::<f64>().ln();
        let smooth = options.label_smoothing;
        let terms = row.iter().enumerate().map(|(c, x)| {
            let share = if c == target as usize { 1.0 - smooth } else { 0.0 };
            let weight = options.class_weights.map_or(1.0, |weights| weights[c]);
            let target_weight = options.class_weights.map_or(1.0, |w| w[target as usize]);
            let a = share * target_weight + smooth / classes as f64 * weight;
            -a * (x - ln_sum)
        });
        terms.sum::<f64>()
    })
    .sum()
}

/// Returns `scale` times the sum of the rows' losses, and writes the gradient to `d`.
fn loss_and_gradient<T: Scalar, S: Simd<T>>(
    simd: S,
    classes: usize,
    logits: &[T],
    targets: &[u32],
    options: &CrossEntropy<'_, T>,
    scale: T,
    d: &mut [T],
) -> T {
    let rows = targets.len();
    let nan = T::from_f64(f64::NAN);
    let (mut e, mut losses) = (vec![nan; logits.len()], vec![nan; rows]);
    exponentials(simd, rows, classes, logits, &mut e);
    cross_entropy(simd, rows, classes, logits, &e, targets, options, &mut losses);
    cross_entropy_gradient(simd, rows, classes, &e, targets, options, scale, d);
    cross_entropy_gradient_in_place(simd, rows, classes, targets, options, scale, &mut e[..]);
    for (a, b) in e.iter().zip(&*d) {
        assert_eq!(a.to_f64().to_bits(), b.to_f64().to_bits());
    }
    scale * losses.into_iter().sum::<T>()
}

on_every_set! {
    #[test]
    fn the_gradient_is_the_slope_of_the_loss(simd: f64) {
        for classes in [1, 2, 7, 10, 17, 33] {
            let weights: Vec<f64> = (0..classes).map(|c| 0.25 + c as f64 / 8.0).collect();
            for rows in [0, 1, 3, 16, 17, 33] {
                let x = numbers(rows * classes);
                let targets: Vec<u32> = (0..rows).map(|r| (r * 5 % classes) as u32).collect();
                for (label_smoothing, class_weights, ignore_index) in [
                    (0.0, None, None),
                    (0.0, Some(&weights[..]), Some(2)),
                    (0.2, None, Some(0)),
                    (0.3, Some(&weights[..]), None),
                ] {
                    let options = CrossEntropy { ignore_index, label_smoothing, class_weights };
                    let loss = |x: &[f64]| reference(classes, x, &targets, &options);
                    let expected = 0.5 * loss(&x);
                    let mut d = vec![f64::NAN; rows * classes];
                    let actual = loss_and_gradient(simd, classes, &x, &targets, &options, 0.5, &mut d);
                    assert!((actual - expected).abs() < 1e-11, "{actual}, not {expected}");
                    for i in (0..x.len()).step_by(3) {
                        let (mut more, mut less) = (x.clone(), x.clone());
                        more[i] += 1e-4;
                        less[i] -= 1e-4;
                        let slope = 0.5 * (loss(&more) - loss(&less)) / 2e-4;
                        assert!((d[i] - slope).abs() < 1e-7, "{i}: {}, not {slope}", d[i]);
                    }
                }
            }
        }
    }
}

on_every_set! {
    #[test]
    fn large_logits_cost_what_they_should(simd: f32) {
        let x = [1e4_f32, -1e4, 0.0];
        let options = CrossEntropy::default();
        let mut d = [0.0; 3];
        for (target, cost) in [(0, 0.0), (1, 2e4), (2, 1e4)] {
            let loss = loss_and_gradient(simd, 3, &x, &[target], &options, 1.0, &mut d);
            assert_eq!(loss, cost);
            let mut expected = [1.0, 0.0, 0.0];
            expected[target as usize] -= 1.0;
            assert_eq!(d, expected);
        }
    }
}

on_every_set! {
    #[test]
    fn an_impossible_target_costs_infinity_and_masked_classes_nothing(simd: f64) {
        let inf = f64::INFINITY;
        let options = CrossEntropy::default();
        let mut d = [0.0; 3];
        let mut loss =
            |x: &[f64; 3], target| loss_and_gradient(simd, 3, x, &[target], &options, 1.0, &mut d);
        assert_eq!(loss(&[-inf, 2.0, -inf], 1), 0.0);
        assert_eq!(loss(&[-inf, 2.0, -inf], 0), inf);
        assert_eq!(loss(&[-inf; 3], 0), inf);
        assert!(loss(&[0.0, f64::NAN, 0.0], 0).is_nan());
    }
}

on_every_set! {
    #[test]
    fn ignored_rows_cost_nothing_whatever_they_hold(simd: f64) {
        let x = [f64::NAN, 1.0, 2.0, 2.0];
        let options = CrossEntropy::default();
        let targets = [IGNORE_INDEX, 0];
        let mut d = [f64::NAN; 4];
        let loss = loss_and_gradient(simd, 2, &x, &targets, &options, 1.0, &mut d);
        assert!((loss - std::f64::consts::LN_2).abs() < 1e-15);
        assert_eq!(d, [0.0, 0.0, -0.5, 0.5]);
        assert_eq!(options.weight(&targets), 1.0);
        assert_eq!(options.weight(&[IGNORE_INDEX; 3]), 0.0);
    }
}

#[test]
fn binary_cross_entropy_keeps_its_digits() {
    for (x, target) in [(0.0, 0.3), (1.5, 0.3), (-30.0, 0.0), (30.0, 1.0), (-1e4, 1.0), (1e4, 1.0)]
    {
        let loss = bce_with_logits(Dual::variable(x), Dual { value: target, derivative: 0.0 });
        // -t ln σ(x) - (1 - t) ln(1 - σ(x)), with ln σ(x) = -ln(1 + e^-x)
        let ln_sigmoid = |x: f64| if x > -700.0 { -(-x).exp().ln_1p() } else { x };
        let term = |weight: f64, x: f64| if weight == 0.0 { 0.0 } else { -weight * ln_sigmoid(x) };
        let expected = term(target, x) + term(1.0 - target, -x);
        assert!((loss.value - expected).abs() <= 1e-14 * expected.max(1e-12), "{x} {target}");
        let slope = 1.0 / (1.0 + (-x).exp()) - target;
        assert!((loss.derivative - slope).abs() < 1e-15, "{x} {target}: {}", loss.derivative);
    }
}
