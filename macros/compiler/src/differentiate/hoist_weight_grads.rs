//! Sums over all iterations of a recurrence, computed once after it: a weight's gradient is one
//! large product over the rows of all iterations instead of a small one in every iteration.

use super::Reverse;
use crate::ir::kernel::{Kernel, sums_rows};
use crate::ir::loops::Region;
use crate::ir::{Contribution, Leaf, Op, Value};
use std::rc::Rc;

/// A contribution that is computed after the loops over whose iterations it sums.
pub(super) struct Postponed {
    parameter: usize,
    kernel: Rc<dyn Kernel>,
    /// The operands in an iteration.
    operands: Vec<Value>,
    /// The region in which the sum is computed.
    region: Option<Region>,
}

impl Reverse<'_> {
    /// Postpones a contribution to a parameter that the iterations of the current recurrence share,
    /// and returns true. Contributions in a checkpointed loop, of which little is kept, or with an
    /// operand that is the same in every iteration are not postponed. Nor are those in a depth
    /// loop: its iterations have rows enough for a product each, and their gradients are not kept.
    pub(super) fn hoist(&mut self, parameter: Value, gradient: Value) -> bool {
        let graph = &mut *self.graph;
        let own = graph[parameter].region;
        let Op::Leaf(Leaf::Parameter(index)) = graph[parameter].op else { return false };
        let Op::Kernel(kernel) = &graph[gradient].op else { return false };
        let kernel = Rc::clone(kernel);
        let is_shared = |region: &Region| match graph[*region].mirror {
            // the iterations of a group are summed at its end, since those of the next take their
            // place
            Some(forward) => {
                Some(forward) != own
                    && !graph[forward].per_iteration_params
                    && !graph.is_over_groups(*region)
            }
            None => false,
        };
        let loops: Vec<Region> = graph.enclosing(graph.region).take_while(is_shared).collect();
        let [innermost, ..] = loops[..] else { return false };
        let forward = graph[innermost].mirror;
        let of_iteration = |operand: &Value| {
            let region = graph[graph.base(*operand)].region;
            region.is_some() && (region == Some(innermost) || region == forward)
        };
        if !sums_rows(&*kernel)
            || loops.iter().any(|region| graph[*region].checkpoint)
            || !graph[gradient].operands.iter().all(of_iteration)
        {
            return false;
        }
        let region = loops.last().and_then(|outermost| graph[*outermost].parent);
        let mut operands = graph[gradient].operands.clone();
        for operand in &mut operands {
            let base = graph.base(*operand);
            if graph.is_carried(base) && graph[base].region == Some(innermost) {
                // a carried gradient is overwritten in the next iteration
                *operand = graph.copy(*operand);
            }
        }
        self.postponed.push(Postponed { parameter: index, kernel, operands, region });
        true
    }

    /// Adds the postponed sums that belong to the current region.
    pub(super) fn sum_postponed(&mut self) {
        let here = self.graph.region;
        let waiting = std::mem::take(&mut self.postponed).into_iter();
        let (ready, later): (Vec<_>, Vec<_>) = waiting.partition(|sum| sum.region == here);
        self.postponed = later;
        for Postponed { parameter, kernel, operands, .. } in ready {
            let operands: Vec<Value> =
                operands.into_iter().map(|operand| self.graph.stack(operand)).collect();
            let types: Vec<_> = operands.iter().map(|operand| self.graph.ty(*operand)).collect();
            let ty = kernel.result(&types);
            let value = self.graph.add(Op::Kernel(kernel), operands, ty);
            self.contributions.push(Contribution { parameter, value });
        }
    }
}
