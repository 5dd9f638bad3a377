//! Slots: the parts of the arena, each of which holds one value of a tile after the other.

use crate::layout::Parameter;

/// The number of scalars of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// For each sample of a tile.
    Each(usize),
    /// For a tile of any size: what all samples share, and scratch memory of kernels that take one
    /// sample after the other.
    Once(usize),
}

impl Slot {
    /// Returns the number of scalars for `samples`; `usize::MAX` on overflow.
    #[must_use]
    pub const fn len(self, samples: usize) -> usize {
        match self {
            Self::Each(len) => len.saturating_mul(samples),
            Self::Once(len) => len,
        }
    }
}

/// Returns the length of a slot: the longest of the lengths of its values.
#[must_use]
pub const fn slot_len(needs: &[usize]) -> usize {
    let mut longest = 0;
    let mut i = 0;
    while i < needs.len() {
        if needs[i] > longest {
            longest = needs[i];
        }
        i += 1;
    }
    longest
}

/// Returns the number of scalars of all slots for one sample; `usize::MAX` on overflow.
#[must_use]
pub const fn workspace_len(slots: &[Slot]) -> usize {
    let mut sum = 0;
    let mut i = 0;
    while i < slots.len() {
        sum = slots[i].len(1).saturating_add(sum);
        i += 1;
    }
    sum
}

/// Like `workspace_len`, for slot lengths that are computed from run-time sizes.
#[must_use]
pub fn scalars(slots: impl AsRef<[Slot]>) -> usize {
    workspace_len(slots.as_ref())
}

/// Returns the number of scalars by which the slots grow with each sample; `usize::MAX` on overflow.
pub(super) fn sample_len(slots: &[Slot]) -> usize {
    let each = |slot: &Slot| match slot {
        Slot::Each(len) => *len,
        Slot::Once(_) => 0,
    };
    slots.iter().map(each).fold(0, usize::saturating_add)
}

/// Returns the number of scalars of an arena for `samples`: every slot is aligned to
/// [`Parameter::ALIGNMENT`]. `usize::MAX` on overflow.
pub(super) fn arena_len(slots: &[Slot], samples: usize) -> usize {
    slots.iter().map(|slot| aligned(slot.len(samples))).fold(0, usize::saturating_add)
}

/// Returns the number of samples, up to `wanted`, that fit in an arena of `len` scalars; 0 if none does.
pub(super) fn fitting_samples(slots: &[Slot], wanted: usize, len: usize) -> usize {
    if arena_len(slots, wanted) <= len {
        return wanted;
    }
    let gaps = slots.len() * (Parameter::ALIGNMENT - 1);
    let shared = workspace_len(slots) - sample_len(slots);
    let fitting = len.saturating_sub(gaps).saturating_sub(shared) / sample_len(slots).max(1);
    match fitting.min(wanted) {
        0 => usize::from(arena_len(slots, 1) <= len),
        fitting => fitting,
    }
}

/// Returns the number of scalars of an aligned slot; `usize::MAX` on overflow.
fn aligned(len: usize) -> usize {
    len.checked_next_multiple_of(Parameter::ALIGNMENT).unwrap_or(usize::MAX)
}

/// Splits an arena into its slots.
///
/// # Panics
/// If the arena is too short, which workspaces rule out.
#[inline(always)]
pub fn slots<T, const K: usize>(
    arena: &mut [T],
    samples: usize,
    slots: impl AsRef<[Slot]>,
) -> [&mut [T]; K] {
    let slots = slots.as_ref();
    split(arena, |index| slots[index].len(samples))
}

/// Splits the buffer of a stream's kept values into these values, each of exactly its length.
///
/// # Panics
/// If the buffer is too short, which streams rule out.
#[inline(always)]
pub fn states<'a, T, const K: usize>(kept: &'a mut [T], lens: &[usize]) -> [&'a mut [T]; K] {
    let mut states: [&mut [T]; K] = split(kept, |index| lens[index]);
    for (state, len) in states.iter_mut().zip(lens) {
        *state = &mut std::mem::take(state)[..*len];
    }
    states
}

/// Returns the number of scalars of a buffer for values of these lengths, each of them aligned.
pub(super) fn states_len(lens: &[usize]) -> usize {
    lens.iter().map(|len| aligned(*len)).sum()
}

/// Splits a buffer into aligned parts of at least the given lengths.
#[inline(always)]
fn split<T, const K: usize>(mut buffer: &mut [T], len: impl Fn(usize) -> usize) -> [&mut [T]; K] {
    // a loop, since the optimiser does not inline `[..].map` with more than the smallest closure
    let mut parts = [(); K].map(|()| <&mut [T]>::default());
    for (index, part) in parts.iter_mut().enumerate() {
        let len = len(index).next_multiple_of(Parameter::ALIGNMENT);
        (*part, buffer) = std::mem::take(&mut buffer).split_at_mut(len);
    }
    parts
}

/// Returns the part of a slot that belongs to `iteration` of a loop, with `len` scalars per iteration.
///
/// # Panics
/// If the slot is too short, which plans rule out.
#[inline(always)]
pub fn place_of_iteration<T>(slot: &mut [T], iteration: usize, len: usize) -> &mut [T] {
    &mut slot[iteration * len..][..len]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOTS: &[Slot] = &[Slot::Each(10), Slot::Once(1000), Slot::Each(3)];

    #[test]
    fn scratch_counts_once() {
        assert_eq!(workspace_len(SLOTS), 1013);
        assert_eq!(sample_len(SLOTS), 13);
        let of = |samples: usize| {
            (10 * samples).next_multiple_of(16) + 1008 + (3 * samples).next_multiple_of(16)
        };
        for samples in [1, 2, 24, 100] {
            assert_eq!(arena_len(SLOTS, samples), of(samples), "{samples} samples");
        }
    }

    #[test]
    fn as_many_samples_fit_as_the_memory_holds() {
        for samples in 1..60 {
            let len = arena_len(SLOTS, samples);
            assert_eq!(fitting_samples(SLOTS, samples, len), samples);
            let fitting = fitting_samples(SLOTS, 1000, len);
            assert!(fitting >= 1 && arena_len(SLOTS, fitting) <= len, "{fitting} of {samples}");
        }
        assert_eq!(fitting_samples(SLOTS, 5, 1000), 0);
    }

    #[test]
    fn an_arena_is_split_into_its_slots() {
        let mut arena = vec![0_u8; arena_len(SLOTS, 7)];
        let [a, b, c] = slots(&mut arena, 7, SLOTS);
        assert_eq!([a.len(), b.len(), c.len()], [80, 1008, 32]);
        assert_eq!(arena_len(&[Slot::Each(usize::MAX)], 2), usize::MAX);
    }
}
