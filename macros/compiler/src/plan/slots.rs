//! The assignment of values to slots of the arena.

use super::liveness::{LiveRange, LiveRanges};
use super::{Plan, SlotSize, Storage};
use crate::fuse::Schedule;
use crate::fuse::cost::Estimate;
use crate::ir::{Graph, Value};
use crate::size::Size;
use std::collections::{BTreeSet, HashMap};

/// The slots under construction.
struct Slots(Vec<Slot>);

struct Slot {
    /// The last position at which the slot is in use.
    end: usize,
    /// The probable length.
    size: f64,
    /// The run-time sizes that the length grows with.
    growth: BTreeSet<Vec<(Size, u32)>>,
    /// `true` if it grows with the samples.
    batched: bool,
}

impl Plan {
    pub(super) fn assign_slots(
        &mut self,
        graph: &Graph,
        schedule: &Schedule,
        lives: &LiveRanges,
        estimate: Estimate<'_>,
    ) {
        let mut slots = Slots(Vec::new());
        let values = lives.values.iter().map(|(value, life)| (*value, *life, false));
        let saves = lives.saves.iter().map(|(value, life)| (*value, *life, true));
        let mut births: Vec<(Value, LiveRange, bool)> = values.chain(saves).collect();
        births.sort_by_key(|(value, life, save)| (life.first, *value, *save));
        let successors: HashMap<Value, Value> =
            self.replaces.iter().map(|(a, b)| (*b, *a)).collect();
        for (value, life, save) in births {
            if !save && self.homes.contains_key(&value) {
                continue;
            }
            let (len, batched) = (self.len(graph, value, save), graph.ty(value).batched);
            let size = estimate(&len);
            if save {
                let slot = self.slot(&mut slots, life.first, size, (&len, batched));
                slots.take(slot, life.last, size);
                self.need(slot, SlotSize { len, batched, skip_if: None });
                self.saves.insert(value, slot);
                continue;
            }
            // the slot is in use as long as any value that replaces this one lives
            let mut end = life.last;
            let mut next = value;
            while let Some(successor) = successors.get(&next) {
                next = *successor;
                end = end.max(lives.values[&next].last);
            }
            let slot = match self.replaces.get(&value).and_then(|operand| self.homes.get(operand)) {
                Some(Storage::Slot(slot)) => *slot,
                // the next value of a carried value that is in the caller's output
                Some(home @ Storage::Output(_)) => {
                    self.homes.insert(value, *home);
                    continue;
                }
                _ => self.slot(&mut slots, life.first, size, (&len, batched)),
            };
            slots.take(slot, end, size);
            let skip_if = schedule.kept.get(&value).map(|(activation, _)| activation.clone());
            self.need(slot, SlotSize { len, batched, skip_if });
            self.homes.insert(value, Storage::Slot(slot));
        }
    }

    /// Returns the scalars of a value, for each sample if it is batched, in all iterations that are kept apart.
    fn len(&self, graph: &Graph, value: Value, save: bool) -> Size {
        let len = graph.ty(value).len();
        match self.stacks.get(&value) {
            Some(regions) if save || !graph.is_carried(value) => {
                graph.most_iterations(regions).times(&len)
            }
            _ => len,
        }
    }

    fn need(&mut self, slot: usize, need: SlotSize) {
        if !self.slots[slot].contains(&need) {
            self.slots[slot].push(need);
        }
    }

    /// Returns a free slot, or adds one.
    fn slot(&mut self, slots: &mut Slots, at: usize, size: f64, len: (&Size, bool)) -> usize {
        slots.best_free(at, size, len).unwrap_or_else(|| {
            let (len, batched) = len;
            slots.0.push(Slot { end: 0, size: 0.0, growth: len.growth(), batched });
            self.slots.push(Vec::new());
            slots.0.len() - 1
        })
    }
}

impl Slots {
    /// Marks a slot as in use until a position.
    fn take(&mut self, slot: usize, end: usize, size: f64) {
        let slot = &mut self.0[slot];
        (slot.end, slot.size) = (slot.end.max(end), slot.size.max(size));
    }

    /// Returns the free slot that fits best: the shortest that is long enough, else the longest.
    fn best_free(&self, at: usize, size: f64, (len, batched): (&Size, bool)) -> Option<usize> {
        let growth = len.growth();
        let alike = |slot: &Slot| slot.growth == growth && slot.batched == batched;
        let fits = |slot: &Slot| slot.end < at && alike(slot);
        let free = || self.0.iter().enumerate().filter(|(_, slot)| fits(slot));
        let by_size = |a: &(usize, &Slot), b: &(usize, &Slot)| a.1.size.total_cmp(&b.1.size);
        let enough = free().filter(|(_, slot)| slot.size >= size).min_by(by_size);
        enough.or_else(|| free().max_by(by_size)).map(|(slot, _)| slot)
    }
}
