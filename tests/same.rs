//! Two networks that are the same, written in two ways.

use crate::batch::{Batch, Fed};
use monograd::Trainable;
use monograd::source::Feed;

/// Of the largest number of a parameter's gradient.
const TOLERANCE: f64 = 1e-12;

/// Compares names, loss and gradients of the same parameters on random samples with the given run-time sizes.
///
/// # Panics
/// When they differ.
#[track_caller]
pub fn assert_same<A, B>(a: &A, b: &mut B, samples: usize, lengths: &[usize])
where
    A: Trainable<Scalar = f64>,
    B: Trainable<Scalar = f64>,
    for<'a> Fed<'a, f64>: Feed<A::Inputs<'a>> + Feed<A::Targets<'a>>,
    for<'a> Fed<'a, f64>: Feed<B::Inputs<'a>> + Feed<B::Targets<'a>>,
{
    let x = Batch::random_at(A::INPUTS, samples, lengths, 1);
    let t = Batch::random_at(A::TARGETS, samples, lengths, 2);
    assert_eq!(a.parameters().len(), b.parameters().len());
    for one in a.parameters().iter() {
        let name = one.name();
        assert_eq!(one.shape(), b.parameters().get(&name).unwrap().shape(), "{name}");
        let mut parameters = b.parameters_mut();
        let mut other = parameters.get(&name).unwrap();
        other.as_mut_slice().copy_from_slice(one.as_slice());
    }
    let evaluated = [a.loss(x.feed(), t.feed()).unwrap(), b.loss(x.feed(), t.feed()).unwrap()];
    let (loss, gradients) = a.gradients(x.feed(), t.feed()).unwrap();
    let (other_loss, other_gradients) = b.gradients(x.feed(), t.feed()).unwrap();
    assert_close("the loss", &evaluated[..1], &evaluated[1..]);
    assert_close("the loss of training", &[loss], &[other_loss]);
    for one in gradients.iter() {
        let other = other_gradients.get(&one.name()).unwrap();
        assert_eq!(one.is_frozen(), other.is_frozen(), "{}", one.name());
        assert_close(&one.name(), one.as_slice(), other.as_slice());
    }
}

#[track_caller]
fn assert_close(what: &str, a: &[f64], b: &[f64]) {
    let largest = b.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        let near = (a - b).abs() <= TOLERANCE * largest.max(1e-3);
        assert!(near, "{what}: element {i} is {a} and {b}, the largest {largest}");
    }
}
