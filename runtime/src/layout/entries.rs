//! Iterates over the parameters of a layout, including those of inner layers and of every iteration of
//! loops. Full names and buffer offsets are computed here and nowhere else.

use super::{Kind, Parameter};
use crate::init::Init;
use std::borrow::Cow;
use std::ops::Range;

/// Largest nesting depth of layers.
pub(super) const DEEPEST: usize = 8;

/// A parameter of a network, with its full name and its place in the network's buffer.
///
/// ```
/// use monograd::layout::entries;
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let entry = entries(Line::LAYOUT).last().unwrap();
/// assert_eq!((&*entry.name(), entry.shape(), entry.is_frozen()), ("linear0.bias", &[1][..], false));
/// let net = Line::init(1);
/// assert_eq!(net.parameters().get("linear0.bias")?.as_slice().len(), entry.range().len());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    parameter: &'a Parameter,
    /// The index of its copy, among all iterations of its loops.
    iteration: usize,
    /// The layers that enclose it, outermost first, each with its iteration.
    outer: [Iteration; DEEPEST],
    depth: usize,
    offset: usize,
    frozen: bool,
}

impl<'a> Entry<'a> {
    /// Returns the name in files, as in PyTorch: `encoder.fc.weight`.
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

    /// Returns the shape in files, as in PyTorch.
    #[must_use]
    pub fn shape(&self) -> &'static [usize] {
        self.parameter.shape
    }

    /// Returns the role of the parameter.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.parameter.kind
    }

    /// Returns the initial distribution.
    #[must_use]
    pub fn init(&self) -> Init {
        self.parameter.init
    }

    /// Returns true if it is not learned: it is a state, or training leaves it, or a layer that encloses it,
    /// unchanged.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.frozen || self.kind() == Kind::State
    }

    /// Returns true for a state that training assigns.
    pub(crate) fn is_assigned(&self) -> bool {
        self.kind() == Kind::State && !self.frozen
    }

    /// Returns its range in the buffer.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.parameter.len()
    }

    /// Returns the parameter as its own layer declares it.
    #[must_use]
    pub fn parameter(&self) -> &'a Parameter {
        self.parameter
    }
}

/// One iteration's copy of a parameter or layer: its name, the iteration counts of its loops, and the
/// index of the copy.
#[derive(Clone, Copy, Debug, Default)]
struct Iteration {
    name: &'static str,
    iterations: &'static [usize],
    number: usize,
}

impl Iteration {
    /// Returns the name with each `{i}` replaced by the iteration of its loop.
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

/// An iterator over the parameters of a layout; see [`entries`].
///
/// ```
/// use monograd::layout::entries;
/// use monograd::prelude::*;
///
/// network! {
///     Deep(x: [4]) -> [4] {
///         let mut h = x;
///         for _ in 0..3 {
///             h = h >> Linear(4);
///         }
///         h
///     }
/// }
///
/// // the copy of each iteration is an entry of its own
/// let names: Vec<_> = entries(Deep::LAYOUT).map(|entry| entry.name()).collect();
/// assert_eq!((names.len(), &*names[1]), (6, "layers0.1.linear0.weight"));
/// ```
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    levels: [Level<'a>; DEEPEST + 1],
    depth: usize,
}

/// The remaining parameters of one layer.
#[derive(Clone, Copy, Debug, Default)]
struct Level<'a> {
    outer: Iteration,
    rest: &'a [Parameter],
    /// The next iteration of the first remaining parameter.
    iteration: usize,
    offset: usize,
    frozen: bool,
}

/// Iterates over the parameters of a layout in the order of the buffer. Parameters of inner layers have
/// their full names.
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
                // `Parameter::layer` rejects deeper layouts at compile time
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
