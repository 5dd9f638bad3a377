//! The search for the operation that made the first NaN or infinity.
//!
//! A pass shows its values at the ends of iterations, so the search notes those that are NaN or infinite and
//! finds the first by the order in which they were computed. A second run shows its operands.

use super::{Origin, Role, TraceSource, Traced, label, numbered};
use crate::sort::sort_by;
use crate::summary::Row;
use std::collections::HashSet;

/// Operations that only choose among values or pass them on, and leaves that are shown under a name.
const PASSES_ON: [&str; 11] = [
    "where",
    "select",
    "chosen",
    "maximum",
    "minimum",
    "clamp",
    "mask_future",
    "expand",
    "input",
    "target",
    "parameter",
];

/// The values that are NaN or infinite.
pub(crate) struct Search {
    traced: &'static [Traced],
    samples: usize,
    found: Vec<Found>,
    /// The values of which any element is NaN or infinite, in any iteration.
    tainted: HashSet<usize>,
}

/// A value of which an element is NaN or infinite.
struct Found {
    key: Vec<isize>,
    number: usize,
    iterations: Vec<usize>,
    len: usize,
    /// The first NaN.
    nan: Option<usize>,
    /// The first infinity, if there is no NaN.
    infinity: Option<(usize, f64)>,
}

impl Search {
    pub fn new(traced: &'static [Traced], samples: usize) -> Self {
        Self { traced, samples, found: Vec::new(), tainted: HashSet::new() }
    }

    /// Takes a value that a pass shows.
    pub fn add(&mut self, number: usize, iterations: &[usize], values: &[f64]) {
        let traced = &self.traced[number];
        if traced.role == Role::Slope || values.iter().all(|value| value.is_finite()) {
            return;
        }
        self.tainted.insert(number);
        let infinite = |(_, value): &(usize, f64)| value.is_infinite();
        self.found.push(Found {
            key: traced.key(iterations),
            number,
            iterations: iterations.to_vec(),
            len: values.len(),
            nan: values.iter().position(|value| value.is_nan()),
            infinity: values.iter().copied().enumerate().find(infinite),
        });
    }

    /// Returns the value that was first made NaN or infinite.
    pub fn first(mut self) -> Option<Operands> {
        sort_by(&mut self.found, |a, b| a.key.cmp(&b.key));
        let (traced, tainted) = (self.traced, &self.tainted);
        let first = self.found.iter().find(|found| {
            let Traced { operation, sources, .. } = &traced[found.number];
            // an infinity may be meant, as a mask is: whoever only passes it on has not made it
            let is_passed_on = PASSES_ON.contains(operation)
                || sources.iter().any(
                    |source| matches!(source, TraceSource::Traced(of) if tainted.contains(of)),
                );
            found.nan.is_some() || !is_passed_on
        });
        let first = first.or(self.found.first())?;
        let (at, value) = match (first.nan, first.infinity) {
            (Some(at), _) => (at, f64::NAN),
            (None, Some(found)) => found,
            (None, None) => return None,
        };
        let batched = traced[first.number].batched;
        Some(Operands {
            traced,
            number: first.number,
            iterations: first.iterations.clone(),
            at,
            len: first.len,
            sample_len: if batched { first.len / self.samples.max(1) } else { first.len },
            value,
            operands: vec![None; traced[first.number].sources.len()],
        })
    }
}

/// The operands of the value that was first made NaN or infinite.
pub(crate) struct Operands {
    traced: &'static [Traced],
    number: usize,
    iterations: Vec<usize>,
    /// The element.
    at: usize,
    len: usize,
    sample_len: usize,
    value: f64,
    operands: Vec<Option<f64>>,
}

impl Operands {
    /// Takes a value that a pass shows.
    pub fn add(&mut self, number: usize, iterations: &[usize], values: &[f64]) {
        let around = self.iterations.get(..iterations.len());
        if around != Some(iterations) {
            return;
        }
        let sources = self.traced[self.number].sources;
        for (source, operand) in sources.iter().zip(&mut self.operands) {
            if *source == TraceSource::Traced(number) {
                *operand = match values.len() {
                    1 => Some(values[0]),
                    len if len == self.len => Some(values[self.at]),
                    _ => None,
                };
            }
        }
    }

    /// Returns what made the value. `data` returns elements of inputs and targets of a given length of a sample.
    pub fn origin(
        mut self,
        layers: &[Row],
        data: impl Fn(TraceSource, usize, usize) -> Option<f64>,
    ) -> Origin {
        let traced = &self.traced[self.number];
        for (source, operand) in traced.sources.iter().zip(&mut self.operands) {
            *operand = operand.or_else(|| data(*source, self.at, self.sample_len));
        }
        let row = traced.layer.map(|row| &layers[row]);
        let text = row.map_or_else(String::new, label);
        // an activation is the whole layer, and its name may be that of a parameter of the network
        let is_activation = row.is_some_and(|row| row.name.is_empty());
        let layer = match row {
            Some(row) if !row.name.is_empty() => numbered(row.name, &self.iterations),
            _ => text.clone(),
        };
        Origin::Operation {
            operation: if is_activation { text } else { traced.operation.to_owned() },
            is_derivative: traced.role != Role::Result,
            line: traced.line,
            layer,
            value: self.value,
            operands: self.operands.into_iter().collect::<Option<_>>().unwrap_or_default(),
            sample: traced.batched.then(|| self.at / self.sample_len.max(1)),
            element: self.at % self.sample_len.max(1),
            iterations: self.iterations,
        }
    }
}
