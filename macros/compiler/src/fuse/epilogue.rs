//! A product and the loop over its result (an activation, a residual, a gradient's slope) as one
//! step, piece by piece: the loop reads each piece just after the product has written it. A linear
//! layer is cut into rows, products of other tensors into samples.

use super::io::reads;
use super::{Step, StepKind};
use crate::ir::kernel::Piece;
use crate::ir::layout::Location;
use crate::ir::{Graph, Op, Root, Type, Value};
use crate::size::Size;
use std::collections::BTreeMap;

/// Joins products with the loops over their results.
pub(super) fn epilogue(graph: &Graph, roots: &[Root], steps: &mut Vec<Step>) {
    for step in steps.iter_mut() {
        if let StepKind::Loop { steps, .. } = &mut step.kind {
            epilogue(graph, roots, steps);
        }
    }
    let location = |value: Value| graph.location(value);
    let mut index = 0;
    while index < steps.len() {
        // the latest product first: the results of the others exist before it
        let mut products = (0..index).rev().filter(|at| {
            let (product, then) = (&steps[*at], &steps[index]);
            may_follow(graph, roots, product, then)
                && pieces(graph, product, then, &location).is_some()
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

/// Returns true if a loop goes over the result of a product, and nothing keeps the two apart.
fn may_follow(graph: &Graph, roots: &[Root], product: &Step, then: &Step) -> bool {
    let (StepKind::Elementwise(members), [result]) = (&then.kind, &product.writes[..]) else {
        return false;
    };
    let ty = graph.ty(*result);
    let several = ty.batched || ty.leading() != Size::one();
    if !several || !then.reads.contains(result) || graph.ty(members[0]) != ty {
        return false;
    }
    // the next carried value is best written over the current one, which the product reads
    let carried = graph.regions().flat_map(|region| &graph[region].carried);
    let mut carried = carried.filter(|carried| then.writes.contains(&graph.base(carried.next)));
    let is_gradient = |root: &Root| matches!(root, Root::Gradient(c) if c.value == *result);
    !carried.any(|carried| product.reads.contains(&carried.value)) && !roots.iter().any(is_gradient)
}

/// Returns the position at which the two steps can be joined: that of the product if the loop needs
/// no step between them, else that of the loop if no step between them reads the product's result.
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

/// Returns both as one step.
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

/// The pieces into which a product and the loop over its result are cut.
#[derive(Debug)]
pub struct Pieces {
    /// The unit of a piece.
    pub of: Piece,
    /// The values whose memory is cut, with the scalars of a piece. All other operands are read
    /// whole for every piece.
    pub lengths: BTreeMap<Value, Size>,
}

/// Returns the pieces of a product and a loop for values at these locations, or `None` if they
/// cannot be cut.
#[must_use]
pub fn pieces(
    graph: &Graph,
    product: &Step,
    then: &Step,
    location: &dyn Fn(Value) -> Location,
) -> Option<Pieces> {
    let (StepKind::Kernel(kernel) | StepKind::Accumulate { kernel, .. }) = product.kind else {
        return None;
    };
    let Op::Kernel(operation) = &graph[kernel].op else { return None };
    let of = operation.piece()?;
    let onto = match &product.kind {
        StepKind::Accumulate { onto, .. } => Some(onto),
        _ => None,
    };
    let mut cutter =
        Cutter { graph, location, of, ty: &graph[kernel].ty, lengths: BTreeMap::new() };
    let mut fits = true;
    for (index, operand) in graph[kernel].operands.iter().enumerate() {
        fits &= cutter.operand(index, *operand);
    }
    for value in product.writes.iter().chain(&then.writes).chain(onto) {
        fits &= cutter.written(*value);
    }
    for operand in then.kind.values().iter().flat_map(|member| &graph[*member].operands) {
        if then.reads.contains(&graph.base(*operand)) {
            fits &= cutter.beside(*operand);
        }
    }
    let lengths = cutter.lengths.into_iter().filter_map(|(v, length)| Some((v, length?)));
    fits.then(|| Pieces { of, lengths: lengths.collect() })
}

/// Finds the piece length of every value that is read or written. The methods return true if there
/// are such pieces.
struct Cutter<'a> {
    graph: &'a Graph,
    location: &'a dyn Fn(Value) -> Location,
    of: Piece,
    /// The type of the product's result.
    ty: &'a Type,
    /// Number of scalars of a piece by the value whose memory it is; `None` if all of it is read.
    lengths: BTreeMap<Value, Option<Size>>,
}

impl Cutter<'_> {
    /// Records the length of pieces; false if the memory is already cut in another way.
    fn cut(&mut self, whole: Value, length: Option<Size>) -> bool {
        *self.lengths.entry(whole).or_insert_with(|| length.clone()) == length
    }

    /// Cuts an operand of the product.
    fn operand(&mut self, index: usize, value: Value) -> bool {
        match (self.of, index) {
            (Piece::Row, 0) => self.rows(value),
            (Piece::Row, _) => self.cut((self.location)(value).whole, None),
            (Piece::Sample, _) => self.samples(value),
        }
    }

    /// Cuts an operand of the loop.
    fn beside(&mut self, value: Value) -> bool {
        match (self.of, has_rows(self.graph.ty(value), self.ty)) {
            (Piece::Row, None) => false,
            (Piece::Row, Some(true)) => self.rows(value),
            (Piece::Row, Some(false)) => self.cut((self.location)(value).whole, None),
            (Piece::Sample, _) => self.samples(value),
        }
    }

    fn written(&mut self, value: Value) -> bool {
        match self.of {
            Piece::Row => self.rows(value),
            Piece::Sample => self.ty.batched && self.samples(value),
        }
    }

    fn rows(&mut self, value: Value) -> bool {
        let (graph, ty) = (self.graph, self.graph.ty(value));
        let Location { whole, layout } = (self.location)(value);
        let is_part = graph.is_window(value) || whole != graph.base(value);
        let pitch = match is_part {
            // elements before or behind the rows of a part would not be cut
            true => layout
                .pitch(ty.shape.len().saturating_sub(1))
                .filter(|pitch| ty.leading().times(pitch) == graph.ty(whole).len()),
            false => Some(ty.last()),
        };
        pitch.is_some_and(|pitch| self.cut(whole, Some(pitch)))
    }

    fn samples(&mut self, value: Value) -> bool {
        let whole = (self.location)(value).whole;
        let ty = self.graph.ty(whole);
        self.cut(whole, ty.batched.then(|| ty.len()))
    }
}

/// Returns true if an operand that broadcasts to `ty` has its rows, false if it is read whole for
/// each, and `None` if it has some axes of the rows and not others.
fn has_rows(operand: &Type, ty: &Type) -> Option<bool> {
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
        (has_rows, _) => Some(has_rows),
    }
}

#[cfg(test)]
mod tests;
