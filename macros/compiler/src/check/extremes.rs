//! What has to hold in every turn of a loop, asked of the first and of the last.

use super::Checker;
use crate::size::Size;

impl Checker<'_> {
    /// Sizes in the first and in the last turn of each loop around whose number they depend on:
    /// between them, a size that grows or falls with the number is.
    pub(super) fn in_extreme_turns<const N: usize>(&self, sizes: [&Size; N]) -> Vec<[Size; N]> {
        let graph = &self.program.graph;
        let mut all = vec![sizes.map(Size::clone)];
        for turns in graph.enclosing(graph.region).map(|region| &graph[region]) {
            let (index, last) = (&turns.index, turns.count.minus(&Size::one()));
            if !all.iter().flatten().any(|size| size.mentions(index)) {
                continue;
            }
            let at = |turn: &Size| {
                let with = |sizes: &[Size; N]| sizes.each_ref().map(|size| size.with(index, turn));
                all.iter().map(with).collect::<Vec<_>>()
            };
            all = [at(&Size::default()), at(&last)].concat();
            all.dedup();
        }
        all
    }
}
