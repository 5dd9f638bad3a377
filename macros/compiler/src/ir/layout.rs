//! Where the elements of a value are: side by side in memory of its own, or a window of another
//! value's memory.

use super::{Graph, Op, Type, Value};
use crate::size::Size;

/// An axis of a value in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// How many.
    pub size: Size,
    /// Scalars before the first, in what one index of the axes outside of it spans.
    pub offset: Size,
    /// Scalars from one to the next.
    pub stride: Size,
}

/// How to find the elements of a value in the memory that it is a part of.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Scalars from one sample to the next, where each has its own.
    pub sample: Option<Size>,
    /// The axes of one sample.
    pub axes: Vec<Axis>,
    /// Scalars before the element, in what one index of the last axis spans.
    pub rest: Size,
}

/// Where a value is.
#[derive(Clone, Debug)]
pub struct Location {
    /// The value whose memory it is in.
    pub whole: Value,
    /// Where its elements are there.
    pub layout: Layout,
}

impl Layout {
    /// Side by side.
    #[must_use]
    pub fn of(ty: &Type) -> Self {
        Self {
            sample: ty.batched.then(|| ty.len()),
            axes: side_by_side(&ty.shape, &Size::one()),
            rest: Size::default(),
        }
    }

    /// `len` indices of an axis, from `start` on.
    #[must_use]
    pub fn window(mut self, axis: usize, start: &Size, len: &Size) -> Self {
        let axis = &mut self.axes[axis];
        axis.offset = axis.offset.plus(&start.times(&axis.stride));
        axis.size.clone_from(len);
        self
    }

    /// The same elements under another shape, if they can stay where they are.
    #[must_use]
    pub fn reshape(&self, shape: &[Size]) -> Option<Self> {
        let long: Vec<bool> = self.axes.iter().map(|axis| axis.size != Size::one()).collect();
        let (axes, rest) = self.only(&long);
        let sizes: Vec<Size> = shape.iter().filter(|size| **size != Size::one()).cloned().collect();
        // what is between the axes that stay as they are is cut or joined
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

    /// Some of the axes, and the rest: what there is before the only index of another axis is
    /// before the next.
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

    /// Scalars from one row to the next, where a row is what one index of all axes before `axis`
    /// spans, if its elements lie side by side and one goes along all rows at once.
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

    /// How many scalars of one sample lie side by side, everywhere.
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

    /// Scalars before the first element.
    #[must_use]
    pub fn start(&self) -> Size {
        self.axes.iter().fold(self.rest.clone(), |start, axis| start.plus(&axis.offset))
    }
}

/// Axes whose elements lie side by side, `stride` from one to the next.
fn side_by_side(shape: &[Size], stride: &Size) -> Vec<Axis> {
    let axis = |at: usize| Axis {
        size: shape[at].clone(),
        offset: Size::default(),
        stride: Size::product(&shape[at + 1..]).times(stride),
    };
    (0..shape.len()).map(axis).collect()
}

/// The size of an axis whose elements lie side by side, else 1.
fn side_by_side_or_one(axis: Option<Axis>) -> Size {
    axis.filter(|axis| axis.stride == Size::one()).map_or_else(Size::one, |axis| axis.size)
}

/// All axes as one, `None` where there are none, if one can go along all of them at once.
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
    /// Whether the indices of an axis inside this one fill what one index of this spans.
    #[must_use]
    pub fn continues_in(&self, inner: &Self) -> bool {
        inner.offset == Size::default() && self.stride == inner.size.times(&inner.stride)
    }
}

impl Graph {
    /// Where a value is in the memory of its [base](Self::base), if that can be said by strides.
    #[must_use]
    pub fn layout(&self, value: Value) -> Option<Layout> {
        self.layout_within(value, None)
    }

    /// The same in the memory that the base is a part of.
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

    /// Where a value is, if its base has memory of its own.
    #[must_use]
    pub fn location(&self, value: Value) -> Location {
        let layout = self.layout(value).unwrap_or_else(|| Layout::of(self.ty(value)));
        Location { whole: self.base(value), layout }
    }

    /// Whether a value is a part of the memory of its base, not all of it.
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
