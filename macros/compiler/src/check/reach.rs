//! Checks that every parameter is learned and every output depends on an input.

use super::Checker;
use crate::ast::Network;
use crate::ir::{Leaf, Op, Value};
use std::collections::HashSet;

impl Checker<'_> {
    /// Reports layers that are never applied, parameters without a gradient from the loss (or from
    /// the outputs if there is none), and outputs that depend on no input.
    pub(super) fn reach(&mut self, network: &Network) {
        for layer in std::mem::take(&mut self.modules.layers) {
            let layer = layer.borrow();
            if !layer.applied {
                let name = &layer.name;
                self.report.error(layer.place(), format!("layer `{name}` is never applied"));
            }
        }
        self.unapplied_networks();
        self.unassigned_states();
        self.unapplied_externals();
        let outputs: Vec<Value> = self.program.outputs.iter().map(|(_, value)| *value).collect();
        let roots = self.program.loss.map_or(outputs, |loss| vec![loss]);
        let (learned, used) = (self.reached(roots.clone(), true), self.reached(roots, false));
        let mut unreached: Vec<_> = Vec::new();
        for parameter in &self.program.parameters {
            if !parameter.frozen && !learned.contains(&parameter.value) {
                let is_used = used.contains(&parameter.value);
                unreached.push((parameter.place, parameter.name.clone(), is_used));
            }
        }
        let root = if network.loss.is_some() { "the loss" } else { "the output" };
        unreached
            .dedup_by_key(|(_, name, _)| name.split('.').next().unwrap_or_default().to_owned());
        for (place, name, is_used) in unreached {
            let why = match is_used {
                false => "does not depend on it",
                true => {
                    "depends on it only through what passes no gradient (a comparison, `argmax`, `stop_gradient` or the like)"
                }
            };
            self.report.error(
                place,
                format!("`{name}` would never learn: {root} {why}. Use its value, remove it, or mark its `let` as `#[frozen]`"),
            );
        }
        for (port, value) in &self.program.outputs {
            let inputs = self.reached(vec![*value], false);
            let depends = inputs
                .iter()
                .any(|value| matches!(self.program.graph[*value].op, Op::Leaf(Leaf::Input(_))));
            if !depends {
                let place = network.body.result.as_ref().map_or(network.body.end, |r| r.place);
                self.report.error(place, format!("`{}` depends on no input", port.name));
                break;
            }
        }
    }

    /// Returns all values that `values` depend on, including themselves; with `smoothly` only those
    /// that a gradient reaches.
    fn reached(&self, mut values: Vec<Value>, smoothly: bool) -> HashSet<Value> {
        let mut reached = HashSet::new();
        while let Some(value) = values.pop() {
            let graph = &self.program.graph;
            let node = &graph[value];
            if reached.insert(value) && !(smoothly && node.op.is_flat()) {
                values.extend_from_slice(&node.operands);
                if let Op::Carried(region) = node.op {
                    let carried = graph[region].carried.iter().find(|c| c.value == value);
                    values.extend(carried.map(|carried| carried.next));
                }
            }
        }
        reached
    }
}
