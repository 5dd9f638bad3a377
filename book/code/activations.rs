//! The chapter "Activations".

use monograd::Dual;
use monograd::prelude::*;

// ANCHOR: choose
network! {
    /// The same text, compiled once for every activation and width that the program names.
    pub Curve<A: Activation = Silu, const H: usize = 16>(x: [1]) -> [1] {
        x >> Linear(H) >> A >> Linear(H) >> A >> Linear(1)
    }
    loss mse
}
// ANCHOR_END: choose

#[test]
fn activations_are_chosen_by_type() {
    // ANCHOR: named
    let silu: Curve = Curve::init(1);
    let relu = Curve::<Relu>::init(1);
    let wide = Curve::<Tanh, 64>::init(1);
    // ANCHOR_END: named
    assert_eq!(silu.parameters().iter().count(), relu.parameters().iter().count());
    assert_eq!(wide.parameters().get("linear1.weight").unwrap().shape(), [64, 64]);
}

// ANCHOR: snake
/// x + sin²(x), for what repeats itself (Ziyin, Hartwig and Ueda 2020).
#[derive(Clone, Copy, Default, Debug)]
struct Snake;

impl Activation for Snake {
    fn forward<N: Number>(x: N) -> N {
        x + x.sin() * x.sin()
    }
}
// ANCHOR_END: snake

#[test]
fn an_activation_of_ones_own_learns() -> Result<(), Error> {
    // ANCHOR: learn
    let x: Vec<f32> = (0..256).map(|i| i as f32 / 128.0 - 1.0).collect();
    let y: Vec<f32> = x.iter().map(|x| (6.0 * x).sin()).collect();
    let mut net = Curve::<Snake>::init(3);
    let mut optimizer = Adam::new(1e-2);
    let before = net.loss(&x, &y)?;
    for _ in 0..500 {
        net.train_step(&x, &y, &mut optimizer)?;
    }
    // ANCHOR_END: learn
    let after = net.loss(&x, &y)?;
    assert!(after < before / 20.0, "{before} -> {after}");
    Ok(())
}

#[test]
fn dual_numbers_carry_the_derivative() {
    // ANCHOR: dual
    // (x + x') · (y + y') = xy + (x'y + xy'): what the product rule says, and so for each operation.
    let x = Dual::variable(0.5_f64);
    let y = Snake::forward(x);
    assert_eq!(y.value, 0.5 + 0.5_f64.sin().powi(2));
    assert!((y.derivative - (1.0 + 1.0_f64.sin())).abs() < 1e-15);
    // ANCHOR_END: dual
}

// ANCHOR: softsign
/// x / (1 + |x|). With y the output, the derivative is (1 - |y|)².
#[derive(Clone, Copy, Default, Debug)]
struct Softsign;

impl Activation for Softsign {
    const FROM_OUTPUT: bool = true;

    fn forward<N: Number>(x: N) -> N {
        x / (N::constant(1.0) + x.abs())
    }
    fn derivative_from_output<N: Number>(y: N) -> N {
        let rest = N::constant(1.0) - y.abs();
        rest * rest
    }
}
// ANCHOR_END: softsign

#[test]
fn the_output_tells_the_derivative() {
    // ANCHOR: check
    for x in [-3.0, -0.5, 0.25, 4.0_f64] {
        let dual = Softsign::forward(Dual::variable(x));
        let (y, slope) = Softsign::forward_and_derivative(x);
        assert_eq!(y, dual.value);
        assert!((slope - dual.derivative).abs() < 1e-15);
    }
    // the second hidden layer keeps nothing of Softsign, 16 derivatives of Snake; so does the first
    const SAVED: usize = Curve::<Snake>::TRAIN_WORKSPACE - Curve::<Softsign>::TRAIN_WORKSPACE;
    assert_eq!(SAVED, 2 * 16);
    // ANCHOR_END: check
}
