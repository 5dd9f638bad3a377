//! A product and the loop over its result (an activation, a residual, a gradient's slope) as one
//! step, some rows at a time: the loop finds the rows where the product has just written them.

use super::finish::reads;
use super::{Root, Step, StepKind};
use crate::ir::{Graph, Op, Type, Value};
use crate::size::Size;
use std::collections::BTreeMap;

/// Joins products with the loops over their results.
pub(super) fn join(graph: &Graph, roots: &[Root], steps: &mut Vec<Step>) {
    for step in steps.iter_mut() {
        if let StepKind::Turns { steps, .. } = &mut step.kind {
            join(graph, roots, steps);
        }
    }
    let mut index = 0;
    while index < steps.len() {
        // the latest product first: what the others give is there before it
        let mut products = (0..index).rev().filter(|at| {
            let (product, then) = (&steps[*at], &steps[index]);
            may_follow(graph, roots, product, then) && row_lengths(graph, product, then).is_some()
        });
        match products.find_map(|at| Some((at, meeting(steps, at, index)?))) {
            Some((at, meeting)) => {
                let then = steps.remove(index);
                let product = steps.remove(at);
                steps.insert(meeting, both(product, then));
            }
            None => index += 1,
        }
    }
}

/// Whether a loop goes over the result of a product, and nothing keeps the two apart.
fn may_follow(graph: &Graph, roots: &[Root], product: &Step, then: &Step) -> bool {
    let (StepKind::Loop(members), [result]) = (&then.kind, &product.writes[..]) else {
        return false;
    };
    let ty = graph.ty(*result);
    let several = ty.batched || ty.leading() != Size::one();
    if !several || !then.reads.contains(result) || graph.ty(members[0]) != ty {
        return false;
    }
    // what goes on to the next turn is best written over what the product reads of this one
    let carried = graph.regions().flat_map(|region| &graph[region].carried);
    let mut carried = carried.filter(|carried| then.writes.contains(&graph.base(carried.next)));
    let is_gradient = |root: &Root| matches!(root, Root::Gradient(c) if c.value == *result);
    !carried.any(|carried| product.reads.contains(&carried.value)) && !roots.iter().any(is_gradient)
}

/// Where the two steps can meet: what lies between may not need the one or give to the other.
fn meeting(steps: &[Step], product: usize, then: usize) -> Option<usize> {
    let between = &steps[product + 1..then];
    let needed = |value: &Value| steps[then].reads.contains(value);
    if !between.iter().any(|step| step.writes.iter().any(needed)) {
        return Some(product);
    }
    let read = reads(between);
    let free = steps[product].writes.iter().all(|value| !read.contains_key(value));
    free.then_some(then - 1)
}

/// Both as one step.
fn both(product: Step, then: Step) -> Step {
    let mut reads = product.reads.clone();
    for read in &then.reads {
        if !reads.contains(read) && !product.writes.contains(read) {
            reads.push(*read);
        }
    }
    let writes = [&product.writes[..], &then.writes].concat();
    let kind = StepKind::Product { product: Box::new(product), then: Box::new(then) };
    Step { kind, reads, writes }
}

/// What is cut into rows where a loop follows a product row by row, with the length of a row. The
/// rest of what they read is read whole for every row. `None` where they cannot be cut.
#[must_use]
pub fn row_lengths(graph: &Graph, product: &Step, then: &Step) -> Option<BTreeMap<Value, Size>> {
    let (StepKind::Kernel(kernel) | StepKind::Accumulate { kernel, .. }) = product.kind else {
        return None;
    };
    let (Op::Kernel(operation), [first, others @ ..]) =
        (&graph[kernel].op, &graph[kernel].operands[..])
    else {
        return None;
    };
    let ty = &graph[kernel].ty;
    let mut lengths: BTreeMap<Value, Option<Size>> = BTreeMap::new();
    // memory that is read in two ways is not cut
    let mut cut = |value: Value, length: Option<Size>| {
        let known = lengths.entry(graph.base(value)).or_insert_with(|| length.clone());
        *known == length
    };
    let mut fits = operation.is_by_rows() && cut(*first, Some(graph.ty(*first).last()));
    for other in others {
        fits &= cut(*other, None);
    }
    let onto = match &product.kind {
        StepKind::Accumulate { onto, .. } => Some(onto),
        _ => None,
    };
    for value in product.writes.iter().chain(&then.writes).chain(onto) {
        fits &= cut(*value, Some(ty.last()));
    }
    let members = then.kind.values();
    for operand in members.iter().flat_map(|member| &graph[*member].operands) {
        if then.reads.contains(&graph.base(*operand)) {
            fits &= beside(graph.ty(*operand), ty).is_some_and(|length| cut(*operand, length));
        }
    }
    fits.then(|| lengths.into_iter().filter_map(|(v, length)| Some((v, length?))).collect())
}

/// The length of the rows of an operand that broadcasts to `ty`, or none of its own where every row
/// takes all of it. `None` where it has some axes of the rows and not others.
fn beside(operand: &Type, ty: &Type) -> Option<Option<Size>> {
    let axes = ty.shape.len();
    let mut own = Vec::new();
    if ty.batched {
        own.push(operand.batched);
    }
    for (axis, size) in ty.shape[..axes.saturating_sub(1)].iter().enumerate() {
        if *size != Size::one() {
            let axis = (axis + operand.shape.len()).checked_sub(axes);
            own.push(axis.is_some_and(|axis| operand.shape[axis] != Size::one()));
        }
    }
    match (own.contains(&true), own.contains(&false)) {
        (true, true) => None,
        (true, false) => Some(Some(operand.last())),
        (false, _) => Some(None),
    }
}

#[cfg(test)]
mod tests;
