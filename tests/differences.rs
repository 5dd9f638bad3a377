//! Gradients against finite differences of the loss.

use crate::batch::{Batch, Fed};
use monograd::Trainable;
use monograd::source::Feed;

/// The step of the differences: small, so that few of them straddle a kink.
const STEP: f64 = 1e-5;
/// Of the largest slope of the tensor.
const TOLERANCE: f64 = 1e-6;
/// What rounding leaves of a loss of about 1 after division by the step.
const ROUNDING: f64 = 1e-9;
/// Numbers of samples, and how many scalars of each parameter are looked at.
const BATCHES: [(usize, usize); 3] = [(1, 10), (7, 50), (65, 10)];

/// Compares the gradient by every parameter with differences of the training loss (the mask of
/// dropout depends on the step alone) for batches of 1, 7 and 65 samples.
///
/// # Panics
/// When they differ, a frozen parameter has a gradient, or another has none.
#[track_caller]
pub fn check<N>(what: &str, net: N)
where
    N: Trainable<Scalar = f64>,
    for<'a> Fed<'a, f64>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
{
    check_at(what, net, [&[]; BATCHES.len()]);
}

/// The same with other run-time sizes for each of the batches.
///
/// # Panics
/// As [`check`].
#[track_caller]
pub fn check_at<N>(what: &str, mut net: N, lengths: [&[usize]; BATCHES.len()])
where
    N: Trainable<Scalar = f64>,
    for<'a> Fed<'a, f64>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
{
    let mut moved = vec![false; net.parameters().len()];
    for (seed, ((samples, looked_at), lengths)) in BATCHES.into_iter().zip(lengths).enumerate() {
        let x = Batch::random_at(N::INPUTS, samples, lengths, 2 * seed as u64);
        let t = Batch::random_at(N::TARGETS, samples, lengths, 2 * seed as u64 + 1);
        let (loss, gradients) = net.gradients(x.feed(), t.feed()).unwrap();
        assert!(loss.is_finite(), "{what}: the loss is {loss}");
        for (index, gradient) in gradients.iter().enumerate() {
            let (name, values) = (gradient.name(), gradient.as_slice());
            if gradient.is_frozen() {
                assert!(values.iter().all(|g| *g == 0.0), "{what}: {name} moves");
                moved[index] = true;
                continue;
            }
            let picked: Vec<usize> =
                (0..values.len()).step_by(values.len().div_ceil(looked_at)).collect();
            let slopes: Vec<f64> =
                picked.iter().map(|at| slope(&mut net, &name, *at, x.feed(), t.feed())).collect();
            let largest = slopes.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
            moved[index] |= largest > 1e-4;
            for (at, slope) in picked.iter().zip(slopes) {
                let gradient = values[*at];
                assert!(
                    (gradient - slope).abs() <= TOLERANCE * largest + ROUNDING,
                    "{what}: {name}[{at}] has gradient {gradient}, but slope {slope} ({samples} samples)",
                );
            }
        }
    }
    assert!(moved.iter().all(|moved| *moved), "{what}: a parameter does not matter: {moved:?}");
}

/// The slope of the loss by one number, with an error of fourth order.
fn slope<N>(net: &mut N, name: &str, at: usize, x: Fed<'_, f64>, t: Fed<'_, f64>) -> f64
where
    N: Trainable<Scalar = f64>,
    for<'a> Fed<'a, f64>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
{
    let set = |net: &mut N, value| {
        net.parameters_mut().get(name).unwrap().as_mut_slice()[at] = value;
    };
    let before = net.parameters().get(name).unwrap().as_slice()[at];
    let mut loss = |offset: f64| {
        set(net, before + offset * STEP);
        net.gradients(x, t).unwrap().0
    };
    let near = loss(1.0) - loss(-1.0);
    let far = loss(2.0) - loss(-2.0);
    set(net, before);
    (8.0 * near - far) / (12.0 * STEP)
}

/// Networks, one after the other, each checked under its own text.
#[macro_export]
macro_rules! gradients {
    ($($test:ident { $(($($input:tt)*) -> $output:tt $body:tt loss { $($loss:tt)* })+ })+) => {$(
        #[test]
        #[allow(clippy::possible_missing_comma, reason = "all of it has one place in the source")]
        fn $test() {
            use ::monograd::Network as _;
            $({
                ::monograd::network! {
                    Net($($input)*) -> $output $body
                    loss $($loss)*
                }
                let what = stringify!($body loss $($loss)*);
                $crate::differences::check::<Net<f64>>(what, Net::init(7).cast::<f64>());
            })+
        }
    )+};
}

/// The same for networks of any width, which is taken to be large where they are compiled.
#[macro_export]
macro_rules! gradients_by_width {
    ($width:ident: $($test:ident { $(($($input:tt)*) -> $output:tt $body:tt loss { $($loss:tt)* })+ })+) => {$(
        #[test]
        fn $test() {
            use ::monograd::Network as _;
            $({
                ::monograd::network! {
                    Net<const $width: usize = 64>($($input)*) -> $output $body
                    loss $($loss)*
                }
                let what = stringify!($body loss $($loss)*);
                $crate::differences::check::<Net<2, f64>>(what, Net::init(7).cast::<f64>());
                $crate::differences::check::<Net<17, f64>>(what, Net::init(7).cast::<f64>());
            })+
        }
    )+};
}
