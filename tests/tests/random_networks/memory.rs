//! Plays a plan: steps put values into their homes, and every step must find what it reads.

use monograd_compiler::fuse::{Root, StepKind};
use monograd_compiler::ir::{Leaf, Op, Value};
use monograd_compiler::pass::Pass;
use monograd_compiler::plan::Home;
use std::collections::HashSet;

/// What is in each place.
#[derive(Default)]
struct Memory(Vec<(Home, Value)>);

impl Memory {
    fn put(&mut self, home: Home, value: Value) {
        self.0.retain(|(other, _)| *other != home);
        self.0.push((home, value));
    }

    fn holds(&self, home: Home, value: Value) -> bool {
        self.0.contains(&(home, value))
    }
}

/// What is wrong with a plan, if anything is.
pub fn play(pass: &Pass) -> Result<(), String> {
    let (graph, plan) = (&pass.graph, &pass.plan);
    let mut memory = Memory::default();
    for value in graph.values() {
        if let Op::Leaf(Leaf::Input(_) | Leaf::Target(_) | Leaf::Parameter(_)) = graph[value].op {
            let home = plan.homes.get(&value).ok_or(format!("{value} has no home"))?;
            memory.put(*home, value);
        }
    }
    let mut numbers = Vec::new();
    for (index, step) in pass.schedule.steps.iter().enumerate() {
        for read in &step.reads {
            let home = plan.homes.get(read).ok_or(format!("{read} has no home"))?;
            if !memory.holds(*home, *read) {
                return Err(format!("step {index} ({:?}) reads {read} too late", step.kind));
            }
        }
        // whatever is not computed by the step itself is read, or a number
        let values = step.kind.values();
        for operand in values.iter().flat_map(|value| &graph[*value].operands) {
            let place = graph.base(*operand);
            let known = matches!(step.kind, StepKind::Loop(_)) && values.contains(operand)
                || step.reads.contains(&place)
                || numbers.contains(operand)
                || graph.ty(*operand).is_number() && matches!(graph[*operand].op, Op::Leaf(_));
            if !known {
                return Err(format!("step {index} ({:?}) misses {operand}", step.kind));
            }
        }
        if let StepKind::Number(value) = step.kind {
            numbers.push(value);
        }
        let mut written = Vec::new();
        for value in &step.writes {
            if graph.ty(*value).is_number() {
                continue;
            }
            let home = *plan.homes.get(value).ok_or(format!("{value} has no home"))?;
            if written.contains(&home) {
                return Err(format!("step {index} writes twice to {home:?}"));
            }
            // a step may overwrite only what it replaces
            let replaced = plan.replaces.get(value);
            let clash = step
                .reads
                .iter()
                .find(|read| plan.homes.get(read) == Some(&home) && replaced != Some(read));
            if let (Some(read), true) = (clash, !matches!(home, Home::Gradient(_))) {
                return Err(format!("step {index} writes {value} over {read}, which it reads"));
            }
            written.push(home);
            memory.put(home, *value);
        }
    }
    let mut added = HashSet::new();
    for root in &pass.roots {
        let place = graph.base(root.value());
        let home = plan.homes.get(&place);
        let found = home.is_some_and(|home| memory.holds(*home, place));
        // every contribution to a gradient is added when it is computed, to one parameter
        let added = match (root, home) {
            (Root::Gradient(c), Some(Home::Gradient(parameter))) => {
                added.insert(c.value) && c.parameter == *parameter
            }
            (_, Some(Home::Gradient(_))) => false,
            _ => found,
        };
        if !added {
            return Err(format!("{root:?} is lost"));
        }
    }
    Ok(())
}
