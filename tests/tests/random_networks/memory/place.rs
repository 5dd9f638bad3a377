//! The places of values in the simulated memory.

use super::{Player, Result, SAMPLES, count};
use monograd_compiler::ir::Value;
use monograd_compiler::plan::Storage;
use monograd_compiler::size::Size;
use std::collections::BTreeSet;
use std::ops::Range;

/// A range of memory in a home.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub home: Storage,
    /// The range of scalars of the home.
    pub range: Range<usize>,
    /// The scalars of the home that belong to it, if not the whole range.
    pub part: Option<BTreeSet<usize>>,
}

impl Place {
    pub fn overlaps(&self, other: &Self) -> bool {
        let (a, b) = (&self.range, &other.range);
        let both = a.start.max(b.start)..a.end.min(b.end);
        self.home == other.home && both.into_iter().any(|at| self.has(at) && other.has(at))
    }

    fn has(&self, scalar: usize) -> bool {
        self.part.as_ref().is_none_or(|part| part.contains(&scalar))
    }
}

impl Player<'_> {
    pub(super) fn place(&self, value: Value) -> Result<Place> {
        let plan = &self.pass.plan;
        if let Some(part) = plan.parts.get(&value) {
            let whole = self.place(part.whole)?;
            let mut scalars = vec![whole.range.start + count(&part.layout.start())];
            let mut along = |size: usize, stride: &Size| {
                let stride = count(stride);
                let at = |at: &usize| (*at..).step_by(stride.max(1)).take(size).collect::<Vec<_>>();
                scalars = scalars.iter().flat_map(at).collect();
            };
            part.layout.sample.iter().for_each(|stride| along(SAMPLES, stride));
            part.layout.axes.iter().for_each(|axis| along(count(&axis.size), &axis.stride));
            let part: BTreeSet<usize> = scalars.into_iter().collect();
            let fits = part.len() == self.len(value) && whole.range.contains(part.last().unwrap());
            return match fits {
                true => Ok(Place { part: Some(part), ..whole }),
                false => Err(format!("{value} does not fit into {whole:?}")),
            };
        }
        let carried = self.pass.graph.is_carried(value);
        if carried && self.is_mirrored(value) {
            let slot = plan.saves.get(&value).ok_or(format!("{value} was not saved"))?;
            return self.place_of_iteration(value, Storage::Slot(*slot));
        }
        let home = *plan.homes.get(&value).ok_or(format!("{value} has no home"))?;
        if let Some(replaced) = plan.replaces.get(&value) {
            let place = self.place(*replaced)?;
            let same = place.home == home && place.range.len() == self.len(value);
            return same.then_some(place).ok_or(format!("{value} is not in place of {replaced}"));
        }
        match (home, plan.stacks.contains_key(&value) && !carried) {
            (Storage::Slot(_), true) => self.place_of_iteration(value, home),
            _ => self.within(Place { home, range: 0..self.len(value), part: None }),
        }
    }

    pub(super) fn place_of_iteration(&self, value: Value, home: Storage) -> Result<Place> {
        let graph = &self.pass.graph;
        let regions = self.pass.plan.stacks.get(&value).ok_or(format!("{value} has no stack"))?;
        let mut number = 0;
        for region in regions {
            let iteration =
                self.iteration_of(*region).ok_or(format!("{value} is read in no iteration"))?;
            number = number * self.count(&graph.iterations(&[*region])) + iteration;
        }
        let len = self.len(value);
        self.within(Place { home, range: number * len..(number + 1) * len, part: None })
    }

    /// Returns the place, or an error if the slot is too short for it.
    fn within(&self, place: Place) -> Result<Place> {
        if let Storage::Slot(slot) = place.home {
            let needs = self.pass.plan.slots[slot].iter();
            let len = SAMPLES * needs.map(|need| count(&need.len)).max().unwrap_or_default();
            if place.range.end > len {
                return Err(format!("{place:?} is beyond the slot's {len}"));
            }
        }
        Ok(place)
    }

    pub(super) fn len(&self, value: Value) -> usize {
        let ty = self.pass.graph.ty(value);
        self.count(&ty.len()) * if ty.batched { SAMPLES } else { 1 }
    }
}
