//! The coordinates of vertices: lines straight where possible, above all the long ones.

use super::scope::{Scope, What};
use super::{PADDING, TITLE};
use crate::sort::sort_by;

/// The space between two boxes beside each other.
const BETWEEN: f64 = 22.0;
/// The space between two ranks.
const GAP: f64 = 26.0;
/// The number of sweeps down and up.
const SWEEPS: usize = 24;
/// The space that a line to the next iteration takes.
pub(super) const LANE: f64 = 12.0;

impl Scope {
    /// Places the vertices, the left upper corner being near 0, 0.
    pub fn place(&mut self) {
        for rank in self.ranks.clone() {
            let mut x = 0.0;
            for (index, vertex) in rank.iter().enumerate() {
                if index > 0 {
                    x += self.distance(rank[index - 1], *vertex);
                }
                self.vertices[*vertex].x = x;
            }
        }
        let count = self.ranks.len();
        for sweep in 0..SWEEPS {
            // at last only downwards: what follows something stands below it
            let down = sweep % 2 == 0 || sweep + 4 > SWEEPS;
            for step in 0..count {
                let rank = if down { step } else { count - 1 - step };
                self.align(rank, down, !down);
            }
        }
        self.straighten();
        self.bands();
    }

    /// Returns the least distance of the centres of two neighbours.
    fn distance(&self, left: usize, right: usize) -> f64 {
        let [left, right] = [left, right].map(|index| &self.vertices[index]);
        (left.width + right.width) / 2.0 + BETWEEN
    }

    /// Moves the vertices of a rank to where their neighbours above and below want them, as near as their
    /// widths and order allow.
    fn align(&mut self, rank: usize, above: bool, below: bool) {
        let vertices = self.ranks[rank].clone();
        let (mut wishes, mut before) = (Vec::new(), 0.0);
        for (index, vertex) in vertices.iter().enumerate() {
            if index > 0 {
                before += self.distance(vertices[index - 1], *vertex);
            }
            let (wish, weight) = self.wish(*vertex, above, below);
            wishes.push((wish - before, weight));
        }
        let mut before = 0.0;
        for (index, place) in increasing(&wishes).into_iter().enumerate() {
            if index > 0 {
                before += self.distance(vertices[index - 1], vertices[index]);
            }
            self.vertices[vertices[index]].x = place + before;
        }
    }

    /// Returns the place at which a vertex's lines are straight, or the median of such places, and how much
    /// that matters.
    fn wish(&self, vertex: usize, above: bool, below: bool) -> (f64, f64) {
        let mut wishes = Vec::new();
        let is_line = |index: usize| {
            matches!(self.vertices[index].what, What::Bend | What::In(_) | What::Out(_))
        };
        for link in &self.links {
            let wish = match (link.to == vertex, link.from == vertex) {
                (true, _) if above => self.vertices[link.from].x + link.from_at - link.to_at,
                (_, true) if below => self.vertices[link.to].x + link.to_at - link.from_at,
                _ => continue,
            };
            let weight = match (is_line(link.from), is_line(link.to)) {
                (true, true) => 8.0,
                (false, false) => 4.0,
                _ => 1.0,
            };
            wishes.push((wish, weight));
        }
        // a box keeps its place, and a line goes around it
        let own = if is_line(vertex) { 1.0 } else { 4.0 };
        match median(&mut wishes) {
            Some(wish) => (wish, own),
            None => (self.vertices[vertex].x, 0.1),
        }
    }

    /// Moves the bends of each long line to one place, where there is room for it.
    fn straighten(&mut self) {
        let bends: Vec<usize> = (0..self.vertices.len()).filter(|i| self.is_bend(*i)).collect();
        for first in bends {
            if self.links.iter().any(|link| link.to == first && self.is_bend(link.from)) {
                continue;
            }
            let next = |bend: &usize| {
                let mut links = self.links.iter();
                links.find(|link| link.from == *bend && self.is_bend(link.to)).map(|link| link.to)
            };
            let chain: Vec<usize> = std::iter::successors(Some(first), next).collect();
            let (mut least, mut most, mut sum) = (f64::MIN, f64::MAX, 0.0);
            for bend in &chain {
                let rank = &self.ranks[self.vertices[*bend].rank];
                let at = rank.iter().position(|vertex| vertex == bend).unwrap_or(0);
                if let Some(left) = at.checked_sub(1).map(|left| rank[left]) {
                    least = least.max(self.vertices[left].x + self.distance(left, *bend));
                }
                if let Some(right) = rank.get(at + 1) {
                    most = most.min(self.vertices[*right].x - self.distance(*bend, *right));
                }
                sum += self.vertices[*bend].x;
            }
            if least <= most {
                #[allow(clippy::cast_precision_loss)]
                let mean = sum / chain.len() as f64;
                for bend in chain {
                    self.vertices[bend].x = mean.max(least).min(most);
                }
            }
        }
    }

    fn is_bend(&self, vertex: usize) -> bool {
        self.vertices[vertex].what == What::Bend
    }

    /// Places the ranks below each other.
    fn bands(&mut self) {
        let mut y = 0.0;
        self.bands.clear();
        for (rank, vertices) in self.ranks.iter().enumerate() {
            let heights = vertices.iter().map(|vertex| self.vertices[*vertex].height);
            let mut height = heights.fold(0.0, f64::max);
            let [mut ends, mut begins] = [0.0, 0.0];
            for link in &self.back {
                begins += if self.vertices[link.from].rank == rank { LANE } else { 0.0 };
                ends += if self.vertices[link.to].rank == rank { LANE } else { 0.0 };
            }
            if self.is_framed && rank == 0 {
                height = TITLE;
            } else if rank > 0 {
                let is_title = self.is_framed && rank == 1;
                y += if is_title { 12.0 } else { GAP } + self.spread(rank) + ends;
            }
            self.bands.push((y, y + height));
            y += height + begins;
        }
        for vertex in &mut self.vertices {
            let (top, bottom) = self.bands[vertex.rank];
            vertex.y = match vertex.what {
                What::In(_) => top,
                What::Out(_) => bottom,
                _ => f64::midpoint(top, bottom) - vertex.height / 2.0,
            };
        }
    }

    /// Returns the additional space above a rank for lines that go far to a side.
    fn spread(&self, rank: usize) -> f64 {
        let above = self.links.iter().filter(|link| self.vertices[link.to].rank == rank);
        let far = above.map(|link| {
            let from = self.vertices[link.from].x + link.from_at;
            (self.vertices[link.to].x + link.to_at - from).abs()
        });
        (far.fold(0.0, f64::max) / 12.0).min(26.0)
    }

    /// Moves everything so that it fits into a frame with a title of this width. Returns the frame's width
    /// and height, and where the title begins: lines enter beside it.
    pub fn frame(&mut self, title: f64) -> (f64, f64, f64) {
        let left = self.vertices.iter().map(|vertex| vertex.x - vertex.width / 2.0);
        let right = self.vertices.iter().map(|vertex| vertex.x + vertex.width / 2.0);
        let (left, right) = (left.fold(f64::MAX, f64::min), right.fold(f64::MIN, f64::max));
        let (left, right) = if left > right { (0.0, 0.0) } else { (left, right) };
        let lanes =
            |side: bool| LANE * count(self.back.iter().filter(|link| self.is_left(link) == side));
        let padding = if self.is_framed { PADDING } else { 0.0 };
        let (mut shift, on_right) = (padding + lanes(true) - left, lanes(false));
        let mut width = right + shift + on_right + padding;
        let mut begin = padding;
        let ports = self.vertices.iter().filter(|vertex| matches!(vertex.what, What::In(_)));
        let ports: Vec<f64> = ports.map(|vertex| vertex.x + shift).collect();
        let first = ports.iter().copied().fold(f64::MAX, f64::min);
        let last = ports.iter().copied().fold(f64::MIN, f64::max);
        if title > 0.0 && first < title + 2.0 * padding {
            let more_left = title + 2.0 * padding - first;
            let more_right = (last + 2.0 * padding + title - width).max(0.0);
            if more_left <= more_right {
                shift += more_left;
                width += more_left;
            } else {
                width += more_right;
                begin = width - padding - title;
            }
        }
        for vertex in &mut self.vertices {
            vertex.x += shift;
        }
        let bottom = self.bands.last().map_or(0.0, |band| band.1);
        let has_ports = self.vertices.iter().any(|vertex| matches!(vertex.what, What::Out(_)));
        // a line to the next iteration runs below the last rank
        let rank = self.ranks.len().saturating_sub(1);
        let below = self.back.iter().filter(|link| self.vertices[link.from].rank == rank);
        let padding_below = if has_ports { 0.0 } else { padding + LANE * count(below) };
        (width.max(title + 2.0 * padding), bottom + padding_below, begin)
    }
}

#[allow(clippy::cast_precision_loss)]
fn count<T>(items: impl Iterator<Item = T>) -> f64 {
    items.count() as f64
}

/// Returns the weighted median; of two that are equally good, the mean.
fn median(wishes: &mut [(f64, f64)]) -> Option<f64> {
    sort_by(wishes, |a, b| a.0.total_cmp(&b.0));
    let half = wishes.iter().map(|wish| wish.1).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    for (index, (wish, weight)) in wishes.iter().enumerate() {
        sum += weight;
        if (sum - half).abs() < 1e-9 {
            let next = wishes.get(index + 1).map_or(*wish, |next| next.0);
            return Some(f64::midpoint(*wish, next));
        }
        if sum > half {
            return Some(*wish);
        }
    }
    None
}

/// Returns the increasing sequence that is nearest to wishes with weights: neighbours that are in each
/// other's way meet at their mean.
fn increasing(wishes: &[(f64, f64)]) -> Vec<f64> {
    let mut groups: Vec<(f64, f64, usize)> = Vec::new();
    for (wish, weight) in wishes {
        groups.push((*wish, *weight, 1));
        while let [.., (a, wa, na), (b, wb, nb)] = groups[..]
            && a > b
        {
            groups.pop();
            groups.pop();
            groups.push(((a * wa + b * wb) / (wa + wb), wa + wb, na + nb));
        }
    }
    groups.into_iter().flat_map(|(place, _, count)| std::iter::repeat_n(place, count)).collect()
}
