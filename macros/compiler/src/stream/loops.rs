//! Loops in the streaming form: a step is one iteration of a loop along the streamed axis, a block as
//! many as it has steps; any other loop remains one.

use super::Stepper;
use super::state::Kept;
use crate::ir::Value;
use crate::ir::loops::{Loop, Region};
use crate::ir::step::{AxisMode, Refusal};

/// The reason for refusing a loop that ends where a stream begins.
const FROM_THE_LAST: &str = "this loop goes from the last element to the first";

impl Stepper<'_> {
    /// Returns true if a loop goes along the streamed axis.
    pub(super) fn is_along(&self, region: Region) -> bool {
        self.from[region].count == self.length
    }

    /// Returns the region of the step for the nodes of a region of the whole pass.
    pub(super) fn region_of(&mut self, region: Option<Region>) -> Result<Option<Region>, Refusal> {
        let Some(region) = region else { return Ok(None) };
        if self.is_along(region) && !self.is_block() {
            return self.region_of(self.from[region].parent);
        }
        if !self.regions.contains_key(&region) {
            match self.is_along(region) {
                true => self.go_on(region)?,
                false => self.repeat(region)?,
            }
        }
        Ok(self.regions.get(&region).copied())
    }

    /// Opens a loop that remains one, with its carried values.
    fn repeat(&mut self, region: Region) -> Result<(), Refusal> {
        let from = self.from;
        let iterations = &from[region];
        if iterations.count.is_dynamic() {
            let value = iterations.carried.first().map_or(Value(0), |carried| carried.value);
            let reason = format!("this loop has {} iterations", iterations.count);
            return self.refuse(value, reason);
        }
        let around = self.to.region;
        let parent = self.region_of(iterations.parent)?;
        self.to.region = parent;
        let mut initial = Vec::new();
        for carried in &iterations.carried {
            let begin = from[carried.value].operands[0];
            let modes = self.now(begin);
            initial.push(self.at(begin, &modes)?.value);
        }
        let inside = Loop { parent, carried: Vec::new(), ..iterations.clone() };
        self.fill(region, inside, initial)?;
        self.to.region = around;
        Ok(())
    }

    /// Opens a loop of a block along the streamed axis: it begins with what earlier steps have left in
    /// states, and leaves its own there.
    fn go_on(&mut self, region: Region) -> Result<(), Refusal> {
        let from = self.from;
        let iterations = &from[region];
        if iterations.reversed && !iterations.carried.is_empty() {
            let value = iterations.carried[0].value;
            return self.refuse(value, FROM_THE_LAST);
        }
        let around = self.to.region;
        let parent = self.region_of(iterations.parent)?;
        self.to.region = parent;
        let (mut initial, mut states) = (Vec::new(), Vec::new());
        for carried in &iterations.carried {
            let begin = from[carried.value].operands[0];
            let modes = self.now(begin);
            let begin = self.at(begin, &modes)?.value;
            self.to.region = parent;
            let ty = from.ty(carried.value);
            let (name, kept) = (&from[carried.value].name, Kept::Carried(carried.value));
            let (state, before) = self.state(kept, ty.shape.clone(), ty.len(), name)?;
            states.push(state);
            initial.push(self.beginning(before, begin));
        }
        let inside = Loop {
            parent,
            count: self.form.now.clone(),
            index: iterations.index.clone(),
            reversed: false,
            per_iteration_params: iterations.per_iteration_params,
            checkpoint: false,
            truncate: None,
            groups: None,
            recomputed: None,
            mirror: None,
            carried: Vec::new(),
        };
        let carried = self.fill(region, inside, initial)?;
        self.to.region = parent;
        for (state, carried) in states.into_iter().zip(carried) {
            let last = self.to.last(carried);
            self.keep(state, last);
        }
        self.to.region = around;
        Ok(())
    }

    /// Derives the content of a loop: its carried values, which it returns, and what is collected of it.
    fn fill(
        &mut self,
        region: Region,
        inside: Loop,
        initial: Vec<Value>,
    ) -> Result<Vec<Value>, Refusal> {
        let from = self.from;
        let iterations = &from[region];
        let opened = self.to.open(inside);
        self.regions.insert(region, opened);
        let mut all = Vec::new();
        for (carried, initial) in iterations.carried.iter().zip(initial) {
            let modes = self.now(carried.value);
            let initial = self.to.init_carry(initial, &self.ty(carried.value, &modes));
            let value = self.to.carry(initial);
            self.to.name(value, &from[carried.value].name);
            self.known.insert((carried.value, modes), value.into());
            all.push(value);
        }
        for (carried, value) in iterations.carried.iter().zip(&all) {
            let modes = self.now(carried.next);
            self.to.region = Some(opened);
            let next = self.at(carried.next, &modes)?.value;
            self.to.region = Some(opened);
            let next = self.to.materialize_next(next, *value);
            self.to.set_next(*value, next);
        }
        // what follows the loop stands behind all of it
        for sequence in from.values() {
            if self.alive.contains(&sequence) && from[sequence].op.collects() == Some(region) {
                let inside = from[sequence].operands[0];
                let modes = self.now(inside);
                self.at(inside, &modes)?;
            }
        }
        Ok(all)
    }

    /// Returns a carried value; that of a loop along the streamed axis is a state.
    pub(super) fn carried(&mut self, value: Value, region: Region) -> Result<Value, Refusal> {
        let from = self.from;
        let modes = self.now(value);
        if !self.is_along(region) {
            return match self.known.get(&(value, modes)) {
                Some(known) => Ok(known.value),
                None => self.refuse(value, "it is needed before its loop"),
            };
        }
        if from[region].reversed {
            return self.refuse(value, FROM_THE_LAST);
        }
        if self.is_block() {
            self.region_of(Some(region))?;
            return match self.known.get(&(value, modes)) {
                Some(known) => Ok(known.value),
                None => self.refuse(value, "it is needed before its loop"),
            };
        }
        let begin = from[value].operands[0];
        let begins = self.now(begin);
        let initial = self.at(begin, &begins)?.value;
        let ty = self.ty(value, &modes);
        let kept = Kept::Carried(value);
        let (index, state) = self.state(kept, ty.shape.clone(), ty.len(), &from[value].name)?;
        let present = self.beginning(state, initial);
        if let Some(carried) = from[region].carried.iter().find(|c| c.value == value) {
            self.later.push((index, carried.next));
        }
        Ok(present)
    }

    /// Returns the final value of a loop; of one along the streamed axis, its value so far.
    pub(super) fn last(&mut self, value: Value) -> Result<Value, Refusal> {
        let carried = self.from[value].operands[0];
        let modes = self.now(carried);
        let Some(region) = self.from[carried].region else {
            return self.refuse(value, "it is no loop's");
        };
        if self.is_along(region) && !self.is_block() {
            let found = self.from[region].carried.iter().find(|c| c.value == carried);
            let next = found.map_or(carried, |carried| carried.next);
            let modes = self.now(next);
            return Ok(self.at(next, &modes)?.value);
        }
        self.region_of(Some(region))?;
        let inside = self.at(carried, &modes)?.value;
        let region = self.region_of(self.from[value].region)?;
        self.to.region = region;
        Ok(self.to.last(inside))
    }

    /// Returns the values of all iterations, or that of the current one for a loop along the
    /// streamed axis.
    pub(super) fn collected(
        &mut self,
        value: Value,
        region: Region,
        modes: &[AxisMode],
    ) -> Result<Value, Refusal> {
        let inside = self.from[value].operands[0];
        let stepped = self.at(inside, &modes[1..])?.value;
        // without carried values, the order of iterations does not matter
        let along = self.is_along(region);
        if along && self.from[region].reversed && !self.from[region].carried.is_empty() {
            return self.refuse(value, FROM_THE_LAST);
        }
        if along && !self.is_block() {
            let shape = self.ty(value, modes).shape;
            return Ok(self.to.view(stepped, shape));
        }
        let Some(opened) = self.region_of(Some(region))? else {
            return self.refuse(value, "it is no loop's");
        };
        self.to.region = self.to[opened].parent;
        Ok(self.to.collect(opened, stepped))
    }
}
