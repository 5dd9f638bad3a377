//! Loops that follow each other and read the same values become one loop: what one computes for the next stays in
//! registers, and long chains of dependent instructions overlap. Joined to the loop of an operand by
//! [`loops`](super::loops), the four gates of an LSTM would be four loops.

use super::io::{bases, wanted};
use super::{Schedule, Step, StepKind, same_memory, visit_mut};
use crate::ir::function::Function;
use crate::ir::{Graph, Op, Root, Value};
use std::collections::HashSet;

/// Joins such loops.
pub(super) fn siblings(graph: &Graph, roots: &[Root], schedule: &mut Schedule) {
    let saved: HashSet<Value> =
        schedule.kept.iter().flat_map(|(saved, (_, output))| [*saved, *output]).collect();
    join(graph, &saved, &mut schedule.steps);
    // what one loop computes only for the next is no longer in memory
    let wanted = wanted(graph, roots, &schedule.steps);
    visit_mut(&mut schedule.steps, &mut |step| {
        if let StepKind::Elementwise(_) = step.kind {
            step.writes.retain(|value| wanted.contains(value));
        }
    });
}

/// Joins the loops of one region and of the loops in it.
fn join(graph: &Graph, saved: &HashSet<Value>, steps: &mut Vec<Step>) {
    let mut index = 0;
    while index < steps.len() {
        if let StepKind::Loop { steps, .. } = &mut steps[index].kind {
            join(graph, saved, steps);
        }
        let joined = index
            .checked_sub(1)
            .and_then(|before| joined(graph, saved, &steps[before], &steps[index]));
        match joined {
            Some(step) => {
                steps[index - 1] = step;
                steps.remove(index);
            }
            None => index += 1,
        }
    }
}

/// Returns two steps as one, if they can be and that is faster.
fn joined(graph: &Graph, saved: &HashSet<Value>, a: &Step, b: &Step) -> Option<Step> {
    let (StepKind::Elementwise(first), StepKind::Elementwise(second)) = (&a.kind, &b.kind) else {
        return None;
    };
    let alike = |value: Value| {
        let node = &graph[value];
        (&node.ty, node.direction, node.region)
    };
    // a view of a member can be read only after the loop
    let in_place = second
        .iter()
        .flat_map(|value| &graph[*value].operands)
        .all(|operand| first.contains(operand) || !first.contains(&graph.base(*operand)));
    // which of two variants of a loop is compiled is decided by one activation
    let of_one = !first.iter().chain(second).any(|value| {
        saved.contains(value) || matches!(graph[*value].op, Op::Scalar(Function::Save(_)))
    }) && !a.reads.iter().chain(&b.reads).any(|read| saved.contains(read));
    let shares = b.reads.iter().any(|read| a.reads.contains(read) || first.contains(read));
    // a loop over all elements is not cut into short rows for the sake of another
    let same_rows = is_flat(graph, first) == is_flat(graph, second);
    if alike(first[0]) != alike(second[0]) || !in_place || !of_one || !shares || !same_rows {
        return None;
    }
    // what is computed where it is needed may be a member of both
    let others = second.iter().filter(|value| !first.contains(value));
    let members: Vec<Value> = first.iter().chain(others).copied().collect();
    let read = [&a.reads[..], &b.reads].concat();
    let reads = bases(graph, read.into_iter().filter(|value| !first.contains(value)));
    let writes = [&a.writes[..], &b.writes].concat();
    Some(Step { kind: StepKind::Elementwise(members), reads, writes })
}

/// Returns true if a loop goes over contiguous memory: all that it reads is as long as what it computes.
fn is_flat(graph: &Graph, members: &[Value]) -> bool {
    let ty = &graph[members[0]].ty;
    members.iter().flat_map(|value| &graph[*value].operands).all(|operand| {
        let is_whole = !graph.is_window(*operand) && same_memory(graph.ty(*operand), ty);
        graph.ty(*operand).is_number() || is_whole
    })
}

#[cfg(test)]
mod tests {
    use crate::fuse::tests::compiled;
    use crate::fuse::{Step, StepKind};
    use crate::ir::Root;
    use crate::pass::Pass;
    use crate::plan::Storage;

    /// Returns a step of the stream of a network.
    fn step(text: &str) -> Pass {
        compiled(text).stream.unwrap().step.pass
    }

    fn loops(pass: &Pass) -> Vec<&Step> {
        let is_loop = |step: &&Step| matches!(step.kind, StepKind::Elementwise(_));
        pass.schedule.steps.iter().filter(is_loop).collect()
    }

    /// Returns the storage of the next value of each state.
    fn states(pass: &Pass) -> Vec<Storage> {
        let states = pass.roots.iter().filter(|root| matches!(root, Root::State { .. }));
        states.map(|root| pass.plan.homes[&pass.graph.base(root.value())]).collect()
    }

    #[test]
    fn gates_are_one_loop_that_writes_the_states() {
        let pass = step("Net(x: [dyn T, 8]) -> [T, 2] { x >> Lstm(40) >> Linear(2) }");
        let [gates] = &loops(&pass)[..] else { panic!("{:?}", pass.schedule.steps) };
        assert_eq!((gates.reads.len(), gates.writes.len()), (2, 2), "{gates:?}");
        let mut states = states(&pass);
        states.sort_by_key(|storage| format!("{storage:?}"));
        assert_eq!(states, [Storage::State(0), Storage::State(1)]);
    }

    #[test]
    fn a_state_that_is_read_afterwards_is_copied() {
        let pass = step(
            "Net(x: [dyn T, 40]) -> [T, 40] {
                let fc = Linear(40);
                let mut h = zeros([40]);
                for x_t in x {
                    let next = tanh(x_t + h);
                    let y = next * (h >> fc);
                    h = next;
                    y
                }
            }",
        );
        assert!(!matches!(states(&pass)[..], [Storage::State(_)]), "{:?}", pass.schedule.steps);
    }

    #[test]
    fn loops_over_all_and_over_short_rows_stay_apart() {
        let pass = |y: &str| {
            compiled(&format!(
                "Net(x: [64], y: {y}) -> [64] {{
                    let a = x * sin(x);
                    a + x * cos(y[..64])
                }}"
            ))
            .infer
        };
        assert_eq!(loops(&pass("[128]")).len(), 2);
        assert_eq!(loops(&pass("[64]")).len(), 1);
    }
}
