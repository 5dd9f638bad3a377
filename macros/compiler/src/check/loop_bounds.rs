//! Requirements inside of loops, which are checked for the first and the last iteration.

use super::Checker;
use crate::size::Size;

impl Checker<'_> {
    /// Returns the sizes with the iteration numbers of the surrounding loops replaced by those of
    /// the first and the last iteration, in all combinations. A size that is monotonic in the
    /// iteration number lies between the two.
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
            all = [at(&Size::default()), at(&last)].concat();
            all.dedup();
        }
        all
    }
}
