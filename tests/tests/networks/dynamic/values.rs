//! Compares networks with run-time sizes with counterparts whose sizes are constants.

use super::networks::*;
use monograd::__private::State;
use monograd::prelude::*;
use monograd::source::Feed;
use monograd_tests::batch::{Batch, Fed};

/// Compares loss, gradients and outputs of both for the same parameters and batch. The batch of the
/// network with constant sizes is flat.
fn same<A, B>(mut fixed: B, lengths: &[usize])
where
    A: Trainable<Scalar = f64>,
    B: Trainable<Scalar = f64, Output = A::Output>,
    A::Output: PartialEq + std::fmt::Debug,
    for<'a> Fed<'a, f64>: Feed<A::Inputs<'a>> + Feed<A::Targets<'a>>,
    for<'a> Fed<'a, f64>: Feed<B::Inputs<'a>> + Feed<B::Targets<'a>>,
{
    assert_eq!(A::PARAMS, B::PARAMS);
    let mut dynamic = A::from_state(State::init(A::LAYOUT, 3));
    for name in A::LAYOUT.iter().map(|parameter| parameter.name) {
        let from = fixed.parameters().get(name).unwrap().as_slice().to_vec();
        dynamic.parameters_mut().get(name).unwrap().as_mut_slice().copy_from_slice(&from);
    }
    for samples in [1, 3, 40] {
        let x = Batch::random_at(A::INPUTS, samples, lengths, 1);
        let t = Batch::random_at(A::TARGETS, samples, lengths, 2);
        let (flat_x, flat_t) =
            (Batch::random(B::INPUTS, samples, 1), Batch::random(B::TARGETS, samples, 2));
        let what = format!("{} with {lengths:?}, {samples} samples", A::NAME);
        let y = dynamic.forward(x.feed()).unwrap();
        assert_eq!(y, fixed.forward(flat_x.feed()).unwrap(), "{what}");
        let (loss, gradients) = dynamic.gradients(x.feed(), t.feed()).unwrap();
        let (expected, expected_gradients) = fixed.gradients(flat_x.feed(), flat_t.feed()).unwrap();
        assert_close(&[loss], &[expected], &what);
        assert_close(gradients.as_slice(), expected_gradients.as_slice(), &what);
        let loss = dynamic.loss(x.feed(), t.feed()).unwrap();
        assert_close(&[loss], &[fixed.loss(flat_x.feed(), flat_t.feed()).unwrap()], &what);
        for net_step in 0..2 {
            let mut optimizers = (Sgd::new(0.1), Sgd::new(0.1));
            let a = dynamic.train_step(x.feed(), t.feed(), &mut optimizers.0).unwrap();
            let b = fixed.train_step(flat_x.feed(), flat_t.feed(), &mut optimizers.1).unwrap();
            assert_close(&[a], &[b], &format!("{what}, step {net_step}"));
        }
    }
}

/// Compares up to the order of summation, since a batch may be split into other tiles.
#[track_caller]
fn assert_close(a: &[f64], b: &[f64], what: &str) {
    assert_eq!(a.len(), b.len(), "{what}");
    let largest = b.iter().fold(0.0_f64, |largest, b| largest.max(b.abs()));
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-13 * largest, "{what}: {a} and {b}");
    }
}

macro_rules! at_lengths {
    ($dynamic:ty, $fixed:ident: $([$($length:literal),+])+) => {$(
        same::<$dynamic, $fixed<$($length),+, f64>>(
            $fixed::<$($length),+>::init(3).cast(),
            &[$($length),+],
        );
    )+};
}

#[test]
fn one_length() {
    at_lengths!(Tagger<6, f64>, FixedTagger: [1] [2] [7] [33] [130]);
}

#[test]
fn calculated_sizes() {
    at_lengths!(Past<f64>, FixedPast: [1] [33]);
}

#[test]
fn several_lengths() {
    at_lengths!(Pair<200, f64>, FixedPair: [33, 7, 2]);
}

#[test]
fn as_many_classes_as_tokens() {
    at_lengths!(Pointer<f64>, FixedPointer: [33]);
}

#[test]
fn networks_in_networks() {
    at_lengths!(Outer<f64>, FixedOuter: [7]);
}

#[test]
fn pairs_of_tokens() {
    at_lengths!(Attend<f64>, FixedAttend: [33]);
}

#[test]
fn as_many_iterations() {
    at_lengths!(Recur<f64>, FixedRecur: [7]);
}

#[test]
fn parts_of_rows_and_columns() {
    at_lengths!(Parts<3, f64>, FixedParts: [2] [33]);
}
