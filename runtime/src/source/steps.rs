//! Cuts consecutive steps out of the data of a sequence.

use super::extent::Extent;
use super::views::{MAX_PORTS, Port, Views};
use crate::element::Element;

/// The place of the streamed axis in the data of a port.
///
/// ```
/// use monograd::source::{MAX_PORTS, StepAxis, StepRange, StepRoom, Steps};
///
/// // two rows of four steps: the axis of the steps is the last one
/// let axis = StepAxis { is_along: true, outer: 2, inner: 1 };
/// let data = [0.0_f32, 1.0, 2.0, 3.0, 10.0, 11.0, 12.0, 13.0];
/// let range = StepRange { start: 1, count: 2, of: 4 };
/// let mut rooms: [StepRoom; MAX_PORTS] = Default::default();
/// let (steps,) = (&data[..],).steps(&[axis; MAX_PORTS], range, &mut rooms);
/// assert_eq!(steps, [1.0, 2.0, 11.0, 12.0]);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct StepAxis {
    /// `true` if the port has that axis; if not, every step has all of its data.
    pub is_along: bool,
    /// Product of the sizes of the axes before it.
    pub outer: usize,
    /// Product of the sizes of the axes after it.
    pub inner: usize,
}

/// Some consecutive steps of a sequence.
///
/// ```
/// use monograd::source::{MAX_PORTS, StepAxis, StepRange, StepRoom, Steps};
///
/// let axis = StepAxis { is_along: true, outer: 1, inner: 2 }; // each step has two numbers
/// let last = StepRange { start: 2, count: 1, of: 3 };
/// let mut rooms: [StepRoom; MAX_PORTS] = Default::default();
/// let data = [0_u32, 1, 2, 3, 4, 5];
/// assert_eq!((&data[..],).steps(&[axis; MAX_PORTS], last, &mut rooms).0, [4, 5]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct StepRange {
    /// The first step.
    pub start: usize,
    /// Number of steps.
    pub count: usize,
    /// Number of steps of the sequence.
    pub of: usize,
}

/// Memory for steps whose elements are not contiguous in the data of the sequence.
///
/// ```
/// use monograd::source::{MAX_PORTS, StepAxis, StepRange, StepRoom, Steps};
///
/// let mut rooms: [StepRoom; MAX_PORTS] = Default::default(); // reused from call to call
/// let axis = StepAxis { is_along: true, outer: 3, inner: 1 };
/// for start in 0..2 {
///     let range = StepRange { start, count: 1, of: 2 };
///     let (step,) = (&[0.0_f64, 1.0, 10.0, 11.0, 20.0, 21.0][..],).steps(&[axis; 4], range, &mut rooms);
///     assert_eq!(step, [0.0, 10.0, 20.0].map(|x| x + start as f64));
/// }
/// ```
#[derive(Debug, Default)]
pub struct StepRoom {
    pub(crate) singles: Vec<f32>,
    pub(crate) doubles: Vec<f64>,
    pub(crate) classes: Vec<u32>,
}

impl StepAxis {
    /// Returns that of a port whose run-time sizes but the streamed one, which is the first, do not matter.
    pub(crate) fn of(port: &Port) -> Self {
        let is_streamed = |extent: &Extent| matches!(extent, Extent::Length(_, 0));
        let sizes = |extents: &[Extent]| extents.iter().map(|extent| extent.at(&[1])).product();
        match port.extents.iter().position(is_streamed) {
            Some(axis) => Self {
                is_along: true,
                outer: sizes(&port.extents[..axis]),
                inner: sizes(&port.extents[axis + 1..]),
            },
            None => Self { is_along: false, outer: 1, inner: port.len() },
        }
    }

    /// Returns the axes of several ports.
    pub(crate) fn of_all(ports: &[Port]) -> [Self; MAX_PORTS] {
        let mut axes = [Self::default(); MAX_PORTS];
        for (axis, port) in axes.iter_mut().zip(ports) {
            *axis = Self::of(port);
        }
        axes
    }

    /// Returns the number of elements of this number of steps.
    pub(crate) fn len(&self, steps: usize) -> usize {
        let steps = if self.is_along { steps } else { 1 };
        self.outer * steps * self.inner
    }

    /// Returns the steps of a range: a part of `from` if they are contiguous there, else a copy in `room`.
    fn cut<'r, E: Element>(
        &self,
        range: StepRange,
        from: &'r [E],
        room: &'r mut StepRoom,
    ) -> &'r [E] {
        let StepRange { start, count, of } = range;
        if !self.is_along || count == of {
            return from;
        }
        if self.outer == 1 {
            return &from[start * self.inner..][..count * self.inner];
        }
        let room = E::room(room);
        room.clear();
        for from in from.chunks_exact(of * self.inner) {
            room.extend_from_slice(&from[start * self.inner..][..count * self.inner]);
        }
        room
    }

    /// Copies steps to their place in the data of the sequence; what is not along the axis as it is.
    pub(crate) fn paste<E: Copy>(&self, range: StepRange, steps: &[E], to: &mut [E]) {
        let StepRange { start, count, of } = range;
        if !self.is_along || self.inner == 0 {
            to.copy_from_slice(steps);
            return;
        }
        let (some, all) = (count * self.inner, of * self.inner);
        for (to, steps) in to.chunks_exact_mut(all).zip(steps.chunks_exact(some)) {
            to[start * self.inner..][..some].copy_from_slice(steps);
        }
    }
}

/// The data of a sequence as a tuple of slices, of which steps can be cut out.
///
/// ```
/// use monograd::source::{MAX_PORTS, StepAxis, StepRange, StepRoom, Steps};
///
/// // a sequence of three numbers, and a number that all steps share
/// let along = StepAxis { is_along: true, outer: 1, inner: 1 };
/// let shared = StepAxis { is_along: false, outer: 1, inner: 1 };
/// let axes = [along, shared, shared, shared];
/// let mut rooms: [StepRoom; MAX_PORTS] = Default::default();
/// let range = StepRange { start: 0, count: 2, of: 3 };
/// let (x, y) = (&[1.0_f32, 2.0, 3.0][..], &[7_u32][..]).steps(&axes, range, &mut rooms);
/// assert_eq!((x, y), (&[1.0, 2.0][..], &[7][..]));
/// ```
pub trait Steps<'r>: Views {
    /// The slices of some steps.
    type Of: Views;

    /// Returns the steps of a range.
    fn steps(
        self,
        axes: &[StepAxis; MAX_PORTS],
        range: StepRange,
        rooms: &'r mut [StepRoom; MAX_PORTS],
    ) -> Self::Of
    where
        Self: 'r;
}

macro_rules! steps {
    ($($E:ident $i:tt $room:ident),+) => {
        impl<'a, 'r, $($E: Element),+> Steps<'r> for ($(&'a [$E],)+) {
            type Of = ($(&'r [$E],)+);

            fn steps(
                self,
                axes: &[StepAxis; MAX_PORTS],
                range: StepRange,
                rooms: &'r mut [StepRoom; MAX_PORTS],
            ) -> Self::Of
            where
                Self: 'r,
            {
                let [$($room,)+ ..] = rooms;
                ($(axes[$i].cut(range, self.$i, $room),)+)
            }
        }
    };
}

steps!(A 0 a);
steps!(A 0 a, B 1 b);
steps!(A 0 a, B 1 b, C 2 c);
steps!(A 0 a, B 1 b, C 2 c, D 3 d);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_cut_and_pasted_along_any_axis() {
        for (outer, inner) in [(1, 1), (1, 3), (2, 1), (3, 2)] {
            let axis = StepAxis { is_along: true, outer, inner };
            let all: Vec<f32> = (0..outer * 7 * inner).map(|i| i as f32).collect();
            let mut back = vec![-1.0; all.len()];
            let mut room = StepRoom::default();
            for (start, count) in [(0, 2), (2, 1), (3, 4)] {
                let range = StepRange { start, count, of: 7 };
                let some = axis.cut(range, &all, &mut room);
                assert_eq!((some.len(), some[0]), (axis.len(count), (start * inner) as f32));
                axis.paste(range, some, &mut back);
            }
            assert_eq!(all, back);
        }
        let whole = StepAxis { is_along: false, outer: 1, inner: 5 };
        let range = StepRange { start: 2, count: 1, of: 7 };
        assert_eq!(whole.cut(range, &[1_u32; 5], &mut StepRoom::default()), [1; 5]);
        assert_eq!(whole.len(7), 5);
    }
}
