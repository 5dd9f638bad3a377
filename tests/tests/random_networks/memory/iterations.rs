//! Simulates the iterations of a loop.

use super::{Moment, Place, Player, Result};
use monograd_compiler::fuse::Step;
use monograd_compiler::ir::Value;
use monograd_compiler::ir::loops::Region;
use monograd_compiler::plan::Storage;
use monograd_compiler::size::Size;

impl Player<'_> {
    /// Simulates a loop.
    pub(super) fn play(
        &mut self,
        region: Region,
        steps: &[Step],
        step: &Step,
        ends: &[Value],
    ) -> Result {
        let graph = &self.pass.graph;
        let (carried, collected): (Vec<Value>, Vec<Value>) =
            step.writes.iter().partition(|value| graph.is_carried(**value));
        // a loop over groups has places for values that the loop inside it collects
        let of_groups =
            collected.iter().filter(|value| graph[**value].op.collects() != Some(region));
        let of_groups: Vec<Value> = of_groups.copied().collect();
        let own = graph.values().filter(|value| graph[*value].op.collects() == Some(region));
        let collected: Vec<Value> = match graph.grouped(region) {
            Some(_) => own.filter(|value| self.pass.plan.homes.contains_key(value)).collect(),
            None => collected.into_iter().filter(|value| !of_groups.contains(value)).collect(),
        };
        let (count, all) = (self.count(&graph[region].count), self.count(&graph.course(region).1));
        let reversed = graph[region].reversed;
        let iteration = |index: usize| if reversed { count - 1 - index } else { index };
        self.begin(&carried, step)?;
        for index in 0..count {
            self.iterations.push((region, iteration(index)));
            for value in &carried {
                // the value that was put there for this iteration
                let (place, moment) = (self.place(*value)?, self.moment(*value)?);
                self.put(place.clone(), moment.clone())?;
                if let Some(slot) = self.pass.plan.saves.get(value) {
                    let groups = graph[region].groups.as_ref();
                    let len = groups.map(|groups| self.count(&groups.len));
                    if len.is_some_and(|len| index % len != 0) {
                        continue;
                    }
                    // a loop with groups saves only the value at the beginning of each group
                    let last = self.iterations.len() - 1;
                    self.iterations[last].1 = len.map_or(iteration(index), |len| index / len);
                    let saved = self.place_of_iteration(*value, Storage::Slot(*slot))?;
                    let moment = self.moment(*value)?;
                    self.iterations[last].1 = iteration(index);
                    self.put(saved, moment)?;
                }
            }
            self.steps(steps)?;
            self.results()?;
            for end in ends {
                self.find(*end)?;
            }
            for sequence in &collected {
                let moment = self.moment(*sequence)?;
                let len = self.len(*sequence) / all;
                let place = self.place(*sequence)?;
                let at = self.place_in_course(region, iteration(index));
                let start = place.range.start + at * len;
                let Moment(_, mut iterations) = moment;
                iterations.push(at);
                let place = Place { range: start..start + len, ..place };
                self.put(place, Moment(*sequence, iterations))?;
            }
            self.go_on(region, &carried)?;
            self.iterations.pop();
        }
        for value in &carried {
            let (place, moment) = (self.place(*value)?, self.moment(*value)?);
            self.put(place, moment)?;
        }
        if graph.grouped(region).is_none() {
            collected.into_iter().try_for_each(|sequence| self.whole(sequence, count))?;
        }
        of_groups.into_iter().try_for_each(|sequence| {
            let all = self.count(&graph.shape(sequence)[0]);
            self.whole(sequence, all)
        })
    }

    /// Returns the number of an iteration among all iterations of its loop.
    fn place_in_course(&self, region: Region, iteration: usize) -> usize {
        let graph = &self.pass.graph;
        match graph.place_in_course(region) {
            Some((_, number)) => {
                self.count(&number.with(&graph[region].index, &Size::from(iteration as u64)))
            }
            None => iteration,
        }
    }

    /// Initialises the loop-carried values, by copying or in place.
    fn begin(&mut self, carried: &[Value], step: &Step) -> Result {
        let graph = &self.pass.graph;
        let initial = |value: &Value| graph.base(graph[*value].operands[0]);
        for read in &step.reads {
            self.find(*read)?;
        }
        for value in carried {
            let from = self.find(initial(value))?;
            let to = self.place(*value)?;
            if !self.pass.plan.replaces.contains_key(value) {
                if from.overlaps(&to) {
                    return Err(format!("{value} begins over {}", initial(value)));
                }
                let moment = self.moment(*value)?;
                self.put(to, moment)?;
            }
        }
        // no initial value may have been overwritten by another
        let replacing = |value: &&Value| self.pass.plan.replaces.contains_key(value);
        carried.iter().filter(replacing).try_for_each(|value| self.find(initial(value)).map(drop))
    }

    /// Moves the next values of the loop-carried values to where the next iteration reads them, unless they
    /// are already there.
    fn go_on(&mut self, region: Region, carried: &[Value]) -> Result {
        let graph = &self.pass.graph;
        let goes_on = |value: &Value| {
            let carried = graph[region].carried.iter().find(|carried| carried.value == *value);
            graph.base(carried.expect("a carried value").next)
        };
        for value in carried {
            let (next, there) = (goes_on(value), self.place(*value)?);
            let from = self.find(next)?;
            if next != *value && self.pass.plan.replaces.get(&next) != Some(value) {
                let moment = self.moment(next)?;
                self.put(there, moment)?;
            } else if from != there {
                return Err(format!("{next} goes on where {value} is not"));
            }
        }
        // no copy may have been overwritten by another
        for value in carried {
            let (moment, place) = (self.moment(goes_on(value))?, self.place(*value)?);
            if !self.memory.contains(&(place, moment)) {
                return Err(format!("{value} is lost on the way to the next iteration"));
            }
        }
        Ok(())
    }

    /// Checks that the operand of a stack is in its place for all iterations, and returns the whole place.
    pub(super) fn find_stack(&self, stack: Value) -> Result<Place> {
        let (graph, plan) = (&self.pass.graph, &self.pass.plan);
        let value = graph[stack].operands[0];
        let region = self.iterations.last().map(|(region, _)| *region);
        let ended = graph.ended(value, region);
        let home = match plan.saves.get(&value) {
            Some(slot) => Storage::Slot(*slot),
            None => *plan.homes.get(&value).ok_or(format!("{value} has no home"))?,
        };
        let mut players = vec![self.iterations.clone()];
        for region in &ended {
            let longer = |iterations: &Vec<(Region, usize)>| {
                let iterations = iterations.clone();
                (0..self.count(&graph[*region].count))
                    .map(move |iteration| [&iterations[..], &[(*region, iteration)]].concat())
                    .collect::<Vec<_>>()
            };
            players = players.iter().flat_map(longer).collect();
        }
        let mut whole: Option<Place> = None;
        for iterations in players {
            let there = Player::new(self.pass, iterations);
            let (place, moment) = (there.place_of_iteration(value, home)?, there.moment(value)?);
            if !self.memory.contains(&(place.clone(), moment.clone())) {
                return Err(format!(
                    "{moment:?} is not in {place:?}, where all iterations are read"
                ));
            }
            let start = whole.as_ref().map_or(place.range.start, |whole| whole.range.start);
            whole = Some(Place { range: start..place.range.end, ..place });
        }
        whole.ok_or(format!("{value} has no iterations"))
    }

    /// Checks that every iteration has written its piece of a sequence.
    fn whole(&mut self, sequence: Value, count: usize) -> Result {
        let (place, moment) = (self.place(sequence)?, self.moment(sequence)?);
        let piece = |iteration: usize| {
            let Moment(value, mut iterations) = moment.clone();
            iterations.push(iteration);
            let len = place.range.len() / count;
            let start = place.range.start + iteration * len;
            (Place { range: start..start + len, ..place.clone() }, Moment(value, iterations))
        };
        if let Some(iteration) =
            (0..count).find(|iteration| !self.memory.contains(&piece(*iteration)))
        {
            return Err(format!("{sequence} misses iteration {iteration}"));
        }
        self.put(place, moment)
    }
}
