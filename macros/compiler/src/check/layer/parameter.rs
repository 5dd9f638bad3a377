//! Parameters of layers.

use super::{Layer, Wanted};
use crate::check::Checker;
use crate::check::naming::variable;
use crate::ir::loops::Region;
use crate::ir::{Leaf, Op, Type, Value};
use crate::program::Parameter;
use crate::size::Size;

impl Checker<'_> {
    /// Returns a parameter of `layer`, which is added at the first request.
    pub(in crate::check) fn parameter(&mut self, layer: &mut Layer, wanted: Wanted) -> Value {
        if let Some((_, value)) = layer.parameters.iter().find(|(name, _)| *name == wanted.name) {
            return *value;
        }
        if layer.parameters.is_empty() {
            self.must_be_counted(layer.uncounted.as_ref(), &layer.text, layer.place);
        }
        let mut shape = wanted.shape.clone();
        if wanted.transposed {
            shape.reverse();
        }
        let index = self.program.parameters.len();
        let (region, leaf) = (layer.region, Op::Leaf(Leaf::Parameter(index)));
        let value = self.graph().add_in(region, leaf, Vec::new(), Type::shared(shape));
        let iterations = self.iterations_of_parameters(region);
        let name = format!("{}.{}", layer.name, wanted.name);
        self.must_be_fixed(&name, &wanted.shape, layer.place);
        self.graph().name(value, &variable(&name));
        let named = self.named(&layer.name, layer.place);
        self.program.parameters.push(Parameter {
            name,
            shape: wanted.shape,
            transposed: wanted.transposed,
            is_bias: wanted.is_bias,
            init: wanted.init,
            zero_row: None,
            frozen: layer.frozen,
            state: None,
            iterations,
            layer: None,
            place: layer.place,
            named,
            value,
        });
        layer.parameters.push((wanted.name, value));
        value
    }

    /// Returns the numbers of iterations of the loops in which each iteration has its own
    /// parameters.
    pub(in crate::check) fn iterations_of_parameters(&self, region: Option<Region>) -> Vec<Size> {
        let graph = &self.program.graph;
        let loops = graph.depth_loops(region).into_iter();
        loops.map(|region| graph[region].count.clone()).collect()
    }
}
