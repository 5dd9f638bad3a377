//! Simulates a memory plan: steps write values to their places, and every step must find its operands
//! there.
//!
//! Loops are simulated iteration by iteration, with the addresses that generated code would use.

mod epilogue;
mod iterations;
mod place;
mod rows;

use monograd_compiler::fuse::{Step, StepKind};
use monograd_compiler::ir::kernel::{ConcatLayout, Movement};
use monograd_compiler::ir::loops::Region;
use monograd_compiler::ir::{Graph, Leaf, Op, Root, Value};
use monograd_compiler::pass::Pass;
use monograd_compiler::plan::Storage;
use monograd_compiler::size::Size;
use place::Place;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

const SAMPLES: usize = 2;

/// A value in an iteration of each enclosing loop, outermost first. After a loop, the values that it
/// carried have one iteration number less.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Moment(Value, Vec<usize>);

/// A simulation of a memory plan.
struct Player<'a> {
    pass: &'a Pass,
    memory: Vec<(Place, Moment)>,
    /// The current iterations of the enclosing loops, outermost first.
    iterations: Vec<(Region, usize)>,
    /// The scalars that are variables in scope.
    numbers: Vec<Value>,
    /// The contributions that have been added to gradients as they were computed.
    added: HashSet<Moment>,
}

type Result<T = ()> = std::result::Result<T, String>;

/// Simulates the plan of a pass, and returns an error if it is wrong.
pub fn play(pass: &Pass) -> Result {
    let mut player = Player::new(pass, Vec::new());
    player.steps(&pass.schedule.steps)?;
    player.results()
}

fn count(size: &Size) -> usize {
    crate::evaluate::size(size)
}

/// Returns the enclosing loops of a value, outermost first.
fn around(graph: &Graph, value: Value) -> Vec<Region> {
    let mut around: Vec<Region> = graph.enclosing(graph[value].region).collect();
    around.reverse();
    around
}

impl<'a> Player<'a> {
    fn new(pass: &'a Pass, iterations: Vec<(Region, usize)>) -> Self {
        let (memory, numbers, added) = (Vec::new(), Vec::new(), HashSet::new());
        Self { pass, memory, iterations, numbers, added }
    }

    /// Returns a size in the current iterations: the last group of a loop may be shorter than the others.
    fn count(&self, size: &Size) -> usize {
        let graph = &self.pass.graph;
        let here = self.iterations.iter().filter(|(region, _)| graph.is_over_groups(*region));
        count(&here.fold(size.clone(), |size, (region, group)| {
            size.with(&graph[*region].index, &Size::from(*group as u64))
        }))
    }

    /// Returns the current iteration of a loop, or of the loop that mirrors it.
    fn iteration_of(&self, region: Region) -> Option<usize> {
        let graph = &self.pass.graph;
        let same = |at: Region| at == region || graph[at].mirror == Some(region);
        self.iterations.iter().find(|(at, _)| same(*at)).map(|(_, iteration)| *iteration)
    }

    /// Returns a value as it is read in the current iterations.
    fn moment(&self, value: Value) -> Result<Moment> {
        let graph = &self.pass.graph;
        let around = around(graph, value);
        let iterations: Vec<usize> =
            around.iter().map_while(|region| self.iteration_of(*region)).collect();
        let after = usize::from(graph.is_carried(value));
        match iterations.len() + after < around.len() {
            true => Err(format!("{value} is read where it has no iteration")),
            false => Ok(Moment(value, iterations)),
        }
    }

    /// Returns true if a value was computed in the forward loop that the current loop mirrors.
    fn is_mirrored(&self, value: Value) -> bool {
        let graph = &self.pass.graph;
        let region = graph[value].region;
        region
            .is_some_and(|own| self.iterations.iter().any(|(at, _)| graph[*at].mirror == Some(own)))
    }

    fn put(&mut self, place: Place, moment: Moment) -> Result {
        if let Storage::Input(_)
        | Storage::Target(_)
        | Storage::OutputGradient(_)
        | Storage::Parameter(_) = place.home
        {
            return Err(format!("{moment:?} is written to {place:?}"));
        }
        // values written as parts of this value remain
        let is_part = |other: &Moment| {
            let part = self.pass.plan.parts.get(&other.0);
            part.is_some_and(|part| part.whole == moment.0) && other.1 == moment.1
        };
        let mut memory = Vec::new();
        for (other, what) in std::mem::take(&mut self.memory) {
            if is_part(&what) || !other.overlaps(&place) {
                memory.push((other, what));
                continue;
            }
            // as do ranges that are not overwritten
            let Place { home, range, part } = other;
            for range in [range.start..place.range.start, place.range.end..range.end] {
                if !range.is_empty() {
                    let kept = Place { home, range, part: part.clone() };
                    memory.push((kept, what.clone()));
                }
            }
        }
        self.memory = memory;
        self.memory.push((place, moment));
        Ok(())
    }

    /// Returns the place of a value that is read now, and checks that the value is there.
    fn find(&self, value: Value) -> Result<Place> {
        self.find_part(value, |place| place)
    }

    /// Like [`find`](Self::find), for a part of its place.
    fn find_part(&self, value: Value, part: impl Fn(Place) -> Place) -> Result<Place> {
        if let Op::Stack = self.pass.graph[value].op {
            return self.find_stack(value);
        }
        let (moment, place) = (self.moment(value)?, part(self.place(value)?));
        let leaf = matches!(self.pass.graph[value].op, Op::Leaf(_));
        // the next value of a state may have been written over it
        let over = |(at, what): &&(Place, Moment)| at.overlaps(&place) && what.1 == moment.1;
        if let Op::Leaf(Leaf::State(_)) = self.pass.graph[value].op
            && let Some((_, what)) = self.memory.iter().find(over)
        {
            return Err(format!("{moment:?} is overwritten by {what:?}"));
        }
        // it may have been written in several parts
        let mut pieces: Vec<&Range<usize>> = self
            .memory
            .iter()
            .filter(|(at, what)| at.home == place.home && *what == moment)
            .map(|(at, _)| &at.range)
            .collect();
        pieces.sort_by_key(|range| range.start);
        let mut end = place.range.start;
        for range in pieces.into_iter().filter(|range| range.end > place.range.start) {
            if range.start <= end {
                end = end.max(range.end);
            }
        }
        match leaf || end >= place.range.end {
            true => Ok(place),
            false => Err(format!("{moment:?} is not in {place:?}")),
        }
    }

    fn steps(&mut self, steps: &[Step]) -> Result {
        let numbers = self.numbers.len();
        for (index, step) in steps.iter().enumerate() {
            let played = match &step.kind {
                StepKind::Loop { region, steps, ends } => self.play(*region, steps, step, ends),
                StepKind::Product { product, then } => self.epilogue(product, then),
                _ => self.step(step, &|_, place| place),
            };
            played
                .map_err(|problem| format!("step {index} of {:?}: {problem}", self.iterations))?;
        }
        self.numbers.truncate(numbers);
        Ok(())
    }

    /// Simulates a step or a part of it: `part` restricts the place of each value.
    fn step(&mut self, step: &Step, part: &dyn Fn(Value, Place) -> Place) -> Result {
        let (graph, plan) = (&self.pass.graph, &self.pass.plan);
        let find = |read: &Value| self.find_part(*read, |place| part(*read, place));
        let reads = step.reads.iter().map(find).collect::<Result<Vec<_>>>()?;
        // operands that the step does not compute itself must be read, or be scalars in scope
        let values = step.kind.values();
        for operand in values.iter().flat_map(|value| &graph[*value].operands) {
            let inside = match &step.kind {
                StepKind::Elementwise(_) => values.contains(operand),
                StepKind::Rows(_) => values.contains(&graph.base(*operand)),
                _ => false,
            };
            let known = inside
                || step.reads.contains(&graph.base(*operand))
                || self.numbers.contains(operand)
                || graph.ty(*operand).is_number() && matches!(graph[*operand].op, Op::Leaf(_));
            if !known {
                return Err(format!("{:?} misses {operand}", step.kind));
            }
        }
        if let StepKind::Kernel(value) = step.kind {
            self.joined(value)?;
        }
        if let StepKind::Rows(rows) = &step.kind {
            self.rows(rows, step)?;
        }
        if let StepKind::Number(value) = step.kind {
            self.numbers.push(value);
        }
        let mut written: Vec<Place> = Vec::new();
        for value in step.writes.iter().filter(|value| !graph.ty(**value).is_number()) {
            let (moment, place) = (self.moment(*value)?, part(*value, self.place(*value)?));
            if let Storage::Gradient(_) = place.home {
                self.added.insert(moment);
                continue;
            }
            // a step may overwrite only the value that it replaces
            let replaced = plan.replaces.get(value);
            let clash = step.reads.iter().zip(&reads).find(|(read, at)| {
                let is_part = plan.parts.get(read).is_some_and(|part| part.whole == *value);
                at.overlaps(&place) && replaced != Some(read) && !is_part
            });
            if let Some((read, _)) = clash {
                return Err(format!("writes {value} over {read}, which it reads"));
            }
            let whole = plan.whole(*value);
            if whole != *value && step.reads.iter().any(|read| plan.whole(*read) == whole) {
                return Err(format!("writes {value} beside what it reads"));
            }
            if let StepKind::Accumulate { onto, .. } = step.kind
                && part(onto, self.place(onto)?) != place
            {
                return Err(format!("adds {value} to what is not {onto}"));
            }
            if written.iter().any(|other| other.overlaps(&place)) {
                return Err(format!("writes twice to {place:?}"));
            }
            written.push(place.clone());
            self.put(place, moment)?;
        }
        Ok(())
    }

    /// Checks that every part of a concatenated result is in its place.
    fn joined(&self, whole: Value) -> Result {
        let (graph, plan) = (&self.pass.graph, &self.pass.plan);
        let node = &graph[whole];
        let Some(Movement::Place(ConcatLayout { axis, starts, .. })) = graph.movement(whole) else {
            return Ok(());
        };
        let inner = self.count(&Size::product(&node.ty.shape[axis + 1..]));
        let stride = self.count(&node.ty.shape[axis]) * inner;
        for (operand, start) in node.operands.iter().zip(&starts) {
            let (value, start) = (graph.base(*operand), self.count(start) * inner);
            let end = start + self.count(&graph.shape(*operand)[axis]) * inner;
            if plan.parts.get(&value).is_some_and(|part| part.whole == whole) {
                let all = self.place(whole)?.range;
                let inside = |at: &usize| (start..end).contains(&((at - all.start) % stride));
                let there: BTreeSet<usize> = all.clone().filter(inside).collect();
                if self.place(value)?.part != Some(there) {
                    return Err(format!("{value} is no part of {whole}"));
                }
            }
        }
        Ok(())
    }

    /// Checks the results of the function, or of a loop's iteration.
    fn results(&mut self) -> Result {
        let graph = &self.pass.graph;
        let region = self.iterations.last().map(|(region, _)| *region);
        for root in self.pass.roots.iter().filter(|root| graph[root.value()].region == region) {
            let value = graph.base(root.value());
            let home = self.pass.plan.homes.get(&value);
            // every contribution to a gradient is added when it is computed, to one parameter
            let lost = match (root, home) {
                (Root::Gradient(c), Some(Storage::Gradient(parameter))) => {
                    c.parameter != *parameter || !self.added.remove(&self.moment(value)?)
                }
                (_, Some(Storage::Gradient(_))) => true,
                _ => false,
            };
            if lost {
                return Err(format!("{root:?} is lost"));
            }
            if !matches!(home, Some(Storage::Gradient(_))) {
                self.find(value).map_err(|problem| format!("{root:?} is lost: {problem}"))?;
            }
        }
        Ok(())
    }
}
