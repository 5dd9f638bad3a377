//! The one loop over the buffer that every optimiser's step is.

use super::{adam, sgd};
use crate::layout::{Parameter, entries};
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};
use crate::workers;
use std::ops::Range;

/// What an optimiser does to one parameter, with its hyperparameters as scalars.
pub(super) trait Update<T: Scalar, const STATES: usize>: Copy + Send {
    /// The parameter's new value, from its gradient and what is remembered of it.
    fn update<S: Simd<T>>(self, simd: S, parameter: T, gradient: T, states: &mut [T; STATES]) -> T;
}

/// What the usual optimisers do to one parameter: one type, so that [`Scalar::optimize`] is a
/// function of the library and no pass over the buffer is compiled with a network. (Each is compiled
/// six times here; the four forms of `RmsProp`, seldom used, are compiled where they are.)
pub enum Rule<T> {
    /// With a velocity, where there is momentum.
    Sgd(sgd::Form<T, false>),
    /// The same in Nesterov's form.
    Nesterov(sgd::Form<T, true>),
    /// Two moments.
    Adam(adam::Rule<T, false>),
    /// The same with decoupled decay.
    AdamW(adam::Rule<T, true>),
}

/// The body of [`Scalar::optimize`].
pub(crate) fn optimize<T: Scalar>(
    rule: Rule<T>,
    parameters: &mut [T],
    gradients: &[T],
    states: &mut [&mut [T]],
    layout: &[Parameter],
) {
    match rule {
        Rule::Sgd(update) if states.is_empty() => {
            run(update, parameters, gradients, [], layout);
        }
        Rule::Sgd(update) => run(update, parameters, gradients, first::<1, _>(states), layout),
        Rule::Nesterov(update) => run(update, parameters, gradients, first::<1, _>(states), layout),
        Rule::Adam(update) => run(update, parameters, gradients, first(states), layout),
        Rule::AdamW(update) => run(update, parameters, gradients, first(states), layout),
    }
}

/// The states that a rule has.
fn first<'a, const N: usize, T>(states: &'a mut [&mut [T]]) -> [&'a mut [T]; N] {
    let mut states = states.iter_mut();
    std::array::from_fn(|_| states.next().map(|state| &mut **state).unwrap_or_default())
}

/// Updates every parameter that is not frozen. Gaps of the buffer are left alone.
pub(super) fn run<T: Scalar, U: Update<T, STATES>, const STATES: usize>(
    update: U,
    parameters: &mut [T],
    gradients: &[T],
    states: [&mut [T]; STATES],
    layout: &[Parameter],
) {
    let threads = workers::of_scalars(parameters.len());
    Pass { update, parameters, gradients, states, layout, start: 0 }.share(threads);
}

/// The instruction set of all passes.
pub(super) fn instruction_set() -> InstructionSet {
    InstructionSet::detect()
}

/// The ranges of the buffer that hold parameters to train, those that touch joined.
pub(super) fn trained(layout: &[Parameter]) -> impl Iterator<Item = Range<usize>> {
    // where nothing is of a loop or of a layer within, a parameter is an entry
    let plain = layout.iter().all(|p| p.inner.is_none() && p.iterations.is_empty());
    let (plain, nested) = if plain { (layout, &[][..]) } else { (&[][..], layout) };
    let plain = plain.iter().filter(|parameter| !parameter.frozen).map(Parameter::range);
    let nested = entries(nested).filter(|entry| !entry.is_frozen()).map(|entry| entry.range());
    let mut ranges = plain.chain(nested).filter(|range| !range.is_empty()).peekable();
    std::iter::from_fn(move || {
        let mut range = ranges.next()?;
        while let Some(next) = ranges.next_if(|next| next.start == range.end) {
            range.end = next.end;
        }
        Some(range)
    })
}

/// A part of the buffer, and what is done to it.
struct Pass<'a, T, U, const STATES: usize> {
    update: U,
    parameters: &'a mut [T],
    gradients: &'a [T],
    states: [&'a mut [T]; STATES],
    layout: &'a [Parameter],
    /// The place of the part in the buffer.
    start: usize,
}

impl<T: Scalar, U: Update<T, STATES>, const STATES: usize> Pass<'_, T, U, STATES> {
    /// Does it on some threads. Every scalar is updated by itself, so that their number does not
    /// matter to the result.
    fn share(self, threads: usize) {
        if threads < 2 {
            return T::vectorize(instruction_set(), self);
        }
        let Self { update, parameters, gradients, states, layout, start } = self;
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
        let left = Pass { update, parameters: left, gradients: of_left, states, layout, start };
        let right = Pass {
            update,
            parameters: right,
            gradients: of_right,
            states: others,
            layout,
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
        for range in trained(self.layout) {
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
