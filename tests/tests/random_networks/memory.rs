//! Plays a plan: steps put values into their places, and every step must find what it reads there.
//!
//! Loops are played iteration by iteration, with the addresses that generated code would use.

mod epilogue;
mod iterations;
mod place;
mod rows;

use monograd_compiler::fuse::{Root, Step, StepKind};
use monograd_compiler::ir::iterations::Region;
use monograd_compiler::ir::kernel::Joined;
use monograd_compiler::ir::{Graph, Op, Type, Value};
use monograd_compiler::pass::Pass;
use monograd_compiler::plan::Home;
use monograd_compiler::size::Size;
use place::Place;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

const SAMPLES: usize = 2;

/// A value in an iteration of each loop around it, from the outside in. What is carried by a loop has one
/// iteration less after that loop.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Moment(Value, Vec<usize>);

/// What is in memory while a plan is played.
struct Player<'a> {
    pass: &'a Pass,
    memory: Vec<(Place, Moment)>,
    /// The present iterations, from the outside in.
    iterations: Vec<(Region, usize)>,
    /// Numbers that can be named here.
    numbers: Vec<Value>,
    /// What was added to a gradient as it was computed.
    added: HashSet<Moment>,
}

type Result<T = ()> = std::result::Result<T, String>;

/// What is wrong with a plan, if anything is.
pub fn play(pass: &Pass) -> Result {
    let mut player = Player::new(pass, Vec::new());
    player.steps(&pass.schedule.steps)?;
    player.results()
}

fn count(size: &Size) -> usize {
    usize::try_from(size.constant().expect("a constant")).expect("a length")
}

/// The loops around a value, from the outside in.
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

    /// A size in the present iterations: the last of a loop's groups may be shorter.
    fn count(&self, size: &Size) -> usize {
        let graph = &self.pass.graph;
        let here = self.iterations.iter().filter(|(region, _)| graph.is_over_groups(*region));
        count(&here.fold(size.clone(), |size, (region, group)| {
            size.with(&graph[*region].index, &Size::from(*group as u64))
        }))
    }

    /// The present iteration of a loop, or of the one that mirrors it.
    fn iteration_of(&self, region: Region) -> Option<usize> {
        let graph = &self.pass.graph;
        let same = |at: Region| at == region || graph[at].mirror == Some(region);
        self.iterations.iter().find(|(at, _)| same(*at)).map(|(_, iteration)| *iteration)
    }

    /// A value as it is read now.
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

    /// Whether a value was computed in the loop that the present one goes back through.
    fn is_mirrored(&self, value: Value) -> bool {
        let graph = &self.pass.graph;
        let region = graph[value].region;
        region
            .is_some_and(|own| self.iterations.iter().any(|(at, _)| graph[*at].mirror == Some(own)))
    }

    fn put(&mut self, place: Place, moment: Moment) -> Result {
        if let Home::Input(_) | Home::Target(_) | Home::OutputGradient(_) | Home::Parameter(_) =
            place.home
        {
            return Err(format!("{moment:?} is written to {place:?}"));
        }
        // what is written as a part of it stays
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
            // and what is not written over
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

    /// The place of a value that is read now and has to be there.
    fn find(&self, value: Value) -> Result<Place> {
        self.find_part(value, |place| place)
    }

    /// The same for a part of its place.
    fn find_part(&self, value: Value, part: impl Fn(Place) -> Place) -> Result<Place> {
        if let Op::Stack = self.pass.graph[value].op {
            return self.find_stack(value);
        }
        let (moment, place) = (self.moment(value)?, part(self.place(value)?));
        let leaf = matches!(self.pass.graph[value].op, Op::Leaf(_));
        // it may have been written piece by piece
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
                StepKind::Iterations { region, steps, ends } => {
                    self.play(*region, steps, step, ends)
                }
                StepKind::Product { product, then } => self.epilogue(product, then),
                _ => self.step(step, &|_, place| place),
            };
            played
                .map_err(|problem| format!("step {index} of {:?}: {problem}", self.iterations))?;
        }
        self.numbers.truncate(numbers);
        Ok(())
    }

    /// A step, or a part of it: `part` is what it takes of the place of a value.
    fn step(&mut self, step: &Step, part: &dyn Fn(Value, Place) -> Place) -> Result {
        let (graph, plan) = (&self.pass.graph, &self.pass.plan);
        let find = |read: &Value| self.find_part(*read, |place| part(*read, place));
        let reads = step.reads.iter().map(find).collect::<Result<Vec<_>>>()?;
        // whatever is not computed by the step itself is read, or a number
        let values = step.kind.values();
        for operand in values.iter().flat_map(|value| &graph[*value].operands) {
            let inside = match &step.kind {
                StepKind::Loop(_) => values.contains(operand),
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
            if let Home::Gradient(_) = place.home {
                self.added.insert(moment);
                continue;
            }
            // a step may overwrite only what it replaces
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

    /// Every part of a result that is put together has to be where its operand belongs.
    fn joined(&self, whole: Value) -> Result {
        let (graph, plan) = (&self.pass.graph, &self.pass.plan);
        let node = &graph[whole];
        let Op::Kernel(kernel) = &node.op else { return Ok(()) };
        let types: Vec<&Type> = node.operands.iter().map(|operand| graph.ty(*operand)).collect();
        let Some(Joined { axis, starts, .. }) = kernel.joined(&types) else { return Ok(()) };
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

    /// What the function, or the iteration of a loop, is for.
    fn results(&mut self) -> Result {
        let graph = &self.pass.graph;
        let region = self.iterations.last().map(|(region, _)| *region);
        for root in self.pass.roots.iter().filter(|root| graph[root.value()].region == region) {
            let value = graph.base(root.value());
            let home = self.pass.plan.homes.get(&value);
            // every contribution to a gradient is added when it is computed, to one parameter
            let lost = match (root, home) {
                (Root::Gradient(c), Some(Home::Gradient(parameter))) => {
                    c.parameter != *parameter || !self.added.remove(&self.moment(value)?)
                }
                (_, Some(Home::Gradient(_))) => true,
                _ => false,
            };
            if lost {
                return Err(format!("{root:?} is lost"));
            }
            if !matches!(home, Some(Home::Gradient(_))) {
                self.find(value).map_err(|problem| format!("{root:?} is lost: {problem}"))?;
            }
        }
        Ok(())
    }
}
