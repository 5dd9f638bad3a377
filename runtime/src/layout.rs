//! Where each parameter stands in a network's one flat buffer.

mod blocks;
mod distinct;
mod entries;

use blocks::Block;
#[doc(hidden)]
pub use distinct::assert_distinct;
pub use entries::{Entries, Entry, entries};

use crate::init::Init;

/// What a parameter is for; optimisers and counts tell kinds apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A matrix or a kernel: what weight decay is usually meant for.
    Weight,
    /// What is added to a layer's output.
    Bias,
}

/// One named parameter, or the parameters of a layer within the network.
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
    /// Its name in files, as PyTorch would call it: `fc.weight`.
    pub name: &'static str,
    /// Its shape in files, as PyTorch has it.
    pub shape: &'static [usize],
    /// Whether memory holds its two axes the other way round (a linear layer's weight is
    /// `[out, in]` in files and `[in, out]` in memory).
    pub transposed: bool,
    /// What it is for.
    pub kind: Kind,
    /// How it begins.
    pub init: Init,
    /// Whether training leaves it alone.
    pub frozen: bool,
    /// The numbers of iterations of the loops that have one in each iteration, from the outside in; they stand
    /// one after the other in the buffer. The name has `{i}` for the iteration of each loop.
    pub iterations: &'static [usize],
    /// Its first scalar in the buffer.
    pub offset: usize,
    /// The parameters of a layer, whose names follow this one's and a dot.
    pub inner: Option<&'static [Parameter]>,
}

impl Parameter {
    /// Offsets are multiples of this many scalars, so that every parameter starts a cache line.
    pub const ALIGNMENT: usize = 16;

    /// A weight which begins as `init` draws it.
    #[must_use]
    pub const fn new(name: &'static str, shape: &'static [usize], init: Init) -> Self {
        Self {
            name,
            shape,
            transposed: false,
            kind: Kind::Weight,
            init,
            frozen: false,
            iterations: &[],
            offset: 0,
            inner: None,
        }
    }

    /// The parameters of a layer within the network.
    ///
    /// # Panics
    /// When layers are nested more than 8 deep.
    #[must_use]
    pub const fn layer(name: &'static str, layout: &'static [Self]) -> Self {
        assert!(depth(layout) < entries::DEEPEST, "layers are nested more than 8 deep");
        let layer = Self::new(name, &[], Init::Constant(0.0));
        Self { inner: Some(layout), ..layer }
    }

    /// The same with the two axes of its matrix the other way round in memory.
    #[must_use]
    pub const fn transposed(self) -> Self {
        Self { transposed: true, ..self }
    }

    /// The same as a bias.
    #[must_use]
    pub const fn bias(self) -> Self {
        Self { kind: Kind::Bias, ..self }
    }

    /// The same, to be left alone by training or not.
    #[must_use]
    pub const fn frozen(self, frozen: bool) -> Self {
        Self { frozen, ..self }
    }

    /// The same, once for each iteration of loops with so many iterations, from the outside in.
    #[must_use]
    pub const fn iterations(self, iterations: &'static [usize]) -> Self {
        Self { iterations, ..self }
    }

    /// Scalars in it, for one iteration; of a layer, with the gaps between its parameters.
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

    /// Whether it has no scalars.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many there are of it: one for all iterations of its loops.
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

    /// Scalars that it takes with all of its iterations, if they can be counted.
    const fn checked_room(&self) -> Option<usize> {
        // a layer's own parameters have been counted
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

    /// Whether one of its sizes alone is more than memory holds.
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

    /// Scalars from one iteration's to the next one's.
    #[inline(always)]
    const fn stride(&self) -> usize {
        match self.len().checked_next_multiple_of(Self::ALIGNMENT) {
            Some(stride) => stride,
            None => usize::MAX,
        }
    }

    /// Where it stands in the buffer, with all of its iterations.
    #[must_use]
    #[inline(always)]
    pub const fn range(&self) -> std::ops::Range<usize> {
        // the length is a loop: most parameters have one iteration, and take it once
        let end = match self.count() {
            0 => 0,
            1 => self.len(),
            iterations => (iterations - 1) * self.stride() + self.len(),
        };
        self.offset..self.offset + end
    }

    /// Where that of one iteration stands in the buffer.
    #[must_use]
    #[inline(always)]
    pub const fn range_of_iteration(&self, iteration: usize) -> std::ops::Range<usize> {
        let start = self.offset + iteration * self.stride();
        start..start + self.len()
    }

    /// Its shape in files as a matrix: the first axis, and all others in one.
    #[must_use]
    pub const fn matrix_shape(&self) -> (usize, usize) {
        match self.shape {
            [] => (1, 1),
            [0, ..] => (0, 0),
            [rows, ..] => (*rows, self.len() / *rows),
        }
    }

    /// Copies it from the order of files into that of memory.
    pub(crate) fn file_to_memory<T: Copy>(&self, file: &[T], memory: &mut [T]) {
        if self.transposed {
            let (rows, columns) = self.matrix_shape();
            Block::whole(rows, columns).file_to_memory(file, memory);
        } else {
            memory.copy_from_slice(file);
        }
    }

    /// Has `write` fill it in the order of files, and leaves it in that of memory.
    pub(crate) fn write_in_file_order<T: Copy, R>(
        &self,
        memory: &mut [T],
        write: impl FnOnce(&mut [T]) -> R,
    ) -> R {
        if !self.transposed {
            return write(memory);
        }
        let mut file = memory.to_vec();
        let result = write(&mut file);
        self.file_to_memory(&file, memory);
        result
    }

    /// Copies it from the order of memory into that of files.
    pub(crate) fn memory_to_file<T: Copy>(&self, memory: &[T], file: &mut [T]) {
        if self.transposed {
            let (rows, columns) = self.matrix_shape();
            Block::whole(rows, columns).memory_to_file(memory, file);
        } else {
            file.copy_from_slice(memory);
        }
    }
}

/// The parameters of a network in the order of its buffer, each with its offset filled in.
///
/// # Panics
/// When they have more scalars than can be counted.
#[must_use]
pub const fn place<const N: usize>(mut parameters: [Parameter; N]) -> [Parameter; N] {
    let mut end: usize = 0;
    let mut i = 0;
    while i < N {
        parameters[i].offset = end;
        end = match parameters[i].checked_room() {
            Some(room) if room <= usize::MAX - end => end + room,
            // an assertion of the network's reports that one of its sizes is too large
            _ if end == usize::MAX || parameters[i].has_size_beyond_memory() => usize::MAX,
            _ => panic!("these parameters have more scalars than can be counted"),
        };
        i += 1;
    }
    parameters
}

/// Scalars of the whole buffer, with the gaps that alignment leaves; as many as there can be where
/// memory does not hold them, which an assertion of the network's sizes reports.
#[must_use]
pub const fn buffer_len(layout: &[Parameter]) -> usize {
    match layout.last() {
        None => 0,
        Some(last) => last.offset.saturating_add(last.count().saturating_mul(last.stride())),
    }
}

/// Scalars of all parameters, without gaps: what people mean by a network's size.
#[must_use]
pub const fn count(layout: &[Parameter]) -> usize {
    let mut sum = 0_usize;
    let mut i = 0;
    while i < layout.len() {
        let one = match layout[i].inner {
            Some(inner) => count(inner),
            None => layout[i].len(),
        };
        sum = sum.saturating_add(layout[i].count().saturating_mul(one));
        i += 1;
    }
    sum
}

/// A product, if both factors are known and it can be counted.
const fn product(a: Option<usize>, b: usize) -> Option<usize> {
    match a {
        Some(a) => a.checked_mul(b),
        None => None,
    }
}

/// How many layers are in one another.
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
