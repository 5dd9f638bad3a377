//! The placement of parameters in a network's flat buffer.

mod blocks;
mod distinct;
mod entries;
mod order;

pub(crate) use blocks::Block;
#[doc(hidden)]
pub use distinct::assert_distinct;
pub use entries::{Entries, Entry, entries};

use crate::init::Init;

/// The role of a parameter, which optimisers and parameter counts distinguish.
///
/// ```
/// use monograd::Kind;
/// use monograd::prelude::*;
///
/// network! { Normed(x: [4]) -> [1] { x >> BatchNorm1d() >> Linear(1) } }
///
/// let net = Normed::init(1);
/// let states: Vec<_> = net.parameters().iter().filter(|p| p.kind() == Kind::State).collect();
/// assert_eq!(states[0].name(), "batch_norm1d0.running_mean");
/// assert_eq!(net.parameters().get("linear0.bias")?.kind(), Kind::Bias);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A matrix or a kernel, to which weight decay usually applies.
    Weight,
    /// A term that is added to a layer's output.
    Bias,
    /// A value that the network keeps and assigns in training, such as the mean of what it has seen. It is
    /// saved like a parameter, but not learned: parameter counts leave it out.
    State,
}

/// A named parameter, or all parameters of a layer within the network.
///
/// ```
/// use monograd::layout::{Parameter, entries, place};
/// use monograd::{Init, Kind};
///
/// const FC: [Parameter; 2] = place([
///     Parameter::new("weight", &[10, 64], Init::FanIn { fan_in: 64 }).transposed(),
///     Parameter::new("bias", &[10], Init::Constant(0.0)).bias(),
/// ]);
/// const NETWORK: [Parameter; 2] = place([
///     Parameter::new("scale", &[64], Init::Constant(1.0)),
///     Parameter::layer("fc", &FC).frozen(true),
/// ]);
/// let names: Vec<_> = entries(&NETWORK).map(|entry| entry.name()).collect();
/// assert_eq!(names, ["scale", "fc.weight", "fc.bias"]);
/// assert_eq!(entries(&NETWORK).last().map(|entry| entry.kind()), Some(Kind::Bias));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// The name in files, as in PyTorch: `fc.weight`.
    pub name: &'static str,
    /// The shape in files, as in PyTorch.
    pub shape: &'static [usize],
    /// `true` if its two axes are swapped in memory (the weight of a linear layer is `[out, in]` in
    /// files and `[in, out]` in memory).
    pub transposed: bool,
    /// The role of the parameter.
    pub kind: Kind,
    /// The initial distribution.
    pub init: Init,
    /// The row that begins as zeros, if any: that of an embedding's padding.
    pub zero_row: Option<usize>,
    /// `true` if training leaves it unchanged.
    pub frozen: bool,
    /// `true` if files hold it as whole numbers (`I64`).
    pub integer: bool,
    /// The numbers of iterations of the enclosing loops, outermost first. Each iteration has a parameter of
    /// its own; they are consecutive in the buffer. The name contains `{i}` for the iteration of each loop.
    pub iterations: &'static [usize],
    /// The index of its first scalar in the buffer.
    pub offset: usize,
    /// The parameters of a layer. Their full names are this name, a dot and their own name.
    pub inner: Option<&'static [Parameter]>,
}

impl Parameter {
    /// The alignment of offsets, in scalars: every parameter starts a cache line.
    pub const ALIGNMENT: usize = 16;

    /// Returns a weight with the initial distribution `init`.
    #[must_use]
    pub const fn new(name: &'static str, shape: &'static [usize], init: Init) -> Self {
        Self {
            name,
            shape,
            transposed: false,
            kind: Kind::Weight,
            init,
            zero_row: None,
            frozen: false,
            integer: false,
            iterations: &[],
            offset: 0,
            inner: None,
        }
    }

    /// Returns an entry for all parameters of a layer within the network.
    ///
    /// # Panics
    /// If layers are nested more than 8 deep.
    #[must_use]
    pub const fn layer(name: &'static str, layout: &'static [Self]) -> Self {
        assert!(can_be_nested(layout), "layers are nested more than 8 deep");
        let layer = Self::new(name, &[], Init::Constant(0.0));
        Self { inner: Some(layout), ..layer }
    }

    /// Returns it with a row that begins as zeros.
    ///
    /// # Panics
    /// If the parameter has no such row.
    #[must_use]
    pub const fn zero_row(self, row: usize) -> Self {
        assert!(!self.shape.is_empty() && row < self.shape[0], "the parameter has no row to zero");
        Self { zero_row: Some(row), ..self }
    }

    /// Returns it with the two axes of its matrix swapped in memory.
    #[must_use]
    pub const fn transposed(self) -> Self {
        Self { transposed: true, ..self }
    }

    /// Returns it as a bias.
    #[must_use]
    pub const fn bias(self) -> Self {
        Self { kind: Kind::Bias, ..self }
    }

    /// Returns it as a state, which training assigns and optimisers leave alone.
    #[must_use]
    pub const fn state(self) -> Self {
        Self { kind: Kind::State, ..self }
    }

    /// Returns it as whole numbers in files, to which its values are rounded.
    #[must_use]
    pub const fn integer(self) -> Self {
        Self { integer: true, ..self }
    }

    /// Returns it frozen (unchanged by training) or not.
    #[must_use]
    pub const fn frozen(self, frozen: bool) -> Self {
        Self { frozen, ..self }
    }

    /// Returns it with one copy for each iteration of loops with these iteration counts, outermost first.
    #[must_use]
    pub const fn iterations(self, iterations: &'static [usize]) -> Self {
        Self { iterations, ..self }
    }

    /// Returns the number of scalars for one iteration; of a layer, including the gaps between its
    /// parameters.
    #[must_use]
    #[inline(always)]
    pub const fn len(&self) -> usize {
        if let Some(inner) = self.inner {
            return buffer_len(inner);
        }
        let mut len = 1_usize;
        let mut axis = 0;
        while axis < self.shape.len() {
            len = len.saturating_mul(self.shape[axis]);
            axis += 1;
        }
        len
    }

    /// Returns true if it has no scalars.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of copies: one for each iteration of its loops.
    #[must_use]
    pub const fn count(&self) -> usize {
        let mut count = 1_usize;
        let mut i = 0;
        while i < self.iterations.len() {
            count = count.saturating_mul(self.iterations[i]);
            i += 1;
        }
        count
    }

    /// Returns the scalars that it takes in the buffer with all iterations, or `None` on overflow.
    const fn checked_room(&self) -> Option<usize> {
        // for a layer, overflow has already been checked
        let mut len = if let Some(inner) = self.inner { Some(buffer_len(inner)) } else { Some(1) };
        let mut axis = 0;
        while self.inner.is_none() && axis < self.shape.len() {
            len = product(len, self.shape[axis]);
            axis += 1;
        }
        let mut room = match len {
            Some(len) => len.checked_next_multiple_of(Self::ALIGNMENT),
            None => None,
        };
        let mut i = 0;
        while i < self.iterations.len() {
            room = product(room, self.iterations[i]);
            i += 1;
        }
        room
    }

    /// Returns true if one of its sizes alone exceeds `u32::MAX`.
    const fn has_size_beyond_memory(&self) -> bool {
        let mut i = 0;
        while i < self.shape.len() {
            if self.shape[i] > u32::MAX as usize {
                return true;
            }
            i += 1;
        }
        i = 0;
        while i < self.iterations.len() {
            if self.iterations[i] > u32::MAX as usize {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Returns the distance in scalars between the copies of consecutive iterations.
    #[inline(always)]
    const fn stride(&self) -> usize {
        match self.len().checked_next_multiple_of(Self::ALIGNMENT) {
            Some(stride) => stride,
            None => usize::MAX,
        }
    }

    /// Returns its range in the buffer, with all iterations.
    #[must_use]
    #[inline(always)]
    pub const fn range(&self) -> std::ops::Range<usize> {
        // `len` is a loop: most parameters have one iteration and evaluate it once
        let end = match self.count() {
            0 => 0,
            1 => self.len(),
            iterations => (iterations - 1) * self.stride() + self.len(),
        };
        self.offset..self.offset + end
    }

    /// Returns the range of one iteration in the buffer.
    #[must_use]
    #[inline(always)]
    pub const fn range_of_iteration(&self, iteration: usize) -> std::ops::Range<usize> {
        let start = self.offset + iteration * self.stride();
        start..start + self.len()
    }

    /// Returns its shape in files as a matrix: the first axis, and all others merged.
    #[must_use]
    pub const fn matrix_shape(&self) -> (usize, usize) {
        match self.shape {
            [] => (1, 1),
            [0, ..] => (0, 0),
            [rows, ..] => (*rows, self.len() / *rows),
        }
    }
}

/// Assigns the offset of each parameter of a network, in the given order.
///
/// # Panics
/// If the total number of scalars overflows.
#[must_use]
pub const fn place<const N: usize>(mut parameters: [Parameter; N]) -> [Parameter; N] {
    let mut end: usize = 0;
    let mut i = 0;
    while i < N {
        parameters[i].offset = end;
        end = match parameters[i].checked_room() {
            Some(room) if room <= usize::MAX - end => end + room,
            // an assertion of the network reports that one of its sizes is too large
            _ if end == usize::MAX || parameters[i].has_size_beyond_memory() => usize::MAX,
            _ => panic!("these parameters have more scalars than can be counted"),
        };
        i += 1;
    }
    parameters
}

/// Returns the scalars of the whole buffer, including the gaps due to alignment. On overflow it returns
/// `usize::MAX`; an assertion on the network's sizes reports that.
#[must_use]
pub const fn buffer_len(layout: &[Parameter]) -> usize {
    match layout.last() {
        None => 0,
        Some(last) => last.offset.saturating_add(last.count().saturating_mul(last.stride())),
    }
}

/// Returns the number of scalars of all parameters, without gaps and states: the usual parameter count.
#[must_use]
pub const fn count(layout: &[Parameter]) -> usize {
    count_of(layout, false)
}

/// Returns the number of scalars of all states.
#[must_use]
pub const fn count_states(layout: &[Parameter]) -> usize {
    count_of(layout, true)
}

/// Returns the number of scalars of all states, or of everything else.
const fn count_of(layout: &[Parameter], states: bool) -> usize {
    let mut sum = 0_usize;
    let mut i = 0;
    while i < layout.len() {
        let one = match layout[i].inner {
            Some(inner) => count_of(inner, states),
            None if matches!(layout[i].kind, Kind::State) == states => layout[i].len(),
            None => 0,
        };
        sum = sum.saturating_add(layout[i].count().saturating_mul(one));
        i += 1;
    }
    sum
}

/// Returns the product, or `None` if `a` is `None` or the product overflows.
const fn product(a: Option<usize>, b: usize) -> Option<usize> {
    match a {
        Some(a) => a.checked_mul(b),
        None => None,
    }
}

/// Returns true if all parameters may stand in one layer more.
pub(crate) const fn can_be_nested(layout: &[Parameter]) -> bool {
    depth(layout) < entries::DEEPEST
}

/// Returns the nesting depth of layers.
const fn depth(layout: &[Parameter]) -> usize {
    let mut deepest = 0;
    let mut i = 0;
    while i < layout.len() {
        if let Some(inner) = layout[i].inner {
            let below = 1 + depth(inner);
            deepest = if below > deepest { below } else { deepest };
        }
        i += 1;
    }
    deepest
}

#[cfg(test)]
mod tests;
