//! The parameters of a layout one by one, those of inner layers and of all iterations of loops among
//! them: the one place where full names and places in the buffer are put together.

use super::{Kind, Parameter};
use crate::init::Init;
use std::borrow::Cow;
use std::ops::Range;

/// Layers within layers at most.
pub(super) const DEEPEST: usize = 8;

/// One parameter of a network, by its full name and its place in the network's buffer.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    parameter: &'a Parameter,
    /// Its iteration of a loop.
    iteration: usize,
    /// The layers that it is in, from the outermost, each with its iteration.
    outer: [Iteration; DEEPEST],
    depth: usize,
    offset: usize,
    frozen: bool,
}

impl<'a> Entry<'a> {
    /// Its name in files, as PyTorch would call it: `encoder.fc.weight`.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        let Parameter { name, iterations, .. } = *self.parameter;
        let own = Iteration { name, iterations, number: self.iteration }.name();
        if self.depth == 0 {
            return own;
        }
        let mut name = String::new();
        for outer in &self.outer[..self.depth] {
            name.push_str(&outer.name());
            name.push('.');
        }
        name.push_str(&own);
        Cow::Owned(name)
    }

    /// Its shape in files, as PyTorch has it.
    #[must_use]
    pub fn shape(&self) -> &'static [usize] {
        self.parameter.shape
    }

    /// What it is for.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.parameter.kind
    }

    /// How it begins.
    #[must_use]
    pub fn init(&self) -> Init {
        self.parameter.init
    }

    /// Whether training leaves it alone, or a layer that it is in.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.frozen
    }

    /// Where it stands in the buffer.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.parameter.len()
    }

    /// The parameter as its own layer declares it.
    #[must_use]
    pub fn parameter(&self) -> &'a Parameter {
        self.parameter
    }
}

/// One of a parameter or layer: its name, its loops' iterations, and which it is of all of them.
#[derive(Clone, Copy, Debug, Default)]
struct Iteration {
    name: &'static str,
    iterations: &'static [usize],
    number: usize,
}

impl Iteration {
    /// The name with the number of each loop's iteration in place of `{i}`.
    fn name(self) -> Cow<'static, str> {
        if self.iterations.is_empty() {
            return Cow::Borrowed(self.name);
        }
        let (mut rest, mut name) = (self.name, String::new());
        let mut inner: usize = self.iterations.iter().product();
        for iterations in self.iterations {
            inner /= iterations;
            let Some((before, (_, after))) =
                rest.split_once('{').and_then(|(b, a)| Some((b, a.split_once('}')?)))
            else {
                break;
            };
            name.push_str(before);
            name.push_str(&(self.number / inner % iterations).to_string());
            rest = after;
        }
        name.push_str(rest);
        Cow::Owned(name)
    }
}

/// Every parameter of a layout; see [`entries`].
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    levels: [Level<'a>; DEEPEST + 1],
    depth: usize,
}

/// What is left of one layer.
#[derive(Clone, Copy, Debug, Default)]
struct Level<'a> {
    outer: Iteration,
    rest: &'a [Parameter],
    /// The next iteration of the first parameter that is left.
    iteration: usize,
    offset: usize,
    frozen: bool,
}

/// Every parameter of a layout in the order of the buffer, those of inner layers under their full
/// names.
#[must_use]
pub fn entries(layout: &[Parameter]) -> Entries<'_> {
    let mut levels = [Level::default(); DEEPEST + 1];
    levels[0].rest = layout;
    Entries { levels, depth: 0 }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        loop {
            let level = &mut self.levels[self.depth];
            let Some((parameter, rest)) = level.rest.split_first() else {
                self.depth = self.depth.checked_sub(1)?;
                continue;
            };
            let iteration = level.iteration;
            if iteration == parameter.count() {
                (level.rest, level.iteration) = (rest, 0);
                continue;
            }
            level.iteration += 1;
            let offset = level.offset + parameter.range_of_iteration(iteration).start;
            let frozen = level.frozen || parameter.frozen;
            if let Some(rest) = parameter.inner {
                // layouts that are deeper do not compile
                self.depth += 1;
                let Parameter { name, iterations, .. } = *parameter;
                let outer = Iteration { name, iterations, number: iteration };
                self.levels[self.depth] = Level { outer, rest, iteration: 0, offset, frozen };
                continue;
            }
            let mut outer = [Iteration::default(); DEEPEST];
            for (outer, level) in outer.iter_mut().zip(&self.levels[1..=self.depth]) {
                *outer = level.outer;
            }
            return Some(Entry { parameter, iteration, outer, depth: self.depth, offset, frozen });
        }
    }
}
