use super::*;

/// Returns f'(x).
fn slope(f: impl Fn(Dual<f64>) -> Dual<f64>, x: f64) -> f64 {
    f(Dual::variable(x)).derivative
}

fn number(x: f64) -> Dual<f64> {
    Dual::constant(x)
}

#[test]
fn what_was_not_chosen_has_no_slope_whatever_comes_after() {
    let roots: [fn(Dual<f64>) -> Dual<f64>; 4] = [
        |x| x.maximum(number(0.0)).sqrt(),
        |x| x.maximum(number(0.0)).ln(),
        |x| (-(-x).minimum(number(0.0))).sqrt(),
        |x| if x > number(0.0) { x.sqrt() } else { number(0.0).sqrt() },
    ];
    for root in roots {
        assert_eq!(slope(root, -1.0), 0.0);
        assert!(slope(root, 4.0) > 0.0);
    }
    assert_eq!(slope(|x| (x * x).sqrt(), 0.0), 0.0);
    assert_eq!(slope(|x| x.sqrt().abs(), 0.0), 0.0);
    assert!(slope(|x| x.sqrt(), 0.0).is_infinite());
}

#[test]
fn ties() {
    assert_eq!([-2.0, 0.0, 2.0].map(|x| slope(|x| x.abs(), x)), [-1.0, 0.0, 1.0]);
    assert_eq!([-2.0, 1.0, 2.0].map(|x| slope(|x| x.maximum(number(1.0)), x)), [0.0, 0.5, 1.0]);
    assert_eq!([-2.0, 1.0, 2.0].map(|x| slope(|x| number(1.0).minimum(x), x)), [1.0, 0.5, 0.0]);
    assert_eq!(slope(|x| (x + x).maximum(x), 0.0), 1.5);
}
