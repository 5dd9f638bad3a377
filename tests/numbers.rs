//! Recorded numbers, in JSON or not, and how the networks' are compared with them.

use crate::batch::{Batch, Column};
use monograd::source::Port;
use monograd::{ParameterView, Scalar, Tensor};
use serde_json::Value;

/// The numbers of a JSON array.
///
/// # Panics
/// Where it is none.
#[must_use]
pub fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// A batch of the numbers recorded for inputs or targets, one JSON array each.
///
/// # Panics
/// Where they are none.
#[must_use]
pub fn batch(columns: &[Value], ports: &[Port]) -> Batch<f64> {
    let column = |(values, port): (&Value, &Port)| match port.classes {
        None => Column::Reals(numbers(values)),
        Some(_) => Column::Classes(numbers(values).iter().map(|class| *class as u32).collect()),
    };
    Batch::new(columns.iter().zip(ports).map(column).collect())
}

/// All outputs of a network, one after the other.
pub trait Flat<T> {
    /// The numbers of each.
    fn flat(&self) -> Vec<&[T]>;
}

impl<T: Scalar> Flat<T> for Tensor<T> {
    fn flat(&self) -> Vec<&[T]> {
        vec![self.as_slice()]
    }
}

impl<T: Scalar> Flat<T> for (Tensor<T>, Tensor<T>) {
    fn flat(&self) -> Vec<&[T]> {
        vec![self.0.as_slice(), self.1.as_slice()]
    }
}

impl<T: Scalar> Flat<T> for (Tensor<T>, Tensor<T>, Tensor<T>) {
    fn flat(&self) -> Vec<&[T]> {
        vec![self.0.as_slice(), self.1.as_slice(), self.2.as_slice()]
    }
}

/// Compares to `tolerance` of the largest number that is expected.
///
/// # Panics
/// When a number differs.
#[track_caller]
pub fn close<T: Scalar>(what: &str, actual: &[T], expected: &[f64], tolerance: f64) {
    assert_eq!(actual.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(1e-3_f64, |a, b| a.max(b.abs()));
    for (i, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        let error = (actual.to_f64() - expected).abs() / largest;
        assert!(error <= tolerance, "{what}[{i}] is {actual}, not {expected}");
    }
}

/// Compares parameters or gradients with a JSON object of PyTorch's, where the two axes of a
/// weight stand the other way round than in memory.
///
/// # Panics
/// When a number differs.
#[track_caller]
pub fn close_to_state<'a, T: Scalar>(
    what: &str,
    parameters: impl Iterator<Item = ParameterView<'a, T>>,
    expected: &Value,
    tolerance: f64,
) {
    for parameter in parameters {
        let what = format!("{what}: {}", parameter.name());
        let expected = numbers(&expected[&*parameter.name()]);
        close(&what, parameter.to_tensor().as_slice(), &expected, tolerance);
    }
}
