//! Kernels are compared by their type and their fields.

use super::Kernel;
use std::any::Any;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The comparison of a kernel with kernels of other types: two nodes with equal kernels and the
/// same operands compute the same.
pub trait Identity {
    /// Returns true if the other kernel has the same type and equal fields.
    fn equals(&self, other: &dyn Kernel) -> bool;

    /// Returns a number that equal kernels share.
    fn hash(&self) -> u64;
}

impl<K: Kernel + Eq + Hash> Identity for K {
    fn equals(&self, other: &dyn Kernel) -> bool {
        other.downcast_ref::<K>().is_some_and(|other| self == other)
    }

    fn hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.type_id().hash(&mut hasher);
        Hash::hash(self, &mut hasher);
        hasher.finish()
    }
}

impl dyn Kernel {
    /// Returns the kernel as one of a given type, if it is one.
    #[must_use]
    pub fn downcast_ref<K: Kernel>(&self) -> Option<&K> {
        (self as &dyn Any).downcast_ref()
    }

    /// Returns true if the kernel is of a given type.
    #[must_use]
    pub fn is<K: Kernel>(&self) -> bool {
        self.downcast_ref::<K>().is_some()
    }
}

impl PartialEq for dyn Kernel {
    fn eq(&self, other: &Self) -> bool {
        self.equals(other)
    }
}
impl Eq for dyn Kernel {}

impl Hash for dyn Kernel {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(Identity::hash(self));
    }
}

#[cfg(test)]
mod tests {
    use crate::ir::kernel::{LogSoftmax, Pad, Softmax};
    use crate::ir::{Graph, Leaf, Type, Value};
    use crate::size::Size;

    fn pad(graph: &mut Graph, x: Value, value: f64) -> Value {
        let size = Size::symbol("H");
        let pad = Pad { axis: 0, before: size.clone(), after: size, value: value.into() };
        graph.kernel(pad, vec![x])
    }

    #[test]
    fn equal_operations_are_one_node() {
        let mut graph = Graph::default();
        let ty = || Type::sample(vec![3.into()]);
        let (x, y) = (graph.leaf(Leaf::Input(0), ty()), graph.leaf(Leaf::Input(1), ty()));
        assert_eq!(pad(&mut graph, x, 1.5), pad(&mut graph, x, 1.5));
        assert_ne!(pad(&mut graph, x, 1.5), pad(&mut graph, y, 1.5));
        assert_ne!(pad(&mut graph, x, 1.5), pad(&mut graph, x, 2.5));
        assert_ne!(pad(&mut graph, x, 0.0), pad(&mut graph, x, -0.0));
        // different kernels with equal fields
        let softmax = graph.kernel(Softmax { axis: 0 }, vec![x]);
        assert_ne!(softmax, graph.kernel(LogSoftmax { axis: 0 }, vec![x]));
    }
}
