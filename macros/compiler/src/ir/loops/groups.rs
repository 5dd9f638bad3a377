//! Loops whose iterations are computed again group by group in the backward pass, so that the
//! values that it needs are kept of one group at a time.
//!
//! The forward loop saves its carried values at the beginning of each group. The backward pass is a
//! loop over the groups, from the last to the first: it computes the iterations of a group again,
//! now keeping what is needed, and then differentiates them in reverse.

use super::{Graph, Region};
use crate::size::Size;

/// The groups of a loop's iterations, in the order in which they run.
#[derive(Clone, Debug)]
pub struct Groups {
    /// Number of iterations in a group; the last group has the remainder.
    pub len: Size,
    /// The name of the group number, in sizes and in generated code.
    pub index: String,
}

impl Groups {
    /// Returns the group number, as a size.
    #[must_use]
    pub fn number(&self) -> Size {
        Size::symbol(self.index.clone())
    }

    /// Returns the number of groups for this number of iterations.
    #[must_use]
    pub fn count(&self, iterations: &Size) -> Size {
        let all = iterations.plus(&self.len).minus(&Size::one());
        all.over(&self.len).unwrap_or_else(Size::one)
    }

    /// Returns the number of iterations in the current group, for this number of iterations in
    /// total.
    #[must_use]
    pub fn present(&self, iterations: &Size) -> Size {
        self.len.least(&iterations.minus(&self.number().times(&self.len)))
    }
}

impl Graph {
    /// Returns the loop one of whose groups this loop computes again, with the groups.
    #[must_use]
    pub fn grouped(&self, region: Region) -> Option<(Region, &Groups)> {
        let whole = self[region].recomputed?;
        self[whole].groups.as_ref().map(|groups| (whole, groups))
    }

    /// Returns the loop of the forward pass that a loop computes again, or the loop itself.
    #[must_use]
    pub fn first_course(&self, mut region: Region) -> Region {
        while let Some(again) = self[region].recomputed {
            region = again;
        }
        region
    }

    /// Returns true if a loop is the backward loop over the groups of another.
    #[must_use]
    pub fn is_over_groups(&self, region: Region) -> bool {
        self[region].groups.is_some() && self[region].mirror.is_some()
    }

    /// Returns the iteration number and the number of iterations; for a loop over one group, those
    /// of the whole loop.
    #[must_use]
    pub fn course(&self, region: Region) -> (Size, Size) {
        let whole = self.grouped(region).map_or(region, |(whole, _)| whole);
        (self[whole].iteration(), self[whole].count.clone())
    }

    /// Returns the index at which the values of the current iteration are kept, and the number of
    /// such indices: one per group if a loop saves its carried values at the beginning of a group.
    pub(in crate::ir) fn kept(&self, region: Region) -> (Size, Size) {
        let iterations = &self[region];
        match &iterations.groups {
            Some(groups) if iterations.mirror.is_none() => {
                (groups.number(), groups.count(&iterations.count))
            }
            _ => (iterations.iteration(), iterations.count.clone()),
        }
    }

    /// Returns an upper bound of [`iterations`](Self::iterations): no group is longer than the
    /// first.
    #[must_use]
    pub fn most_iterations(&self, regions: &[Region]) -> Size {
        let iterations = self.iterations(regions);
        let groups = self.regions.iter().filter_map(|iterations| iterations.groups.as_ref());
        groups
            .fold(iterations, |iterations, groups| iterations.with(&groups.index, &Size::default()))
    }

    /// Returns the index of the current iteration among those of several loops, the last of which
    /// is the innermost. It is the same when an iteration is computed again.
    #[must_use]
    pub fn number_of_iteration(&self, regions: &[Region]) -> Size {
        let loops = regions.iter().filter(|region| !self.is_over_groups(**region));
        loops.fold(Size::default(), |number, region| {
            let (iteration, count) = self.course(*region);
            number.times(&count).plus(&iteration)
        })
    }

    /// Returns the name of the whole loop's iteration number, and that number computed from the
    /// position in the group, for a loop over one group.
    #[must_use]
    pub fn place_in_course(&self, region: Region) -> Option<(&str, Size)> {
        let (whole, groups) = self.grouped(region)?;
        let whole = &self[whole];
        let run = groups.number().times(&groups.len).plus(&self[region].iteration());
        let number = match whole.reversed {
            false => run,
            true => whole.count.minus(&Size::one()).minus(&run),
        };
        Some((&whole.index, number))
    }

    /// Returns the number of iterations that have run before the current one.
    #[must_use]
    pub fn iterations_before(&self, region: Region) -> Size {
        let iterations = &self[region];
        match iterations.reversed {
            false => iterations.iteration(),
            true => iterations.count.minus(&Size::one()).minus(&iterations.iteration()),
        }
    }

    /// Returns a name like `wish` for an iteration or group number that no loop uses yet.
    #[must_use]
    pub fn fresh_index(&self, wish: &str) -> String {
        let taken = |name: &String| {
            let of_groups = |iterations: &super::Loop| {
                iterations.groups.as_ref().is_some_and(|groups| groups.index == *name)
            };
            self.regions.iter().any(|iterations| iterations.index == *name || of_groups(iterations))
        };
        let numbered = (1..).map(|i| format!("{wish}_{i}"));
        let mut names = std::iter::once(wish.to_owned()).chain(numbered);
        names.find(|name| !taken(name)).unwrap_or_default()
    }
}
