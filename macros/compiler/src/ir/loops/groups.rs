//! Loops whose iterations are gone through again group by group in the backward pass, so that what it
//! needs is kept of one group at a time.
//!
//! The forward loop saves what it carries where a group begins. The backward pass is a loop over the
//! groups, from the last to the first: each is gone through once more, now keeping what is needed, and
//! then backwards.

use super::{Graph, Region};
use crate::size::Size;

/// Groups of a loop's iterations, in the order in which they run.
#[derive(Clone, Debug)]
pub struct Groups {
    /// Iterations of a group; the last group has what is left.
    pub len: Size,
    /// The name of a group's number, in sizes and in generated code.
    pub index: String,
}

impl Groups {
    /// A group's number.
    #[must_use]
    pub fn number(&self) -> Size {
        Size::symbol(self.index.clone())
    }

    /// Groups of so many iterations.
    #[must_use]
    pub fn count(&self, iterations: &Size) -> Size {
        let all = iterations.plus(&self.len).minus(&Size::one());
        all.over(&self.len).unwrap_or_else(Size::one)
    }

    /// The iterations of the present group, out of so many.
    #[must_use]
    pub fn present(&self, iterations: &Size) -> Size {
        self.len.least(&iterations.minus(&self.number().times(&self.len)))
    }
}

impl Graph {
    /// The loop one of whose groups a loop goes through, with the groups.
    #[must_use]
    pub fn grouped(&self, region: Region) -> Option<(Region, &Groups)> {
        let whole = self[region].recomputed?;
        self[whole].groups.as_ref().map(|groups| (whole, groups))
    }

    /// The loop of the forward pass that a loop goes through again, or itself.
    #[must_use]
    pub fn first_course(&self, mut region: Region) -> Region {
        while let Some(again) = self[region].recomputed {
            region = again;
        }
        region
    }

    /// Whether a loop is that over the groups of another.
    #[must_use]
    pub fn is_over_groups(&self, region: Region) -> bool {
        self[region].groups.is_some() && self[region].mirror.is_some()
    }

    /// The number of an iteration and how many there are; of one in a group those of the whole loop.
    #[must_use]
    pub fn course(&self, region: Region) -> (Size, Size) {
        let whole = self.grouped(region).map_or(region, |(whole, _)| whole);
        (self[whole].iteration(), self[whole].count.clone())
    }

    /// The place of what is kept of an iteration, and how many places there are: one for each group
    /// where a loop saves what a group begins with.
    pub(super) fn kept(&self, region: Region) -> (Size, Size) {
        let iterations = &self[region];
        match &iterations.groups {
            Some(groups) if iterations.mirror.is_none() => {
                (groups.number(), groups.count(&iterations.count))
            }
            _ => (iterations.iteration(), iterations.count.clone()),
        }
    }

    /// The places of what is kept of several loops at most: no group is longer than the first.
    #[must_use]
    pub fn most_iterations(&self, regions: &[Region]) -> Size {
        let iterations = self.iterations(regions);
        let groups = self.regions.iter().filter_map(|iterations| iterations.groups.as_ref());
        groups
            .fold(iterations, |iterations, groups| iterations.with(&groups.index, &Size::default()))
    }

    /// The number of an iteration among those of several loops, the last of which is the innermost;
    /// the same where they are gone through again.
    #[must_use]
    pub fn number_of_iteration(&self, regions: &[Region]) -> Size {
        let loops = regions.iter().filter(|region| !self.is_over_groups(**region));
        loops.fold(Size::default(), |number, region| {
            let (iteration, count) = self.course(*region);
            number.times(&count).plus(&iteration)
        })
    }

    /// Where an iteration of a group stands among all of its loop: its number's name, and the number
    /// from its place in the group.
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

    /// How many iterations have run before the present one.
    #[must_use]
    pub fn iterations_before(&self, region: Region) -> Size {
        let iterations = &self[region];
        match iterations.reversed {
            false => iterations.iteration(),
            true => iterations.count.minus(&Size::one()).minus(&iterations.iteration()),
        }
    }

    /// A name for a number that no loop has yet.
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
