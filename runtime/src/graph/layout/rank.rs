//! The ranks of vertices: every line leads from a rank to a lower one.

use super::scope::{Link, Scope, What};
use crate::graph::{Graph, NodeKind};
use std::collections::HashMap;

impl Scope {
    /// Gives each vertex the longest way to it as its rank, and moves what is read alone, such as a
    /// parameter, to where it is read.
    pub fn rank(&mut self, graph: &Graph) {
        let first = usize::from(self.is_framed);
        for vertex in &mut self.vertices {
            vertex.rank = if matches!(vertex.what, What::In(_)) { 0 } else { first };
        }
        // the ranks are settled after as many rounds as there are vertices on the longest way
        for _ in 0..self.vertices.len() {
            let mut is_settled = true;
            for link in &self.links {
                let least = self.vertices[link.from].rank + 1;
                if self.vertices[link.to].rank < least {
                    (self.vertices[link.to].rank, is_settled) = (least, false);
                }
            }
            if is_settled {
                break;
            }
        }
        for index in 0..self.vertices.len() {
            let stays = match self.vertices[index].what {
                What::Node(node) => matches!(
                    graph.nodes()[node].kind,
                    NodeKind::Input | NodeKind::Carried | NodeKind::Element
                ),
                What::In(_) | What::Out(_) => true,
                What::Frame(_) | What::Bend => false,
            };
            let reads = self.links.iter().any(|link| link.to == index);
            let readers = self.links.iter().filter(|link| link.from == index);
            let nearest = readers.map(|link| self.vertices[link.to].rank).min();
            if let (false, false, Some(nearest)) = (stays, reads, nearest) {
                self.vertices[index].rank = nearest - 1;
            }
        }
        let is_out = |what| matches!(what, What::Out(_));
        let inside = self.vertices.iter().filter(|vertex| !is_out(vertex.what));
        let last = inside.map(|vertex| vertex.rank).max().unwrap_or(0);
        for vertex in self.vertices.iter_mut().filter(|vertex| is_out(vertex.what)) {
            vertex.rank = last + 1;
        }
    }

    /// Replaces lines across several ranks by lines through a bend in each. Lines of one value share them as
    /// long as they go the same way.
    pub fn bend(&mut self) {
        let links = std::mem::take(&mut self.links);
        let mut bends: HashMap<(usize, usize, usize), usize> = HashMap::new();
        for Link { from, to, from_at, to_at, source } in links {
            let (mut at, mut at_x) = (from, from_at);
            for rank in self.vertices[from].rank + 1..self.vertices[to].rank {
                let bend = bends.get(&(from, source, rank)).copied().unwrap_or_else(|| {
                    let bend = self.add(What::Bend, (0.0, 0.0));
                    self.vertices[bend].rank = rank;
                    bends.insert((from, source, rank), bend);
                    self.links.push(Link { from: at, to: bend, from_at: at_x, to_at: 0.0, source });
                    bend
                });
                (at, at_x) = (bend, 0.0);
            }
            self.links.push(Link { from: at, to, from_at: at_x, to_at, source });
        }
        let ranks = self.vertices.iter().map(|vertex| vertex.rank + 1).max().unwrap_or(0);
        self.ranks = vec![Vec::new(); ranks];
        for (index, vertex) in self.vertices.iter().enumerate() {
            self.ranks[vertex.rank].push(index);
        }
    }
}
