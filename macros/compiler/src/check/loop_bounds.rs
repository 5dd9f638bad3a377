//! Requirements inside of loops, which are checked for the first and the last iteration, or for all
//! where a list is indexed.

use super::Checker;
use crate::size::Size;

/// The maximum number of iterations that are checked one by one.
const MOST_ITERATIONS: i128 = 64;

impl Checker<'_> {
    /// Returns the sizes with the iteration numbers of the surrounding loops replaced by those of
    /// the first and the last iteration, in all combinations. A size that is monotonic in the
    /// iteration number lies between the two; an item of a list need not be.
    pub(super) fn in_extreme_iterations<const N: usize>(
        &self,
        sizes: [&Size; N],
    ) -> Vec<[Size; N]> {
        let graph = &self.program.graph;
        let mut all = vec![sizes.map(Size::clone)];
        for iterations in graph.enclosing(graph.region).map(|region| &graph[region]) {
            let (index, last) = (&iterations.index, iterations.count.minus(&Size::one()));
            if !all.iter().flatten().any(|size| size.mentions(index)) {
                continue;
            }
            let at = |iteration: &Size| {
                let with =
                    |sizes: &[Size; N]| sizes.each_ref().map(|size| size.with(index, iteration));
                all.iter().map(with).collect::<Vec<_>>()
            };
            let by_items = all.iter().flatten().any(|size| size.chooses_by(index));
            all = match last.constant().filter(|last| by_items && *last < MOST_ITERATIONS) {
                Some(last) => {
                    let numbers = 0..=u64::try_from(last).unwrap_or_default();
                    numbers.flat_map(|number| at(&number.into())).collect()
                }
                None => [at(&Size::default()), at(&last)].concat(),
            };
            all.dedup();
        }
        all
    }

    /// Returns true if a size depends on an enclosing loop's iteration, whose number counts from 0 and not as the
    /// loop's range does: such a size says little in a message.
    pub(super) fn varies(&self, size: &Size) -> bool {
        let graph = &self.program.graph;
        graph.enclosing(graph.region).any(|region| size.mentions(&graph[region].index))
    }
}
