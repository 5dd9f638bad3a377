//! The lines between vertices.

use super::Route;
use super::place::LANE;
use super::scope::{Link, Scope, What};

impl Scope {
    /// Returns the lines, which go straight down through ranks, and to the side between them.
    pub fn routes(&self) -> Vec<Route> {
        let forward = self.links.iter().map(|link| self.forward(link));
        let mut routes: Vec<Route> = forward.collect();
        for (index, link) in self.back.iter().enumerate() {
            routes.push(self.backward(index, link));
        }
        routes
    }

    fn forward(&self, link: &Link) -> Route {
        let [from, to] = [link.from, link.to].map(|index| &self.vertices[index]);
        let (x, end) = (from.x + link.from_at, to.x + link.to_at);
        let bottom = self.bands[from.rank].1;
        let top = self.bands[to.rank].0;
        let begin = match from.what {
            What::Bend => self.bands[from.rank].0,
            What::In(_) => from.y,
            _ => from.y + from.height,
        };
        let mut points = vec![(x, begin), (x, bottom), (end, top)];
        points.push((end, if to.what == What::Bend { top } else { to.y }));
        points.dedup();
        let has_arrow = matches!(to.what, What::Node(_));
        Route { points, is_angular: false, has_arrow, is_next: false }
    }

    /// Returns true if a line to the next iteration goes along the left side.
    pub fn is_left(&self, link: &Link) -> bool {
        let ends = self.vertices.iter().map(|v| (v.x - v.width / 2.0, v.x + v.width / 2.0));
        let (left, right) =
            ends.fold((f64::MAX, f64::MIN), |sum, v| (sum.0.min(v.0), sum.1.max(v.1)));
        let [from, to] = [link.from, link.to].map(|index| self.vertices[index].x);
        f64::midpoint(from + link.from_at, to) < f64::midpoint(left, right) - 1.0
    }

    fn backward(&self, index: usize, link: &Link) -> Route {
        let [from, to] = [link.from, link.to].map(|index| &self.vertices[index]);
        let is_left = self.is_left(link);
        let before = |own: &dyn Fn(&Link) -> bool| {
            let count = self.back[..index].iter().filter(|other| own(other)).count();
            #[allow(clippy::cast_precision_loss)]
            let count = count as f64;
            count
        };
        let lane = before(&|other| self.is_left(other) == is_left) + 0.5;
        let below = before(&|other| self.vertices[other.from].rank == from.rank) + 0.7;
        let above = before(&|other| self.vertices[other.to].rank == to.rank) + 0.7;
        let boxes = self.vertices.iter();
        let side = match is_left {
            true => boxes.map(|v| v.x - v.width / 2.0).fold(f64::MAX, f64::min) - LANE * lane,
            false => boxes.map(|v| v.x + v.width / 2.0).fold(f64::MIN, f64::max) + LANE * lane,
        };
        let (x, end) = (from.x + link.from_at, to.x);
        let (low, high) =
            (self.bands[from.rank].1 + LANE * below, self.bands[to.rank].0 - LANE * above - 4.0);
        let points = vec![
            (x, from.y + from.height),
            (x, low),
            (side, low),
            (side, high),
            (end, high),
            (end, to.y),
        ];
        Route { points, is_angular: true, has_arrow: true, is_next: true }
    }
}
