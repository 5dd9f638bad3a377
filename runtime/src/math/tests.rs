//! Measures accuracy over the whole range of `f32`, in units in the last place.

use super::*;
use crate::number::Dual;
use crate::simd::Plain;

/// An instruction set with fused multiply-adds, possibly emulated.
#[derive(Clone, Copy)]
struct Fused;
impl Isa for Fused {
    const FMA: bool = true;
}

/// Returns every 3989th bit pattern, both sides of every power of two, and special values.
fn all() -> impl Iterator<Item = f32> {
    let powers = (0..=255_u32).flat_map(|e| [(e << 23).wrapping_sub(1), e << 23, (e << 23) + 1]);
    let specials = [0.0, 0.5, 0.6, 0.8, 1.0, 3.0, 17.0, 89.0, 150.0].map(f32::to_bits);
    (0..=u32::MAX / 3989)
        .map(|i| i * 3989)
        .chain(powers.chain(specials).flat_map(|bits| [bits, bits | 1 << 31]))
        .map(f32::from_bits)
}

/// Returns the distance of y from the exact value, in units in the last place of `f32`.
fn ulps(y: f32, exact: f64) -> f64 {
    let nearest = exact as f32;
    if nearest.is_nan() || nearest.is_infinite() || y.is_nan() || y.is_infinite() {
        // near overflow either infinity or a number close to the largest is accepted
        let same = y == nearest || y.is_nan() && nearest.is_nan();
        let near =
            !y.is_nan() && !nearest.is_nan() && (f64::from(y.abs()) - exact.abs()).abs() < 1e32;
        return if same {
            0.0
        } else if near {
            1.0
        } else {
            f64::INFINITY
        };
    }
    let exponent = (nearest.abs().to_bits() >> 23).max(1) as i32;
    (f64::from(y) - exact).abs() / libm::scalbn(1.0, exponent - 150)
}

/// Returns the largest error with `I`, and its argument.
fn worst<I: Isa>(f: impl Function, within: f32) -> (f64, f32) {
    all()
        .filter(|x| x.is_nan() || x.abs() <= within)
        .map(|x| (ulps(f.f32::<I>(x), f.f64(f64::from(x))), x))
        .fold((0.0, 0.0), |a, b| if b.0 > a.0 { b } else { a })
}

#[test]
fn accuracy_over_the_whole_range() {
    let mut failed = Vec::new();
    println!(
        "{:14} {:>7} {:>8} {:>16} {:>8} {:>16}",
        "function", "bound", "fused", "at", "plain", "at"
    );
    let mut check = |name, bound, fused: (f64, f32), plain: (f64, f32)| {
        println!(
            "{name:14} {bound:7} {:8.3} {:16e} {:8.3} {:16e}",
            fused.0, fused.1, plain.0, plain.1
        );
        if fused.0 > bound || plain.0 > bound {
            failed.push(name);
        }
    };
    macro_rules! check {
        ($($f:expr, $within:expr, $bound:expr;)*) => {$(
            check(stringify!($f), $bound, worst::<Fused>($f, $within), worst::<Plain>($f, $within));
        )*};
    }
    let all = f32::INFINITY;
    check! {
        Exp, all, 2.0;
        ExpM1, all, 2.0;
        Exp2, all, 2.0;
        Atan, all, 3.0;
        Floor, all, 0.0;
        Ceil, all, 0.0;
        Round, all, 0.0;
        Ln, all, 2.0;
        Ln1p, all, 2.0;
        Sqrt, all, 0.5;
        Sin, 3.4e10, 2.0;
        Cos, 3.4e10, 2.0;
        Tanh, all, 2.0;
        Sigmoid, 87.33, 2.0;
        Silu, 87.33, 2.0;
        Softplus, all, 4.0;
        Erf, all, 4.0;
        NormalDensity, all, 4.0;
        NormalCdf, all, 4.0;
        Gelu, all, 4.0;
        Pow(2.5), all, 2.0;
        Pow(-0.75), all, 2.0;
        Pow(3.0), all, 2.0;
        Pow(-4.0), all, 2.0;
        Pow(10.1), all, 2.0;
    }
    assert!(failed.is_empty(), "beyond their bounds: {failed:?}");
}

/// Returns f' at x by a finite difference of fourth order.
fn difference(f: impl Function, x: f64) -> f64 {
    let h = 1e-3 * x.abs().max(0.01);
    let f = |steps: f64| f.f64(x + steps * h);
    (8.0 * (f(1.0) - f(-1.0)) - (f(2.0) - f(-2.0))) / (12.0 * h)
}

#[test]
fn a_small_power_may_be_zero() {
    fn check<I: Isa>() {
        for x in [0.0, -1e-9, -0.5, -17.3, -85.9, 3.0, 80.0_f32] {
            let (y, exact) = (ExpOrZero.f32::<I>(x), f64::from(x).exp());
            assert!((f64::from(y) - exact).abs() <= 2e-7 * exact, "e^{x} is {y}");
        }
        for x in [-86.1, -1e4, -1e30, f32::NEG_INFINITY] {
            assert_eq!(ExpOrZero.f32::<I>(x), 0.0, "e^{x}");
        }
        assert!(ExpOrZero.f32::<I>(f32::NAN).is_nan());
    }
    check::<Fused>();
    check::<Plain>();
}

#[test]
fn a_tiny_sigmoid_is_zero_and_a_large_one_is_one() {
    fn check<I: Isa>() {
        for x in [-87.331, -88.1, -103.9, -1e4, -1e30, f32::MIN, f32::NEG_INFINITY] {
            assert_eq!(Sigmoid.f32::<I>(x), 0.0, "sigmoid({x})");
            assert_eq!(Silu.f32::<I>(x), 0.0, "silu({x})");
        }
        for x in [87.331, 88.1, 103.9, 1e4, 1e30, f32::MAX, f32::INFINITY] {
            assert_eq!(Sigmoid.f32::<I>(x), 1.0, "sigmoid({x})");
            assert_eq!(Silu.f32::<I>(x), x, "silu({x})");
        }
        assert!(Sigmoid.f32::<I>(f32::NAN).is_nan() && Silu.f32::<I>(f32::NAN).is_nan());
    }
    check::<Fused>();
    check::<Plain>();
}

#[test]
fn derivatives_are_those_of_finite_differences() {
    fn check(name: &str, f: impl Function, points: &[f64]) {
        for &x in points {
            let expected = difference(f, x);
            let dual = Dual::variable(x).apply(f);
            assert_eq!(dual.value, f.f64(x), "{name}({x})");
            let error = (dual.derivative - expected).abs() / (1.0 + expected.abs());
            assert!(error < 2e-8, "{name}'({x}): {}, expected {expected}", dual.derivative);
        }
    }
    macro_rules! check {
        ($points:expr => $($f:expr),*) => {$(check(stringify!($f), $f, $points);)*};
    }
    let positive = &[0.01, 0.3, 0.9, 1.0, 1.7, 4.0, 11.0];
    let real = &[-11.0, -3.1, -1.2, -0.4, 0.0, 0.2, 0.8, 1.0, 2.5, 7.0];
    check!(positive => Ln, Ln1p, Sqrt, Pow(0.0), Pow(1.0), Pow(2.0), Pow(2.5), Pow(-1.5));
    check!(real => Exp, Exp2, ExpM1, Atan, Sin, Cos, Tanh, Sigmoid, Silu, Softplus, Erf);
    check!(real => NormalDensity, NormalCdf, Gelu, Pow(2.0), Pow(3.0));
}

#[test]
fn derivatives_at_infinity_are_finite() {
    for x in [f32::NEG_INFINITY, f32::INFINITY] {
        let x = Dual::variable(x);
        let slopes = [
            x.tanh(),
            x.sigmoid(),
            x.silu(),
            x.softplus(),
            x.erf(),
            x.normal_density(),
            x.normal_cdf(),
            x.gelu(),
        ];
        assert!(slopes.iter().all(|y| [0.0, 1.0].contains(&y.derivative)), "{x:?}: {slopes:?}");
    }
}
