//! Sums of gradients without a loop of their own: the kernel adds to what is there.

use super::{Root, Schedule, StepKind, base};
use crate::ir::function::Function;
use crate::ir::{Graph, Op, Value};

/// Lets a kernel add its result in place, where a loop would only add it to something that is not
/// needed afterwards.
pub(super) fn accumulate(graph: &Graph, roots: &[Root], schedule: &mut Schedule) {
    let mut index = 0;
    while index < schedule.steps.len() {
        if let Some((kernel, onto, sum)) = addition(graph, roots, schedule, index) {
            schedule.steps.remove(index);
            let step = schedule.steps.iter_mut().find(|step| step.writes == [kernel]);
            if let Some(step) = step {
                step.kind = StepKind::Accumulate { kernel, onto };
                step.reads.push(onto);
                step.writes = vec![sum];
            }
        } else {
            index += 1;
        }
    }
}

/// The kernel, the other operand and the sum, where step `index` is an addition that the kernel
/// can do.
fn addition(
    graph: &Graph,
    roots: &[Root],
    schedule: &Schedule,
    index: usize,
) -> Option<(Value, Value, Value)> {
    let step = &schedule.steps[index];
    let StepKind::Loop(members) = &step.kind else { return None };
    let [sum] = members[..] else { return None };
    let node = &graph[sum];
    if !matches!(node.op, Op::Scalar(Function::Add)) {
        return None;
    }
    let [a, b] = node.operands[..] else { return None };
    let whole = |value: Value| graph.ty(value) == &node.ty && base(graph, value) == value;
    let uses = |value: Value| schedule.steps.iter().filter(|s| s.reads.contains(&value)).count();
    let is_root = |value: Value| roots.iter().any(|root| base(graph, root.value()) == value);
    [(a, b), (b, a)].into_iter().find_map(|(kernel, onto)| {
        let Op::Kernel(operation) = &graph[kernel].op else { return None };
        let at = schedule.steps.iter().position(|s| s.kind == StepKind::Kernel(kernel))?;
        let defined = schedule.steps.iter().position(|s| s.writes.contains(&onto))?;
        let last = schedule.steps.iter().rposition(|s| s.reads.contains(&onto))?;
        // between the kernel and the addition nothing else may need the other operand
        let free = schedule.steps[at..index].iter().all(|s| !s.reads.contains(&onto));
        (operation.accumulates()
            && whole(kernel)
            && whole(onto)
            && uses(kernel) == 1
            && last == index
            && defined < at
            && free
            && !is_root(kernel)
            && !is_root(onto))
        .then_some((kernel, onto, sum))
    })
}
