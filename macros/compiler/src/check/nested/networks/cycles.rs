//! Networks that contain themselves, or that are nested too deep.

use super::{DEEPEST, Networks};
use crate::report::Place;
use std::collections::HashMap;

impl Networks<'_> {
    /// Returns `None` if the nesting of a network is valid, and otherwise the error with its place,
    /// or `Some(None)` if the error is reported for another network.
    #[must_use]
    pub fn fault(&self, index: usize) -> Option<Option<(Place, String)>> {
        if self.heights[index] <= DEEPEST {
            return None;
        }
        let name = &self.all[index].name;
        for (child, place) in &self.children[index] {
            if let Some(path) = self.path(*child, index) {
                let way: Vec<String> =
                    path.iter().map(|index| format!("`{}`", self.all[*index].name)).collect();
                let way = match &way[..] {
                    [_] => String::new(),
                    way => format!(" (`{name}` > {})", way.join(" > ")),
                };
                return Some(Some((*place, format!("`{name}` contains itself{way}"))));
            }
        }
        // a network that leads to a cycle without being on it is not reported
        let deep = self.children[index].iter().find(|(child, _)| self.heights[*child] <= DEEPEST);
        Some(deep.map(|(_, place)| {
            (*place, format!("`{name}` nests networks more than {DEEPEST} deep: write the innermost out where they are applied"))
        }))
    }

    /// Returns the shortest path from one network to another, both included.
    fn path(&self, from: usize, to: usize) -> Option<Vec<usize>> {
        let mut came_from = HashMap::from([(from, from)]);
        let mut edge = vec![from];
        while !came_from.contains_key(&to) && !edge.is_empty() {
            let mut next = Vec::new();
            for network in edge {
                for (child, _) in &self.children[network] {
                    if !came_from.contains_key(child) {
                        came_from.insert(*child, network);
                        next.push(*child);
                    }
                }
            }
            edge = next;
        }
        let mut path = vec![to];
        while path[path.len() - 1] != from {
            path.push(*came_from.get(&path[path.len() - 1])?);
        }
        path.reverse();
        Some(path)
    }
}
