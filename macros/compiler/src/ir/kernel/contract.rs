//! Contractions: products of tensors that are summed over common axes, i.e. matrix products over
//! any leading axes, for any order of the axes in memory.
//!
//! Every axis of an operand has a label, or none if it has size 1 and is broadcast to the other
//! operand. Labels that the result lacks are summed over. The gradient of an operand is again a
//! contraction: of the result's gradient and the other operand.

use super::movement::{Movement, inverse, permute};
use super::{Call, Derivative, Kernel, Piece};
use crate::ir::layout::Layout;
use crate::ir::step::{AxisMode, Mask, Refusal, Stepped, StreamStep};
use crate::ir::{Graph, Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

mod plan;

/// The label of each axis.
pub type Labels = Vec<Option<usize>>;

/// The product of two tensors, summed over the labels that the result does not have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Contract {
    /// The labels of both operands and of the result.
    labels: [Labels; 3],
    /// The type of the result.
    ty: Type,
}

/// Adds the product of `a` and `b`, whose axes are labelled, as a value of type `ty`. An operand
/// that is a permutation of another value is read in the memory of that value.
pub fn contract(
    graph: &mut Graph,
    (a, of_a): (Value, Labels),
    (b, of_b): (Value, Labels),
    (ty, of_c): (Type, Labels),
) -> Value {
    if ty.is_number() {
        // a number is in a register, but a product is in memory
        let one = Type { shape: vec![Size::one()], ..ty };
        let product = contract(graph, (a, of_a), (b, of_b), (one, vec![None]));
        return graph.view(product, Vec::new());
    }
    let ((a, of_a), (b, of_b)) = (unpermuted(graph, a, of_a), unpermuted(graph, b, of_b));
    let kernel = Contract { labels: [of_a, of_b, of_c], ty };
    // the contiguous axis of the result has to be a row's: it may not be an axis of both operands
    let Some(last) = kernel.result_axis_along_memory() else {
        return graph.kernel(kernel, vec![a, b]);
    };
    if !kernel.is_shared_by_all(last) {
        return graph.kernel(kernel, vec![a, b]);
    }
    let rank = kernel.ty.shape.len();
    let own = |axis: &usize| !kernel.is_shared_by_all(*axis);
    let moved = (0..rank).rfind(own).unwrap_or(rank.saturating_sub(1));
    let order: Vec<usize> =
        (0..rank).filter(|axis| *axis != moved).chain(rank.checked_sub(1).map(|_| moved)).collect();
    let first = graph.kernel(kernel.with_order(&order), vec![a, b]);
    permute(graph, first, &inverse(&order))
}

/// Returns the operand behind all permutations, with its labels.
fn unpermuted(graph: &Graph, mut value: Value, mut labels: Labels) -> (Value, Labels) {
    while let Some(Movement::Permute(axes)) = graph.movement(value) {
        let mut before = vec![None; labels.len()];
        for (axis, label) in axes.iter().zip(&labels) {
            before[*axis] = *label;
        }
        (value, labels) = (graph[value].operands[0], before);
    }
    (value, labels)
}

impl Contract {
    /// Returns the contiguous axis of the result: the last one that is longer than 1.
    fn result_axis_along_memory(&self) -> Option<usize> {
        (0..self.ty.shape.len()).rfind(|axis| self.ty.shape[*axis] != Size::one())
    }

    /// Returns the input and the weights among the operands, if it is a linear layer whose weights are
    /// `[outputs, inputs]`: their rows lie along the last axis of the result, their columns along that of
    /// the input.
    #[must_use]
    pub fn as_linear(&self, &[a, b]: &[Value; 2]) -> Option<[Value; 2]> {
        let [of_a, of_b, of_c] = &self.labels;
        let is_linear = |input: &Labels, weight: &Labels| {
            let (Some((sum, rows)), Some((out, leading))) = (input.split_last(), of_c.split_last())
            else {
                return false;
            };
            weight[..] == [*out, *sum]
                && weight.iter().all(Option::is_some)
                && rows == leading
                && out != sum
        };
        if is_linear(of_a, of_b) { Some([a, b]) } else { is_linear(of_b, of_a).then_some([b, a]) }
    }

    /// Returns true if an axis of the result has no label or belongs to both operands, so that it
    /// only repeats products.
    fn is_shared_by_all(&self, axis: usize) -> bool {
        let label = self.labels[2][axis];
        label.is_none() || (self.labels[0].contains(&label) && self.labels[1].contains(&label))
    }

    /// Returns the same product with the result's axes in another order.
    fn with_order(&self, order: &[usize]) -> Self {
        let mut other = self.clone();
        other.labels[2] = order.iter().map(|axis| self.labels[2][*axis]).collect();
        other.ty.shape = order.iter().map(|axis| self.ty.shape[*axis].clone()).collect();
        other
    }

    /// Returns the same product with the result's axes in this order, if it can be written so.
    pub(super) fn with_permuted_result(&self, axes: &[usize]) -> Option<Self> {
        let other = self.with_order(axes);
        let last = other.result_axis_along_memory()?;
        (!other.is_shared_by_all(last)).then_some(other)
    }
}

impl Kernel for Contract {
    fn result(&self, _: &[&Type]) -> Type {
        self.ty.clone()
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let [a, b, c] = &self.labels;
        let &[x, y] = at.operands else { return Vec::new() };
        let graph = &mut *at.graph;
        let dc = (at.gradient, c.clone());
        let mut gradients = vec![None; 2];
        if at.wanted[1] {
            let ty = graph.ty(y).clone();
            gradients[1] = Some(contract(graph, (x, a.clone()), dc.clone(), (ty, b.clone())));
        }
        if at.wanted[0] {
            let ty = graph.ty(x).clone();
            gradients[0] = Some(contract(graph, dc, (y, b.clone()), (ty, a.clone())));
        }
        gradients
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        // a multiplication and an addition for each index of all labels
        let mut seen = Vec::new();
        let mut product = Size::from(2);
        for (ty, labels) in operands.iter().zip(&self.labels) {
            for (size, label) in ty.shape.iter().zip(labels) {
                if label.is_some() && !seen.contains(label) {
                    seen.push(*label);
                    product = product.times(size);
                }
            }
        }
        product
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn piece(&self) -> Option<Piece> {
        Some(Piece::Sample)
    }

    fn reads(&self, _: usize, _: &Layout) -> bool {
        true
    }

    fn writes(&self, layout: &Layout) -> bool {
        // the elements of a row have to be contiguous
        let last = layout.axes.iter().rfind(|axis| axis.size != Size::one());
        last.is_none_or(|axis| axis.stride == Size::one())
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        // labels that the result does not have are summed over, up to the current step
        let of = |label: &Option<usize>, size: &Size, step: &dyn StreamStep| {
            let kept = label.and_then(|_| self.labels[2].iter().position(|other| other == label));
            match kept {
                _ if !step.is_length(size) => AxisMode::Fixed,
                Some(axis) => step.modes()[axis],
                None => AxisMode::Past,
            }
        };
        let (mut operands, mut masks, mut sums) = (Vec::new(), Vec::new(), false);
        for (index, labels) in self.labels[..2].iter().enumerate() {
            let shape = step.whole(index).shape.clone();
            let modes: Vec<AxisMode> =
                labels.iter().zip(&shape).map(|(label, size)| of(label, size, step)).collect();
            let summed = |(label, size): (&Option<usize>, &Size)| {
                step.is_length(size) && !self.labels[2].contains(label)
            };
            sums |= labels.iter().zip(&shape).any(summed);
            let stepped = step.operand(index, &modes)?;
            operands.push(stepped.value);
            masks.push(stepped.mask);
        }
        if sums && !masks.contains(&Some(Mask::Zero)) {
            let length = step.length();
            return step.refuse(format!(
                "it sums all of `{length}`, also what is to come: hide that with `mask_future`"
            ));
        }
        let ty = step.ty();
        Ok(step.kernel(Self { labels: self.labels.clone(), ty }, operands))
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, store, .. } = call;
        let result = call.result_from_start();
        let plan = plan::Plan::new(self, [&call.layouts[0], &call.layouts[1], &call.layout]);
        let (a, b) = match plan.swapped {
            false => (call.from_start(0), call.from_start(1)),
            true => (call.from_start(1), call.from_start(0)),
        };
        let (axes, shape) = (plan.axes(call), plan.shape(call));
        quote!(#runtime::contract::contract(#simd, &[#(#axes),*], #shape, #a, #b, #result, #store);)
    }
}
