//! The order of the vertices in each rank, with as few crossings as sweeps of barycentres find.

use super::scope::Scope;
use crate::sort::sort_by;

/// The number of sweeps down and up.
const SWEEPS: usize = 12;

impl Scope {
    /// Orders the vertices of each rank.
    pub fn order(&mut self) {
        let (mut best, mut fewest) = (self.ranks.clone(), self.crossings());
        for sweep in 0..SWEEPS {
            let count = self.ranks.len();
            let down = sweep % 2 == 0;
            for step in 1..count {
                let rank = if down { step } else { count - 1 - step };
                self.sort(rank, down);
            }
            let crossings = self.crossings();
            if crossings < fewest {
                (best, fewest) = (self.ranks.clone(), crossings);
            }
        }
        self.ranks = best;
    }

    /// Returns where a line begins and ends among the vertices of its ranks: at a vertex, and, at a frame, by
    /// its port.
    fn ends(&self, places: &[f64]) -> Vec<(usize, f64, f64)> {
        let at = |vertex: usize, offset: f64| {
            // a port is within half a place of the centre of its frame
            places[vertex] + 0.4 * offset / (1.0 + self.vertices[vertex].width / 2.0)
        };
        let of = |link: &super::scope::Link| {
            let rank = self.vertices[link.from].rank;
            (rank, at(link.from, link.from_at), at(link.to, link.to_at))
        };
        self.links.iter().map(of).collect()
    }

    #[allow(clippy::cast_precision_loss)]
    fn places(&self) -> Vec<f64> {
        let mut places = vec![0.0; self.vertices.len()];
        for rank in &self.ranks {
            for (place, vertex) in rank.iter().enumerate() {
                places[*vertex] = place as f64;
            }
        }
        places
    }

    fn crossings(&self) -> usize {
        let ends = self.ends(&self.places());
        let pairs =
            ends.iter().enumerate().flat_map(|(i, a)| ends[..i].iter().map(move |b| (a, b)));
        pairs.filter(|(a, b)| a.0 == b.0 && (a.1 - b.1) * (a.2 - b.2) < 0.0).count()
    }

    /// Sorts a rank by the mean places of the neighbours above (`down`) or below.
    #[allow(clippy::cast_precision_loss)]
    fn sort(&mut self, rank: usize, down: bool) {
        let places = self.places();
        let ends = self.ends(&places);
        let mean = |vertex: usize| {
            let (mut sum, mut count) = (0.0, 0_u32);
            for (link, (_, from, to)) in self.links.iter().zip(&ends) {
                let (own, other) = if down { (link.to, *from) } else { (link.from, *to) };
                if own == vertex {
                    (sum, count) = (sum + other, count + 1);
                }
            }
            if count == 0 { places[vertex] } else { sum / f64::from(count) }
        };
        let mut sorted: Vec<(f64, usize)> =
            self.ranks[rank].iter().map(|vertex| (mean(*vertex), *vertex)).collect();
        sort_by(&mut sorted, |a, b| a.0.total_cmp(&b.0));
        self.ranks[rank] = sorted.into_iter().map(|(_, vertex)| vertex).collect();
    }
}
