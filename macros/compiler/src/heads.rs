//! Cross entropies of the logits of a linear layer, computed together with the layer.
//!
//! With tens of thousands of classes the logits are by far the largest values of a network, although only
//! the loss reads them. Where nothing else does, one kernel computes the layer and its loss, some rows at a
//! time ([`fuse`]), and in training also the gradients of both ([`join`]).

mod copy;
mod found;

use crate::fuse::Readers;
use crate::fuse::cost::Estimate;
use crate::ir::kernel::{Together, linear_cross_entropy};
use crate::ir::{Graph, Root, Value};
use crate::pass::PassGraph;
use copy::Copy;
use found::Found;
use std::collections::HashMap;

/// Replaces each cross entropy of the outputs of a linear layer with many classes, if no root needs the
/// outputs otherwise.
#[must_use]
pub fn fuse(graph: &Graph, roots: Vec<Root>, estimate: Estimate<'_>) -> PassGraph {
    let readers = Readers::new(graph, &roots);
    let found = |losses| Some((losses, Found::new(graph, &readers, losses, estimate)?));
    let mut heads: HashMap<Value, Found> = graph.values().filter_map(found).collect();
    if heads.is_empty() {
        return PassGraph { graph: graph.clone(), roots };
    }
    let mut copy = Copy::new(graph);
    for value in graph.values() {
        copy.get(value);
        let Some(Found { head, operands, accuracy }) = heads.remove(&value) else { continue };
        let operands = operands.map(|operand| copy.get(operand));
        copy.graph.line = graph[value].line;
        let (accuracy, kernel) = accuracy.unzip();
        let (losses, right) = linear_cross_entropy(&mut copy.graph, head, operands, kernel);
        copy.replace(value, losses);
        if let Some((accuracy, right)) = accuracy.zip(right) {
            copy.replace(accuracy, right);
        }
    }
    copy.finish(roots)
}

/// Lets the kernels of gradients compute the losses as well, where they can come so early: the logits
/// are then computed once, and three products are enough instead of four.
#[must_use]
pub fn join(pass: PassGraph) -> PassGraph {
    let PassGraph { graph, roots } = pass;
    let found = |losses| Some((losses, Together::find(&graph, losses)?));
    let mut found: HashMap<Value, Together> = graph.values().filter_map(found).collect();
    if found.is_empty() {
        return PassGraph { graph, roots };
    }
    let mut copy = Copy::new(&graph);
    for value in graph.values() {
        let Some(together) = found.remove(&value) else {
            copy.get(value);
            continue;
        };
        let operands = &graph[together.gradients].operands;
        let operands = operands.iter().map(|operand| copy.get(*operand)).collect();
        (copy.graph.direction, copy.graph.line) = (graph[value].direction, graph[value].line);
        let from = together.gradients;
        let [gradients, losses] = together.add(&graph, &mut copy.graph, operands);
        copy.replace(from, gradients);
        copy.replace(value, losses);
    }
    copy.finish(roots)
}

#[cfg(test)]
mod tests;
