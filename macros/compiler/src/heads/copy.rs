//! A copy of a graph in which some values are replaced.

use crate::ir::{Assignment, Contribution, Graph, Root, Value};
use crate::pass::PassGraph;
use std::collections::HashMap;

/// A copy of a graph under construction.
pub struct Copy<'a> {
    from: &'a Graph,
    /// The copy. New nodes are in no loop.
    pub graph: Graph,
    /// The value in the copy of each value that has been copied.
    remap: HashMap<Value, Value>,
}

impl<'a> Copy<'a> {
    pub fn new(from: &'a Graph) -> Self {
        let mut graph = Graph::default();
        graph.adopt_regions(from, |_| None);
        Self { from, graph, remap: HashMap::new() }
    }

    /// Returns the copy of a value, which is made now if there is none, after those of its operands.
    pub fn get(&mut self, value: Value) -> Value {
        if let Some(copy) = self.remap.get(&value) {
            return *copy;
        }
        let node = &self.from[value];
        let operands = node.operands.iter().map(|operand| self.get(*operand)).collect();
        let copy = self.graph.adopt(node, operands);
        self.remap.insert(value, copy);
        copy
    }

    /// Lets what is copied from now on use another value, which gets the name of the replaced one.
    pub fn replace(&mut self, value: Value, by: Value) {
        self.graph.name(by, &self.from[value].name);
        self.remap.insert(value, by);
    }

    /// Returns the copy with its roots.
    pub fn finish(mut self, roots: Vec<Root>) -> PassGraph {
        let remap = &self.remap;
        self.graph.adopt_regions(self.from, |value| remap.get(&value).copied());
        let mapped = |root| match root {
            Root::Output(index, value) => Root::Output(index, remap[&value]),
            Root::Loss(value) => Root::Loss(remap[&value]),
            Root::Trace(number, value) => Root::Trace(number, remap[&value]),
            Root::Gradient(Contribution { parameter, value }) => {
                Root::Gradient(Contribution { parameter, value: remap[&value] })
            }
            Root::Assign(assignment) => {
                Root::Assign(Assignment { value: remap[&assignment.value], ..assignment })
            }
            Root::State { state, value, ring } => Root::State { state, value: remap[&value], ring },
        };
        PassGraph { roots: roots.into_iter().map(mapped).collect(), graph: self.graph }
    }
}
