//! Compares values, slopes, kinks and limits of all activations with their definitions in `f64`.

use super::*;
use crate::number::Lane;
use crate::scalar::Scalar;
use crate::simd::Simd;
use crate::simd::every_set::on_every_set;
use std::marker::PhantomData;

/// An activation as function pointers, so that tests can iterate over all of them.
struct Case {
    name: &'static str,
    f32: fn(f32) -> (f32, f32),
    f64: fn(f64) -> (f64, f64),
    forward_f32: fn(f32) -> f32,
    forward_f64: fn(f64) -> f64,
    dual: fn(f64) -> Dual<f64>,
    /// The definition in the literature.
    definition: fn(f64) -> f64,
    /// Value and slope at minus and plus infinity.
    limits: [(f64, f64); 2],
}

fn case<A: Activation>(definition: fn(f64) -> f64, limits: [(f64, f64); 2]) -> Case {
    Case {
        name: A::name(),
        f32: A::forward_and_derivative,
        f64: A::forward_and_derivative,
        forward_f32: A::forward,
        forward_f64: A::forward,
        dual: |x| A::forward(Dual::variable(x)),
        definition,
        limits,
    }
}

/// An operation on every activation.
trait Visitor {
    fn visit<A: Activation>(&mut self, definition: fn(f64) -> f64, limits: [(f64, f64); 2]);
}

impl Visitor for Vec<Case> {
    fn visit<A: Activation>(&mut self, definition: fn(f64) -> f64, limits: [(f64, f64); 2]) {
        self.push(case::<A>(definition, limits));
    }
}

fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    visit_all(&mut cases);
    cases
}

#[inline(always)]
fn visit_all(visitor: &mut impl Visitor) {
    use libm::{erf, exp, expm1, log1p, sqrt, tanh};
    const INF: f64 = f64::INFINITY;
    const HALF_LINE: [(f64, f64); 2] = [(0.0, 0.0), (INF, 1.0)];
    const PI: f64 = std::f64::consts::PI;
    visitor.visit::<Relu>(|x| if x > 0.0 { x } else { 0.0 }, HALF_LINE);
    visitor.visit::<LeakyRelu>(|x| if x > 0.0 { x } else { 0.01 * x }, [(-INF, 0.01), (INF, 1.0)]);
    visitor.visit::<Identity>(|x| x, [(-INF, 1.0), (INF, 1.0)]);
    visitor.visit::<Elu>(|x| if x > 0.0 { x } else { expm1(x) }, [(-1.0, 0.0), (INF, 1.0)]);
    visitor.visit::<Selu>(
        |x| 1.0507009873554805 * if x > 0.0 { x } else { 1.6732632423543772 * expm1(x) },
        [(-1.0507009873554805 * 1.6732632423543772, 0.0), (INF, 1.0507009873554805)],
    );
    visitor.visit::<Sigmoid>(|x| 1.0 / (1.0 + exp(-x)), [(0.0, 0.0), (1.0, 0.0)]);
    visitor.visit::<HardSigmoid>(|x| (x / 6.0 + 0.5).clamp(0.0, 1.0), [(0.0, 0.0), (1.0, 0.0)]);
    visitor.visit::<Tanh>(tanh, [(-1.0, 0.0), (1.0, 0.0)]);
    visitor.visit::<Softplus>(|x| log1p(exp(x)), HALF_LINE);
    visitor.visit::<Gelu>(|x| 0.5 * x * (1.0 + erf(x / sqrt(2.0))), HALF_LINE);
    visitor.visit::<GeluTanh>(
        |x| 0.5 * x * (1.0 + tanh(sqrt(2.0 / PI) * (x + 0.044715 * x * x * x))),
        HALF_LINE,
    );
    visitor.visit::<Silu>(|x| x / (1.0 + exp(-x)), HALF_LINE);
    visitor.visit::<Mish>(|x| x * tanh(log1p(exp(x))), HALF_LINE);
    visitor.visit::<HardSwish>(|x| x * (x / 6.0 + 0.5).clamp(0.0, 1.0), HALF_LINE);
}

/// Points from -20 to 20, none of them a kink.
fn points() -> impl Iterator<Item = f64> {
    (-1999..2000).map(|i| f64::from(i) * 0.010_007 + 1.3e-5)
}

fn assert_close(name: &str, x: f64, actual: f64, expected: f64, tolerance: f64) {
    let error = (actual - expected).abs() / (1.0 + expected.abs());
    assert!(error <= tolerance, "{name}({x}): {actual}, expected {expected}");
}

#[test]
fn values_are_those_of_the_definition() {
    for case in all() {
        for x in points() {
            let expected = (case.definition)(x);
            assert_close(case.name, x, (case.forward_f64)(x), expected, 1e-14);
            assert_close(case.name, x, (case.f64)(x).0, expected, 1e-14);
            let x = x as f32;
            let expected = (case.definition)(f64::from(x));
            assert_close(case.name, f64::from(x), f64::from((case.forward_f32)(x)), expected, 3e-7);
            assert_close(case.name, f64::from(x), f64::from((case.f32)(x).0), expected, 3e-7);
        }
    }
}

#[test]
fn slopes_are_those_of_finite_differences() {
    let h = 1e-5;
    for case in all() {
        for x in points() {
            let f = case.definition;
            // difference of fourth order
            let slope =
                (8.0 * (f(x + h) - f(x - h)) - (f(x + 2.0 * h) - f(x - 2.0 * h))) / (12.0 * h);
            if [-3.0, 0.0, 3.0].iter().any(|kink| (x - kink).abs() < 3.0 * h) {
                continue;
            }
            assert_close(case.name, x, (case.f64)(x).1, slope, 2e-9);
        }
    }
}

#[test]
fn f32_slopes_are_those_of_f64() {
    for case in all() {
        for x in points().map(|x| x as f32) {
            let expected = (case.f64)(f64::from(x)).1;
            assert_close(case.name, f64::from(x), f64::from((case.f32)(x).1), expected, 2e-6);
        }
    }
}

#[test]
fn overrides_agree_with_dual_numbers() {
    for case in all() {
        for x in points().chain([0.0]).filter(|&x| x != 0.0 || case.name == "Mish") {
            let (value, slope) = (case.f64)(x);
            let dual = (case.dual)(x);
            assert_close(case.name, x, value, dual.value, 1e-14);
            assert_close(case.name, x, slope, dual.derivative, 1e-13);
        }
    }
}

/// Loops over the lanes of an instruction set, as in generated code.
struct Lanes<T, S>(PhantomData<(T, S)>);

impl<T: Scalar, S: Simd<T>> Visitor for Lanes<T, S> {
    #[inline(always)]
    fn visit<A: Activation>(&mut self, definition: fn(f64) -> f64, limits: [(f64, f64); 2]) {
        let name = format!("{} of {}", A::name(), T::NAME);
        let mut x: Vec<T> = points().map(T::from_f64).collect();
        x.extend([-f64::INFINITY, f64::INFINITY, f64::NAN].map(T::from_f64));
        let (mut alone, mut values, mut slopes) = (x.clone(), x.clone(), x.clone());
        for x in &mut alone {
            *x = A::forward(Lane::<T, S>::new(*x)).value;
        }
        for (value, slope) in values.iter_mut().zip(&mut slopes) {
            let (y, dy) = A::forward_and_derivative(Lane::<T, S>::new(*value));
            (*value, *slope) = (y.value, dy.value);
        }
        let [near, nearly] = if T::BYTES == 4 { [3e-7, 2e-6] } else { [1e-14, 1e-13] };
        let last = x.len() - 3;
        for i in 0..last {
            let x = x[i].to_f64();
            assert_close(&name, x, alone[i].to_f64(), definition(x), near);
            assert_close(&name, x, values[i].to_f64(), definition(x), near);
            let slope = A::forward_and_derivative(x).1;
            assert_close(&name, x, slopes[i].to_f64(), slope, nearly);
        }
        for (i, (value, _)) in limits.into_iter().enumerate() {
            assert_eq!(alone[last + i].to_f64(), T::from_f64(value).to_f64(), "{name}");
            assert_eq!(values[last + i].to_f64(), T::from_f64(value).to_f64(), "{name}");
        }
        assert!(alone[last + 2].to_f64().is_nan() && values[last + 2].to_f64().is_nan(), "{name}");
    }
}

on_every_set! {
    #[test]
    fn loops_over_lanes_of_f32(_simd: f32) {
        visit_all(&mut Lanes::<f32, S>(PhantomData));
    }
}

on_every_set! {
    #[test]
    fn loops_over_lanes_of_f64(_simd: f64) {
        visit_all(&mut Lanes::<f64, S>(PhantomData));
    }
}

#[test]
fn limits_are_exact_and_nan_stays_nan() {
    for case in all() {
        for (x, (value, slope)) in [-f64::INFINITY, f64::INFINITY].into_iter().zip(case.limits) {
            let single = (case.f32)(x as f32);
            assert_eq!((case.forward_f32)(x as f32), value as f32, "{}({x})", case.name);
            assert_eq!(single.0, value as f32, "{}({x})", case.name);
            assert!((single.1 - slope as f32).abs() < 2e-7, "{}'({x}) = {}", case.name, single.1);
            let double = (case.f64)(x);
            assert_eq!((case.forward_f64)(x), value, "{}({x})", case.name);
            assert_eq!(double.0, value, "{}({x})", case.name);
            assert!((double.1 - slope).abs() < 1e-15, "{}'({x}) = {}", case.name, double.1);
        }
        for x in [f32::MIN, -1e30, -200.0, -100.0, 100.0, 200.0, 1e30, f32::MAX] {
            let (value, slope) = (case.f32)(x);
            assert!(!value.is_nan() && slope.is_finite(), "{}({x}) = {value}, {slope}", case.name);
        }
        assert!((case.forward_f32)(f32::NAN).is_nan(), "{}", case.name);
        assert!((case.f32)(f32::NAN).0.is_nan(), "{}", case.name);
        assert!((case.f64)(f64::NAN).0.is_nan(), "{}", case.name);
    }
}

#[test]
fn kinks_have_the_slopes_of_pytorch() {
    fn slope<A: Activation>(x: f32) -> f32 {
        A::forward_and_derivative(x).1
    }
    assert_eq!(slope::<Relu>(0.0), 0.0);
    assert_eq!(slope::<Relu>(-0.0), 0.0);
    assert_eq!(slope::<LeakyRelu>(0.0), 0.01);
    assert_eq!(slope::<Elu>(0.0), 1.0);
    assert_eq!(slope::<Selu>(0.0), 1.758_099_3);
    assert_eq!([slope::<HardSigmoid>(-3.0), slope::<HardSigmoid>(3.0)], [0.0, 0.0]);
    assert_eq!([slope::<HardSwish>(-3.0), slope::<HardSwish>(3.0)], [0.0, 1.0]);
}

/// Returns the gradient of the argument from that of the output, as generated code computes it.
fn chained<A: Activation>(x: f32, dy: f32) -> f32 {
    A::chain(A::kept(x), dy)
}

#[test]
fn nothing_comes_through_where_it_is_flat() {
    /// A user-defined activation with a kink and a flat region.
    #[derive(Clone, Copy, Default)]
    struct Clipped;
    impl Activation for Clipped {
        fn forward<N: Number>(x: N) -> N {
            x.maximum(N::constant(0.0)).sqrt()
        }
    }
    for dy in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
        assert_eq!([-1e30, -2.0, 0.0].map(|x| chained::<Relu>(x, dy)), [0.0; 3]);
        assert_eq!([-9.0, -3.0, 3.0, 9.0].map(|x| chained::<HardSigmoid>(x, dy)), [0.0; 4]);
        assert_eq!([-9.0, -3.0].map(|x| chained::<HardSwish>(x, dy)), [0.0; 2]);
        assert_eq!(chained::<Clipped>(-1.0, dy), 0.0);
        // and it passes unchanged if the slope is 1
        let slopes = [chained::<Relu>(1.0, dy), chained::<HardSwish>(3.0, dy)];
        assert_eq!(slopes.map(f32::to_bits), [dy.to_bits(); 2]);
        assert!(chained::<LeakyRelu>(-1.0, dy).to_bits() == dy.to_bits());
    }
    assert_eq!([chained::<Clipped>(4.0, 2.0), chained::<Clipped>(-4.0, 2.0)], [0.5, 0.0]);
    const { assert!(Relu::FLAT && HardSigmoid::FLAT && HardSwish::FLAT && Clipped::FLAT) }
}

#[test]
fn what_is_not_flat_has_a_slope_everywhere() {
    struct Slopes;
    impl Visitor for Slopes {
        fn visit<A: Activation>(&mut self, _: fn(f64) -> f64, _: [(f64, f64); 2]) {
            let is_flat =
                (-60..=60).any(|x| A::forward_and_derivative(f64::from(x) / 8.0).1 == 0.0);
            assert_eq!(is_flat, A::FLAT, "{}", A::name());
        }
    }
    visit_all(&mut Slopes);
}

#[test]
fn names_are_the_types() {
    #[derive(Clone, Copy, Default)]
    struct Scaled<A>(PhantomData<fn() -> A>);
    impl<A: Activation> Activation for Scaled<A> {
        fn forward<N: Number>(x: N) -> N {
            A::forward(x + x)
        }
    }
    assert_eq!([GeluTanh::name(), Swish::name()], ["GeluTanh", "Silu"]);
    assert!(Scaled::<Relu>::name().starts_with("Scaled<"));
    // the slope of a user-defined function, by the chain rule
    assert_eq!(Scaled::<Relu>::forward_and_derivative(3.0_f64), (6.0, 2.0));
}
