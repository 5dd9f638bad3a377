//! Loops in the streaming form: a step is one iteration of a loop along the streamed axis; any
//! other loop remains one.

use super::Stepper;
use crate::ir::Value;
use crate::ir::loops::{Loop, Region};
use crate::ir::step::{AxisMode, Refusal};

impl Stepper<'_> {
    /// Returns true if a loop goes along the streamed axis.
    pub(super) fn is_along(&self, region: Region) -> bool {
        self.from[region].count == self.length
    }

    /// Returns the region of the step for the nodes of a region of the whole pass.
    pub(super) fn region_of(&mut self, region: Option<Region>) -> Result<Option<Region>, Refusal> {
        let Some(region) = region else { return Ok(None) };
        if self.is_along(region) {
            return self.region_of(self.from[region].parent);
        }
        if !self.regions.contains_key(&region) {
            self.repeat(region)?;
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
        let opened = self.to.open(inside);
        self.regions.insert(region, opened);
        for (carried, initial) in iterations.carried.iter().zip(initial) {
            let value = self.to.carry(initial);
            self.to.name(value, &from[carried.value].name);
            let modes = self.now(carried.value);
            self.known.insert((carried.value, modes), value.into());
        }
        for carried in &iterations.carried {
            let modes = self.now(carried.next);
            self.to.region = Some(opened);
            let next = self.at(carried.next, &modes)?.value;
            let modes = self.now(carried.value);
            let value = self.known[&(carried.value, modes)].value;
            self.to.region = Some(opened);
            let next = self.to.materialize_next(next, value);
            self.to.set_next(value, next);
        }
        self.to.region = around;
        Ok(())
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
            return self.refuse(value, "this loop goes from the last element to the first");
        }
        let begin = from[value].operands[0];
        let begins = self.now(begin);
        let initial = self.at(begin, &begins)?.value;
        let ty = self.ty(value, &modes);
        let (index, state) = self.state(ty.shape.clone(), ty.len(), &from[value].name);
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
        if self.is_along(region) {
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
        if self.is_along(region) {
            // without carried values, the order of iterations does not matter
            if self.from[region].reversed && !self.from[region].carried.is_empty() {
                return self.refuse(value, "this loop goes from the last element to the first");
            }
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
