//! Counts of floating point operations.

use super::function::Function;
use super::loops::Region;
use super::{Graph, Op, Type, Value};
use crate::size::Size;

impl Graph {
    /// Returns the floating point operations of a value for one sample, in all iterations of the
    /// enclosing loops.
    #[must_use]
    pub fn flops(&self, value: Value) -> Size {
        let node = &self[value];
        let once = match &node.op {
            Op::Kernel(kernel) => {
                let types: Vec<&Type> = node.operands.iter().map(|v| self.ty(*v)).collect();
                kernel.flops(&types, &node.ty)
            }
            Op::Scalar(Function::Expand) => Size::default(),
            Op::Scalar(_) if !node.ty.is_number() => node.ty.len(),
            _ => Size::default(),
        };
        self.in_all_iterations(node.region, &once)
    }

    /// Returns `once`, the operations of one iteration, summed over the iterations of the
    /// enclosing loops.
    #[must_use]
    pub fn in_all_iterations(&self, region: Option<Region>, once: &Size) -> Size {
        self.enclosing(region).fold(once.clone(), |all, region| {
            let (iteration, count) = self.kept(region);
            all.sum(&iteration.to_string(), &count)
        })
    }
}
