//! What has to hold in every iteration of a loop, asked of the first and of the last.

use super::Checker;
use crate::size::Size;

impl Checker<'_> {
    /// Sizes in the first and in the last iteration of each loop around whose number they depend on:
    /// between them, a size that grows or falls with the number is.
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
