//! The parameters that layers own.

use super::{Layer, Wanted};
use crate::check::Checker;
use crate::ir::{Leaf, Op, Type, Value};
use crate::program::Parameter;

impl Checker<'_> {
    /// A parameter of `layer`, made when it is first asked for.
    pub(in crate::check) fn parameter(&mut self, layer: &mut Layer, wanted: Wanted) -> Value {
        if let Some((_, value)) = layer.parameters.iter().find(|(name, _)| *name == wanted.name) {
            return *value;
        }
        let mut shape = wanted.shape.clone();
        if wanted.transposed {
            shape.reverse();
        }
        let index = self.program.parameters.len();
        let (region, leaf) = (layer.region, Op::Leaf(Leaf::Parameter(index)));
        let value = self.graph().add_in(region, leaf, Vec::new(), Type::shared(shape));
        let graph = &self.program.graph;
        let loops = graph.deep(region).into_iter();
        let turns = loops.map(|region| graph[region].count.clone()).collect();
        let name = format!("{}.{}", layer.name, wanted.name);
        self.must_be_fixed(&name, &wanted.shape, layer.place);
        self.graph().name(value, &name.replace(".{i}", "").replace('.', "_"));
        self.program.parameters.push(Parameter {
            name,
            shape: wanted.shape,
            transposed: wanted.transposed,
            is_bias: wanted.is_bias,
            init: wanted.init,
            frozen: layer.frozen,
            turns,
            layer: None,
            place: layer.place,
            value,
        });
        layer.parameters.push((wanted.name, value));
        value
    }
}
