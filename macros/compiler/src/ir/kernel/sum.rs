//! Sums over axes and over the batch.

use super::{Call, Derivative, Fold, Kernel, Reduction};
use crate::ir::layout::Layout;
use crate::ir::step::{Mask, Refusal, Stepped, StreamStep};
use crate::ir::{Graph, Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The sum over every axis of size 1 in `to` that is longer in the operand, and over the batch if
/// `to` is not batched.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Sum {
    /// The type of the result, with the rank of the operand.
    to: Type,
}

impl Sum {
    /// Returns the runs of axes that are kept or summed, from the outermost.
    fn runs(&self, from: &Type) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        if from.batched {
            runs.push(Run { kept: self.to.batched, batch: true, size: Size::one() });
        }
        for (size, to) in from.shape.iter().zip(&self.to.shape) {
            if *size == Size::one() {
                continue;
            }
            let kept = size == to;
            match runs.last_mut() {
                Some(run) if run.kept == kept => run.size = run.size.times(size),
                _ => runs.push(Run { kept, batch: false, size: size.clone() }),
            }
        }
        runs
    }

    /// Returns the axis whose blocks the runtime goes through in the operand: the first that is
    /// kept if rows are summed, else the first that is summed.
    fn axis(&self, from: &Type) -> usize {
        let over_rows = self.sums_rows_of(from);
        let first = from.shape.iter().zip(&self.to.shape).position(|(size, to)| {
            if over_rows { *size != Size::one() && size == to } else { size != to }
        });
        first.unwrap_or(from.shape.len())
    }

    /// Returns true if it only sums rows: the summed axes come before the kept ones.
    fn sums_rows_of(&self, from: &Type) -> bool {
        matches!(&self.runs(from)[..], [summed, kept] if !summed.kept && kept.kept)
    }
}

/// A run of adjacent axes that are all kept or all summed.
struct Run {
    kept: bool,
    batch: bool,
    size: Size,
}

impl Kernel for Sum {
    fn result(&self, _: &[&Type]) -> Type {
        self.to.clone()
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        // every element counts once, so each gets the gradient of the sum
        vec![Some(at.gradient)]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        operands[0].len()
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        let shape = layout.axes.iter().map(|axis| axis.size.clone()).collect();
        let from = Type { shape, batched: layout.sample.is_some(), ..self.to.clone() };
        // a sum over a whole batch is not a sum of one row
        let is_row = from.batched == self.to.batched || self.sums_rows_of(&from);
        is_row && layout.pitch(self.axis(&from)).is_some()
    }

    fn reduction(&self, operand: &Type) -> Option<Reduction> {
        let runs = self.runs(operand);
        let (last, outer) = runs.split_last()?;
        let kept = outer.iter().all(|run| run.kept) && operand.batched == self.to.batched;
        let rows = Size::product(outer.iter().map(|run| &run.size));
        (!last.kept && kept).then(|| Reduction { fold: Fold::Sum, rows, len: last.size.clone() })
    }

    fn takes_small_gradients(&self) -> bool {
        true
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let from = step.whole(0).shape.clone();
        let summed: Vec<usize> =
            (0..from.len()).filter(|i| from[*i] != self.to.shape[*i]).collect();
        let x = step.up_to_present(&summed, Mask::Zero)?;
        let to = step.ty();
        Ok(step.kernel(Self { to }, vec![x]))
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, result, types, store, .. } = call;
        let runs = self.runs(types[0]);
        let tokens = |run: &Run| {
            let ty = Type { batched: run.batch, ..types[0].clone() };
            call.rows(&ty, &run.size)
        };
        let one = || quote!(1);
        let (outer, summed, inner) = match &runs[..] {
            [] => (one(), one(), one()),
            [a] if a.kept => (tokens(a), one(), one()),
            [a] => (one(), tokens(a), one()),
            [a, b] if a.kept => (tokens(a), tokens(b), one()),
            [a, b] => (one(), tokens(a), tokens(b)),
            [a, b, c, ..] => (tokens(a), tokens(b), tokens(c)),
        };
        let x = call.rows_of(0, self.axis(types[0]));
        if call.parts[0] && self.sums_rows_of(types[0]) {
            return quote!(#runtime::reduce::sum_columns(#simd, #summed, #inner, #x, #result, #store););
        }
        let sizes = quote!(#runtime::axis::Sizes { outer: #outer, len: #summed, inner: #inner });
        quote!(#runtime::reduce::sum_axis(#simd, #sizes, #x, #result, #store);)
    }
}

/// Returns true if a kernel only adds elements of its operand.
#[must_use]
pub fn is_sum(kernel: &dyn Kernel) -> bool {
    kernel.is::<Sum>()
}

/// Returns `value` summed to `ty`, which broadcasts to its type; unchanged if there is nothing to
/// sum.
pub fn sum_to(graph: &mut Graph, mut value: Value, ty: &Type) -> Value {
    if graph.shape(value).is_empty() && !ty.batched && !ty.shape.is_empty() {
        // a sum in memory has an axis; without one it would be a number in a register
        value = graph.view(value, vec![Size::one()]);
    }
    let from = graph.ty(value).clone();
    let batched = from.batched && ty.batched;
    let mut to = Type { shape: aligned(&ty.shape, &from.shape), batched, ..from.clone() };
    if to == from {
        return value;
    }
    let runs = Sum { to: to.clone() }.runs(&from);
    if runs.iter().filter(|run| !run.kept).count() > 1 {
        // one run at a time, the innermost summed axes first
        let mut first = from.clone();
        let mut axes =
            (0..from.shape.len()).rev().skip_while(|axis| to.shape[*axis] == from.shape[*axis]);
        for axis in axes.by_ref().take_while(|axis| to.shape[*axis] != from.shape[*axis]) {
            first.shape[axis] = Size::one();
        }
        if first != from {
            let inner = graph.kernel(Sum { to: first }, vec![value]);
            to.batched = ty.batched;
            let sum = sum_to(graph, inner, &to);
            return graph.view(sum, ty.shape.clone());
        }
    }
    let sum = graph.kernel(Sum { to }, vec![value]);
    graph.view(sum, ty.shape.clone())
}

/// Returns `shape` with the rank of `from`: missing axes have size 1, and so have those of size 1
/// in `from`.
fn aligned(shape: &[Size], from: &[Size]) -> Vec<Size> {
    let missing = from.len().saturating_sub(shape.len());
    let surplus = shape.len().saturating_sub(from.len());
    let mut aligned = vec![Size::one(); missing];
    aligned.extend_from_slice(&shape[surplus..]);
    for (size, from) in aligned.iter_mut().zip(from) {
        if *from == Size::one() {
            *size = Size::one();
        }
    }
    aligned
}
