//! The loop over the parameter buffer that performs a step, shared by all optimisers.

use super::{adam, sgd};
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};
use crate::workers;
use std::ops::Range;

/// The update of one parameter, with the hyperparameters as scalars.
pub(super) trait Update<T: Scalar, const STATES: usize>: Copy + Send {
    /// Returns the parameter's new value, and updates its states.
    fn update<S: Simd<T>>(self, simd: S, parameter: T, gradient: T, states: &mut [T; STATES]) -> T;
}

/// The update rules of the common optimisers. They are one type, so that [`Scalar::optimize`] is a function
/// of the library and the loops are not compiled with each network. (Each is compiled six times in the
/// library. The four forms of `RmsProp`, which are rarely used, are compiled in the user's crate.)
pub enum Rule<T> {
    /// SGD; it has a velocity if there is momentum.
    Sgd(sgd::Form<T, false>),
    /// SGD with Nesterov momentum.
    Nesterov(sgd::Form<T, true>),
    /// Adam, with two moments.
    Adam(adam::Form<T, false>),
    /// Adam with decoupled weight decay.
    AdamW(adam::Form<T, true>),
}

/// Implements [`Scalar::optimize`].
pub(crate) fn optimize<T: Scalar>(
    rule: Rule<T>,
    parameters: &mut [T],
    gradients: &[T],
    states: &mut [&mut [T]],
    ranges: &[Range<usize>],
) {
    match (rule, states) {
        (Rule::Sgd(update), []) => run(update, parameters, gradients, [], ranges),
        (Rule::Sgd(update), [v]) => run(update, parameters, gradients, [v], ranges),
        (Rule::Nesterov(update), [v]) => run(update, parameters, gradients, [v], ranges),
        (Rule::Adam(update), [m, v]) => run(update, parameters, gradients, [m, v], ranges),
        (Rule::AdamW(update), [m, v]) => run(update, parameters, gradients, [m, v], ranges),
        _ => unreachable!("an optimiser brings as many states as its rule has"),
    }
}

/// Updates the parameters in `ranges`.
pub(super) fn run<T: Scalar, U: Update<T, STATES>, const STATES: usize>(
    update: U,
    parameters: &mut [T],
    gradients: &[T],
    states: [&mut [T]; STATES],
    ranges: &[Range<usize>],
) {
    let threads = workers::of_scalars(parameters.len());
    Pass { update, parameters, gradients, states, ranges, start: 0 }.share(threads);
}

/// Returns the instruction set of all passes.
pub(super) fn instruction_set() -> InstructionSet {
    InstructionSet::detect()
}

/// A part of the buffer, and its update.
struct Pass<'a, T, U, const STATES: usize> {
    update: U,
    parameters: &'a mut [T],
    gradients: &'a [T],
    states: [&'a mut [T]; STATES],
    ranges: &'a [Range<usize>],
    /// The offset of the part in the buffer.
    start: usize,
}

impl<T: Scalar, U: Update<T, STATES>, const STATES: usize> Pass<'_, T, U, STATES> {
    /// Runs the pass on some threads. Every scalar is updated independently, so that the number of threads
    /// does not change the result.
    fn share(self, threads: usize) {
        if threads < 2 {
            return T::vectorize(instruction_set(), self);
        }
        let Self { update, parameters, gradients, states, ranges, start } = self;
        let half = parameters.len() / 2;
        let (left, right) = parameters.split_at_mut(half);
        let (of_left, of_right) = gradients.split_at(half);
        let mut others = [const { None }; STATES];
        let mut index = 0;
        let states = states.map(|state| {
            let (left, right) = state.split_at_mut(half);
            others[index] = Some(right);
            index += 1;
            left
        });
        let others = others.map(Option::unwrap_or_default);
        let left = Pass { update, parameters: left, gradients: of_left, states, ranges, start };
        let right = Pass {
            update,
            parameters: right,
            gradients: of_right,
            states: others,
            ranges,
            start: start + half,
        };
        workers::join(|| left.share(threads / 2), || right.share(threads - threads / 2));
    }
}

impl<T: Scalar, U: Update<T, STATES>, const STATES: usize> Vectorize<T> for Pass<'_, T, U, STATES> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(mut self, simd: S) {
        let end = self.start + self.parameters.len();
        for range in self.ranges {
            let range = range.start.max(self.start)..range.end.min(end);
            if range.is_empty() {
                continue;
            }
            let range = range.start - self.start..range.end - self.start;
            let parameters = &mut self.parameters[range.clone()];
            let gradients = &self.gradients[range.clone()];
            let states = self.states.each_mut().map(|state| &mut state[range.clone()]);
            sweep(simd, self.update, parameters, gradients, states);
        }
    }
}

#[inline(always)]
fn sweep<T: Scalar, S: Simd<T>, U: Update<T, STATES>, const STATES: usize>(
    simd: S,
    update: U,
    parameters: &mut [T],
    gradients: &[T],
    mut states: [&mut [T]; STATES],
) {
    for (i, (parameter, &gradient)) in parameters.iter_mut().zip(gradients).enumerate() {
        let mut state = states.each_ref().map(|state| state[i]);
        *parameter = update.update(simd, *parameter, gradient, &mut state);
        for (to, state) in states.iter_mut().zip(state) {
            to[i] = state;
        }
    }
}
