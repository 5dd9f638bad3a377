//! Measures the nanoseconds per element of activations and of their derivatives, in cache, on one core.

use monograd::{Activation, InstructionSet, Lane, Scalar, Simd, Vectorize};
use monograd_benches::data::Random;
use monograd_benches::rows::Side;
use std::marker::PhantomData;

/// Number of elements, such that three arrays of them stay in the L1 cache.
const LEN: usize = 4096;

/// Measures `act-{name}-forward`, `y = f(x)`, and `act-{name}-backward`, `dx = dy f'(x)`. The derivative is
/// computed from the output if the activation allows it ([`Activation::FROM_OUTPUT`]), else from the input.
pub fn measure<A: Activation>(side: &mut Side, name: &str) {
    let set = InstructionSet::detect();
    let mut random = Random::new(1);
    let (x, dy) = (random.normal(LEN), random.normal(LEN));
    let (mut y, mut dx) = (x.clone(), x.clone());
    f32::vectorize(set, Forward::<A> { x: &x, y: &mut y, activation: PhantomData });
    let kept = if A::FROM_OUTPUT { y.clone() } else { x.clone() };
    side.elements(&format!("act-{name}-forward"), LEN, || {
        f32::vectorize(set, Forward::<A> { x: &x, y: &mut y, activation: PhantomData });
    });
    side.elements(&format!("act-{name}-backward"), LEN, || {
        let backward = Backward::<A> { kept: &kept, dy: &dy, dx: &mut dx, activation: PhantomData };
        f32::vectorize(set, backward);
    });
}

struct Forward<'a, A> {
    x: &'a [f32],
    y: &'a mut [f32],
    activation: PhantomData<A>,
}

impl<A: Activation> Vectorize<f32> for Forward<'_, A> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f32>>(self, _: S) {
        for (x, y) in self.x.iter().zip(self.y) {
            *y = A::forward(Lane::<f32, S>::new(*x)).value;
        }
    }
}

struct Backward<'a, A> {
    kept: &'a [f32],
    dy: &'a [f32],
    dx: &'a mut [f32],
    activation: PhantomData<A>,
}

impl<A: Activation> Vectorize<f32> for Backward<'_, A> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f32>>(self, _: S) {
        for ((kept, dy), dx) in self.kept.iter().zip(self.dy).zip(self.dx) {
            let kept = Lane::<f32, S>::new(*kept);
            let slope = if A::FROM_OUTPUT {
                A::derivative_from_output(kept)
            } else {
                A::forward_and_derivative(kept).1
            };
            *dx = dy * slope.value;
        }
    }
}
