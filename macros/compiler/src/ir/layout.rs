//! Layouts: the positions of a value's elements, either contiguous in memory of its own or a window
//! of another value's memory.

use super::{Graph, Op, Type, Value};
use crate::size::Size;

/// An axis of a value in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Number of indices.
    pub size: Size,
    /// Number of scalars before the first index, within the span of one index of the axis outside
    /// of it.
    pub offset: Size,
    /// The stride: scalars from one index to the next.
    pub stride: Size,
}

/// The positions of a value's elements in the memory that it is a part of.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The stride from one sample to the next, if each has its own.
    pub sample: Option<Size>,
    /// The axes of one sample.
    pub axes: Vec<Axis>,
    /// Number of scalars before the element, within the span of one index of the last axis.
    pub rest: Size,
}

/// The location of a value in memory.
#[derive(Clone, Debug)]
pub struct Location {
    /// The value in whose memory it is.
    pub whole: Value,
    /// The layout in that memory.
    pub layout: Layout,
}

impl Layout {
    /// Returns the contiguous layout of a type.
    #[must_use]
    pub fn of(ty: &Type) -> Self {
        Self {
            sample: ty.batched.then(|| ty.len()),
            axes: side_by_side(&ty.shape, &Size::one()),
            rest: Size::default(),
        }
    }

    /// Returns the layout of the indices from `start` to `start + len` of an axis, exclusive.
    #[must_use]
    pub fn window(mut self, axis: usize, start: &Size, len: &Size) -> Self {
        let axis = &mut self.axes[axis];
        axis.offset = axis.offset.plus(&start.times(&axis.stride));
        axis.size.clone_from(len);
        self
    }

    /// Returns the layout of the same elements under another shape, or `None` if strides cannot
    /// express it.
    #[must_use]
    pub fn reshape(&self, shape: &[Size]) -> Option<Self> {
        let long: Vec<bool> = self.axes.iter().map(|axis| axis.size != Size::one()).collect();
        let (axes, rest) = self.only(&long);
        let sizes: Vec<Size> = shape.iter().filter(|size| **size != Size::one()).cloned().collect();
        // axes that stay the same at both ends are kept; those between are split or joined
        let same = |(axis, size): &(&Axis, &Size)| axis.size == **size;
        let first = axes.iter().zip(&sizes).take_while(same).count();
        let last = axes[first..].iter().rev().zip(sizes[first..].iter().rev());
        let last = last.take_while(same).count();
        let cut = &sizes[first..sizes.len() - last];
        let run = joined(&axes[first..axes.len() - last])?;
        let middle = match (run, cut) {
            (None, []) => Vec::new(),
            (Some(run), [_, ..]) => {
                let mut middle = side_by_side(cut, &run.stride);
                middle[0].offset = run.offset;
                middle
            }
            _ => return None,
        };
        let end = axes[axes.len() - last..].iter().cloned();
        let mut long = axes[..first].iter().cloned().chain(middle).chain(end);
        let one = || Axis { size: Size::one(), offset: Size::default(), stride: Size::one() };
        let axis = |size: &Size| if *size == Size::one() { Some(one()) } else { long.next() };
        let axes = shape.iter().map(axis).collect::<Option<Vec<Axis>>>()?;
        Some(Self { sample: self.sample.clone(), axes, rest })
    }

    /// Returns some of the axes and the rest. The offset of an axis that is left out, of which
    /// there is only one index, becomes a part of the next axis' offset, or of the rest.
    #[must_use]
    pub fn only(&self, which: &[bool]) -> (Vec<Axis>, Size) {
        let (mut axes, mut before) = (Vec::new(), Size::default());
        for (axis, keep) in self.axes.iter().zip(which) {
            before = before.plus(&axis.offset);
            if *keep {
                axes.push(Axis { offset: std::mem::take(&mut before), ..axis.clone() });
            }
        }
        (axes, before.plus(&self.rest))
    }

    /// Returns the pitch, i.e. the number of scalars from one row to the next, where a row is
    /// spanned by one index of all axes before `axis`; `None` if the elements of a row are not
    /// contiguous or one stride does not reach all rows.
    #[must_use]
    pub fn pitch(&self, axis: usize) -> Option<Size> {
        let long = self.axes.iter().enumerate().filter(|(_, axis)| axis.size != Size::one());
        let long: Vec<usize> = long.map(|(at, _)| at).collect();
        let within = |range: std::ops::Range<usize>| {
            let which: Vec<bool> =
                (0..self.axes.len()).map(|at| range.contains(&at) && long.contains(&at)).collect();
            self.only(&which).0
        };
        let row = joined(&within(axis..self.axes.len()))?;
        if row.as_ref().is_some_and(|row| row.stride != Size::one()) {
            return None;
        }
        let sample = self.sample.clone();
        let sample =
            sample.map(|stride| Axis { size: Size::one(), offset: Size::default(), stride });
        let rows: Vec<Axis> = sample.into_iter().chain(within(0..axis)).collect();
        let len = row.map_or_else(Size::one, |row| row.size);
        Some(joined(&rows)?.map_or(len, |rows| rows.stride))
    }

    /// Returns the number of scalars of one sample in every contiguous run.
    #[must_use]
    pub fn run(&self) -> Size {
        let long: Vec<bool> = self.axes.iter().map(|axis| axis.size != Size::one()).collect();
        let mut run: Option<Axis> = None;
        for outer in self.only(&long).0.into_iter().rev() {
            run = match run {
                None => Some(outer),
                Some(run) if outer.continues_in(&run) => {
                    Some(Axis { size: outer.size.times(&run.size), stride: run.stride, ..outer })
                }
                run => return side_by_side_or_one(run),
            };
        }
        side_by_side_or_one(run)
    }

    /// Returns the number of scalars before the first element.
    #[must_use]
    pub fn start(&self) -> Size {
        self.axes.iter().fold(self.rest.clone(), |start, axis| start.plus(&axis.offset))
    }
}

/// Returns the axes of a shape whose elements are `stride` apart, without gaps.
fn side_by_side(shape: &[Size], stride: &Size) -> Vec<Axis> {
    let axis = |at: usize| Axis {
        size: shape[at].clone(),
        offset: Size::default(),
        stride: Size::product(&shape[at + 1..]).times(stride),
    };
    (0..shape.len()).map(axis).collect()
}

/// Returns the size of an axis if it is contiguous, else 1.
fn side_by_side_or_one(axis: Option<Axis>) -> Size {
    axis.filter(|axis| axis.stride == Size::one()).map_or_else(Size::one, |axis| axis.size)
}

/// Returns all axes joined into one if a single stride reaches all indices, else `None`;
/// `Some(None)` if there are no axes.
fn joined(axes: &[Axis]) -> Option<Option<Axis>> {
    let Some((first, others)) = axes.split_first() else { return Some(None) };
    let mut run = first.clone();
    for axis in others {
        if !run.continues_in(axis) {
            return None;
        }
        (run.size, run.stride) = (run.size.times(&axis.size), axis.stride.clone());
    }
    Some(Some(run))
}

impl Axis {
    /// Returns true if the indices of the axis `inner` fill the span of one index of this axis.
    #[must_use]
    pub fn continues_in(&self, inner: &Self) -> bool {
        inner.offset == Size::default() && self.stride == inner.size.times(&inner.stride)
    }
}

impl Graph {
    /// Returns the layout of a value in the memory of its [base](Self::base), or `None` if strides
    /// cannot express it.
    #[must_use]
    pub fn layout(&self, value: Value) -> Option<Layout> {
        self.layout_within(value, None)
    }

    /// Returns the layout of a value in the memory that its base is a part of, where the base has
    /// the layout `base`.
    #[must_use]
    pub fn layout_within(&self, value: Value, base: Option<&Layout>) -> Option<Layout> {
        let node = &self[value];
        match &node.op {
            Op::View if base.is_some() || self.is_window(value) => {
                self.layout_within(node.operands[0], base)?.reshape(&node.ty.shape)
            }
            Op::Window(slice) => {
                let whole = self.layout_within(node.operands[0], base)?;
                Some(whole.window(slice.axis, &slice.start, &slice.len))
            }
            Op::Final => self.layout_within(node.operands[0], base),
            _ => Some(base.cloned().unwrap_or_else(|| Layout::of(&node.ty))),
        }
    }

    /// Returns the location of a value, if its base has memory of its own.
    #[must_use]
    pub fn location(&self, value: Value) -> Location {
        let layout = self.layout(value).unwrap_or_else(|| Layout::of(self.ty(value)));
        Location { whole: self.base(value), layout }
    }

    /// Returns true if a value is only a part of the memory of its base.
    #[must_use]
    pub fn is_window(&self, mut value: Value) -> bool {
        while let Op::View | Op::Final = self[value].op {
            value = self[value].operands[0];
        }
        matches!(self[value].op, Op::Window(_))
    }
}

#[cfg(test)]
mod tests;
