//! Floating point operations.

use super::function::Function;
use super::loops::Region;
use super::{Graph, Op, Type, Value};
use crate::size::Size;

impl Graph {
    /// Operations for one sample, in all iterations of the loops around.
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

    /// What one iteration takes, times the iterations of the loops around.
    #[must_use]
    pub fn in_all_iterations(&self, region: Option<Region>, once: &Size) -> Size {
        let around: Vec<Region> = self.enclosing(region).collect();
        self.iterations(&around).times(once)
    }
}
