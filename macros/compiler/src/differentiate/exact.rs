//! Compensated sums over the iterations of a recurrence, for gradients of parameters that cannot be
//! computed by one sum after the loop: those of a parameter that every iteration multiplies by
//! something.
//!
//! A chain of additions loses up to half a unit in the last place of an ever larger sum at each.
//! The loss of an addition is known exactly (Knuth's two-sum), and is added up beside the sum.

use super::Reverse;
use crate::ir::kernel::is_sum;
use crate::ir::loops::Region;
use crate::ir::{Op, Type, Value};

/// Number of iterations up to which a chain of additions loses no more than a product does.
const SHORT_CHAIN: i128 = 64;

/// The contributions to one parameter in the iterations of one loop.
pub(super) struct Exact {
    /// The backward loop through the iterations.
    region: Region,
    parameter: Value,
    /// The gradient that an iteration adds.
    gradient: Value,
}

impl Reverse<'_> {
    /// Takes a contribution to a parameter that the iterations of the current loop share, if it is
    /// a sum of elements, and returns true. Kernels that add to a gradient in place are not taken.
    pub(super) fn add_exactly(&mut self, parameter: Value, gradient: Value) -> bool {
        let graph = &*self.graph;
        let Some(region) = graph.region else { return false };
        let Some(forward) = graph[region].mirror else { return false };
        let own = graph[parameter].region;
        let is_shared = Some(forward) != own && !graph[forward].per_iteration_params;
        let few = graph[region].count.constant().is_some_and(|count| count <= SHORT_CHAIN);
        let is_sum = match &graph[graph.base(gradient)].op {
            Op::Kernel(kernel) => is_sum(&**kernel),
            Op::Scalar(_) => true,
            _ => false,
        };
        let ty = graph.ty(parameter);
        let here = graph[graph.base(gradient)].region == Some(region);
        if !is_shared || few || !is_sum || !here || ty.is_number() || graph.ty(gradient) != ty {
            return false;
        }
        let known = |exact: &&mut Exact| exact.region == region && exact.parameter == parameter;
        match self.exact.iter_mut().find(known) {
            Some(exact) => exact.gradient = self.graph.sum(exact.gradient, gradient),
            None => self.exact.push(Exact { region, parameter, gradient }),
        }
        true
    }

    /// Accumulates the contributions of the current loop over its iterations. Returns each
    /// parameter with the carried sum and the carried loss.
    pub(super) fn grow_exactly(&mut self) -> Vec<(Value, [Value; 2])> {
        let here = self.graph.region;
        let (ready, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.exact).into_iter().partition(|e| Some(e.region) == here);
        self.exact = later;
        let grow = |Exact { parameter, gradient, .. }| {
            let ty = self.graph.ty(parameter).clone();
            let (sum, lost) = (self.nothing(&ty), self.nothing(&ty));
            let graph = &mut *self.graph;
            let next = graph.sum(sum, gradient);
            let added = graph.difference(next, sum);
            let rounded = graph.difference(next, added);
            let of_sum = graph.difference(sum, rounded);
            let of_gradient = graph.difference(gradient, added);
            let now = graph.sum(of_sum, of_gradient);
            let next_lost = graph.sum(lost, now);
            for (value, next) in [(sum, next), (lost, next_lost)] {
                let next = graph.materialize_next(next, value);
                graph.set_next(value, next);
            }
            (parameter, [sum, lost])
        };
        ready.into_iter().map(grow).collect()
    }

    /// Returns a carried value of the current loop that begins as zeros.
    fn nothing(&mut self, ty: &Type) -> Value {
        let here = self.graph.region;
        self.graph.region = here.and_then(|region| self.graph[region].parent);
        let zero = self.graph.number(0.0);
        let zeros = self.graph.init_carry(zero, ty);
        self.graph.region = here;
        self.graph.carry(zeros)
    }

    /// Adds the sums to the gradients of their parameters, after their loop.
    pub(super) fn add_grown(&mut self, grown: Vec<(Value, [Value; 2])>) {
        for (parameter, [sum, lost]) in grown {
            let (sum, lost) = (self.graph.last(sum), self.graph.last(lost));
            let whole = self.graph.sum(sum, lost);
            self.add(parameter, whole);
        }
    }
}
