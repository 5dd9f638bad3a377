//! Faults planted in a plan that must be detected: iterations of loops or passes over a row that
//! overwrite each other's values, a product that overwrites operands of the loop that follows it, and
//! misplaced parts of concatenations.

use monograd_compiler::fuse::{Rows, Step, StepKind, same_memory, visit};
use monograd_compiler::ir::Value;
use monograd_compiler::ir::loops::Region;
use monograd_compiler::pass::Pass;
use monograd_compiler::plan::Storage;
use monograd_compiler::size::Size;

/// Functions that plant one fault each. They return false if the plan has no place for it.
pub const FAULTS: [fn(&mut Pass) -> bool; 9] =
    [unstacked, unsaved, captured, misplaced, hasty, overwritten, trampled, displaced, buried];

/// Returns every loop with more than one iteration, and the steps of an iteration.
fn loops(pass: &Pass) -> Vec<(Region, &[Step])> {
    let mut loops: Vec<(Region, &[Step])> = Vec::new();
    visit(&pass.schedule.steps, &mut |step| {
        if let StepKind::Loop { region, steps, .. } = &step.kind
            && pass.graph[*region].count.constant() > Some(1)
        {
            loops.push((*region, steps));
        }
    });
    loops
}

/// A value that the backward pass reads for every iteration has memory for a single iteration.
fn unstacked(pass: &mut Pass) -> bool {
    let (graph, plan) = (&pass.graph, &pass.plan);
    let several = |regions: &[Region]| graph.iterations(regions).constant() > Some(1);
    let mut stacked = plan.stacks.iter().filter(|(value, regions)| {
        let written = matches!(plan.homes.get(value), Some(Storage::Slot(_)));
        !graph.is_carried(**value) && written && several(regions)
    });
    let found = stacked.next().map(|(value, _)| *value);
    found.is_some_and(|value| pass.plan.stacks.remove(&value).is_some())
}

/// A loop-carried value is saved into its own slot.
fn unsaved(pass: &mut Pass) -> bool {
    let plan = &mut pass.plan;
    let several = |value: &Value| pass.graph.iterations(&plan.stacks[value]).constant() > Some(1);
    let Some(value) = plan.saves.keys().copied().find(several) else { return false };
    match plan.homes[&value] {
        Storage::Slot(slot) => plan.saves.insert(value, slot).is_some(),
        _ => false,
    }
}

/// A value that is read in every iteration is overwritten in the first.
fn captured(pass: &mut Pass) -> bool {
    let (graph, plan) = (&pass.graph, &pass.plan);
    let mut found = None;
    for (region, steps) in loops(pass) {
        for step in steps {
            let own = |value: &Value| graph[*value].region == Some(region);
            let slot = |value: &Value| matches!(plan.homes.get(value), Some(Storage::Slot(_)));
            let read = step.reads.iter().find(|read| !own(read) && slot(read));
            let write = step.writes.iter().find(|value| {
                let free = !plan.replaces.contains_key(value) && !plan.stacks.contains_key(value);
                free && slot(value)
            });
            if let (Some(read), Some(write)) = (read, write)
                && same_memory(graph.ty(*read), graph.ty(*write))
                && graph.is_within(Some(region), graph[*read].region)
            {
                found = Some((*read, *write));
            }
        }
    }
    let Some((read, write)) = found else { return false };
    pass.plan.homes.insert(write, pass.plan.homes[&read]);
    pass.plan.replaces.insert(write, read).is_none()
}

/// The next value of a loop-carried value is claimed to be already in its place.
fn misplaced(pass: &mut Pass) -> bool {
    let mut found = None;
    for (region, _) in loops(pass) {
        for carried in &pass.graph[region].carried {
            let next = pass.graph.base(carried.next);
            let homes = (pass.plan.homes.get(&next), pass.plan.homes.get(&carried.value));
            let copied = next != carried.value && !pass.plan.replaces.contains_key(&next);
            if let (Some(next_home), Some(home)) = homes
                && copied
                && home != next_home
            {
                found = Some((next, carried.value));
            }
        }
    }
    found.is_some_and(|(next, value)| pass.plan.replaces.insert(next, value).is_none())
}

/// Returns every loop over rows, with the values that it reads and writes.
fn rows_of(steps: &mut [Step]) -> Vec<(&mut Rows, &[Value], &[Value])> {
    let mut found = Vec::new();
    for Step { kind, reads, writes } in steps {
        match kind {
            StepKind::Loop { steps, .. } => found.extend(rows_of(steps)),
            StepKind::Rows(rows) => found.push((rows, &reads[..], &writes[..])),
            _ => {}
        }
    }
    found
}

/// A pass over a row is moved before a pass that it depends on.
fn hasty(pass: &mut Pass) -> bool {
    let rows = rows_of(&mut pass.schedule.steps);
    let Some((rows, ..)) = rows.into_iter().find(|(rows, ..)| rows.passes.len() > 1) else {
        return false;
    };
    rows.passes.swap(0, 1);
    true
}

/// A row overwrites one that a later pass reads.
fn overwritten(pass: &mut Pass) -> bool {
    let (graph, plan) = (&pass.graph, &pass.plan);
    let mut found = None;
    for (rows, reads, writes) in rows_of(&mut pass.schedule.steps) {
        let slot = |value: &Value| matches!(plan.homes.get(value), Some(Storage::Slot(_)));
        for write in writes.iter().filter(|v| slot(v) && !plan.replaces.contains_key(v)) {
            let too_early = |read: &&Value| {
                let fits = same_memory(graph.ty(**read), graph.ty(*write));
                let replaced = plan.replaces.values().any(|value| value == *read);
                slot(read) && fits && !replaced && !rows.may_replace(graph, **read, *write)
            };
            found = found.or(reads.iter().find(too_early).map(|read| (*read, *write)));
        }
    }
    let Some((read, write)) = found else { return false };
    pass.plan.homes.insert(write, pass.plan.homes[&read]);
    pass.plan.replaces.insert(write, read).is_none()
}

/// A product overwrites rows that the loop after it still reads.
fn trampled(pass: &mut Pass) -> bool {
    let (graph, plan) = (&pass.graph, &pass.plan);
    let slot = |value: &Value| matches!(plan.homes.get(value), Some(Storage::Slot(_)));
    let mut found = None;
    visit(&pass.schedule.steps, &mut |step| {
        let StepKind::Product { product, then } = &step.kind else { return };
        let result = product.writes[0];
        let mut reads = then.reads.iter().filter(|read| {
            let own =
                !plan.stacks.contains_key(read) && graph[**read].region == graph[result].region;
            **read != result
                && slot(read)
                && own
                && same_memory(graph.ty(**read), graph.ty(result))
                && !product.reads.contains(read)
        });
        if let Some(read) =
            reads.next().filter(|_| slot(&result) && !plan.stacks.contains_key(&result))
        {
            found = Some((*read, result));
        }
    });
    let Some((read, result)) = found else { return false };
    let (home, mut moved) = (pass.plan.homes[&read], Some(result));
    while let Some(value) = moved {
        pass.plan.homes.insert(value, home);
        moved = pass.plan.replaces.iter().find(|(_, over)| **over == value).map(|(by, _)| *by);
    }
    pass.plan.replaces.insert(result, read) != Some(read)
}

/// A part of a concatenation begins at the place of another.
fn displaced(pass: &mut Pass) -> bool {
    let zero = Size::default();
    let parts = pass.plan.parts.values_mut();
    let Some(part) = parts.into_iter().find(|part| part.layout.start() != zero) else {
        return false;
    };
    part.layout.rest = zero.clone();
    part.layout.axes.iter_mut().for_each(|axis| axis.offset = zero.clone());
    true
}

/// Another value overwrites the first part of a concatenation before the last is written.
fn buried(pass: &mut Pass) -> bool {
    let (graph, plan) = (&pass.graph, &pass.plan);
    let slot = |value: &Value| matches!(plan.homes.get(value), Some(Storage::Slot(_)));
    let mut found = None;
    for (part, place) in &plan.parts {
        let steps = &pass.schedule.steps;
        let writes = |value: Value| steps.iter().position(|step| step.writes.contains(&value));
        let (Some(first), Some(last)) = (writes(*part), writes(place.whole)) else { continue };
        if place.layout.start() != Size::default() || !slot(&place.whole) {
            continue;
        }
        let between = steps[first + 1..last].iter().flat_map(|step| &step.writes);
        let mut others = between.filter(|other| slot(other) && !plan.replaces.contains_key(other));
        if let Some(other) = others.find(|other| graph.ty(**other).batched) {
            found = Some((*other, place.whole));
        }
    }
    let Some((other, whole)) = found else { return false };
    pass.plan.homes.insert(other, pass.plan.homes[&whole]) != Some(pass.plan.homes[&whole])
}
