//! The matrix whose rows a loop runs over, and how values lie in it.

use crate::ir::kernel::Reduction;
use crate::ir::layout::Layout;
use crate::ir::{Graph, Op, Type, Value};
use crate::size::Size;

/// A matrix in memory: `rows` of `len` elements, for each sample where it is batched.
#[derive(Clone, Debug, PartialEq)]
pub struct RowSpace {
    pub batched: bool,
    pub rows: Size,
    pub len: Size,
}

/// What a row is a part of, where a value is a part of another's memory.
#[derive(Clone, Debug, PartialEq)]
pub struct RowSlice {
    /// Scalars before the row.
    pub start: Size,
    /// Scalars of the whole stretch.
    pub len: Size,
}

/// What one row of the matrix has of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowAccess {
    /// A row of its own.
    Row,
    /// One number.
    Single,
    /// The row that all rows share.
    Shared,
    /// The number that all rows share, in a register.
    Number,
}

impl RowSpace {
    /// Of what a reduction reduces.
    pub fn of(graph: &Graph, value: Value) -> Option<Self> {
        let Reduction { rows, len, .. } = reduction(graph, value)?;
        let batched = graph.ty(value).batched;
        (len != Size::one()).then_some(Self { batched, rows, len })
    }

    /// How a value that fills memory of its own lies in the matrix: in rows, or one for each.
    pub fn own(&self, ty: &Type) -> Option<RowAccess> {
        if ty.batched != self.batched || ty.is_number() {
            return None;
        }
        let len = ty.len();
        if len == self.rows.times(&self.len) {
            return Some(RowAccess::Row);
        }
        (len == self.rows).then_some(RowAccess::Single)
    }

    /// Where the rows are of what is laid out so in memory of `whole` scalars, for each sample where
    /// it is batched: if that is equal stretches with a row in each.
    pub fn stretch(&self, layout: &Layout, whole: &Size) -> Option<RowSlice> {
        let sizes: Vec<Size> = layout.axes.iter().map(|axis| axis.size.clone()).collect();
        let border =
            (0..=sizes.len()).rev().find(|axis| Size::product(&sizes[*axis..]) == self.len)?;
        let len = layout.pitch(border)?;
        let is_all = len.times(&self.rows) == *whole;
        is_all.then(|| RowSlice { start: layout.start(), len })
    }

    /// How the operand of an elementwise operation lies, seen from its result.
    pub fn operand(&self, operand: &Type, result: &Type) -> Option<RowAccess> {
        if operand.is_number() {
            return Some(RowAccess::Number);
        }
        let own = self.own(result)?;
        if operand.batched == result.batched && operand.len() == result.len() {
            return Some(own);
        }
        let (shape, rank) = (&result.shape, result.shape.len());
        let border = (0..=rank).rev().find(|axis| Size::product(&shape[*axis..]) == self.len)?;
        let size = |axis: usize| {
            let own = (axis + operand.shape.len()).checked_sub(rank);
            own.map_or_else(Size::one, |axis| operand.shape[axis].clone())
        };
        let is_one = |axis: usize| size(axis) == Size::one();
        let is_whole = |axis: usize| size(axis) == shape[axis];
        let (mut outer, mut inner) = (0..border, border..rank);
        if own != RowAccess::Row {
            return None;
        }
        if inner.clone().all(is_one) && outer.clone().all(is_whole) {
            return (operand.batched == self.batched).then_some(RowAccess::Single);
        }
        (outer.all(is_one) && inner.all(is_whole) && !operand.batched).then_some(RowAccess::Shared)
    }
}

/// What a value is reduced by, if it is the reduction of rows.
pub fn reduction(graph: &Graph, value: Value) -> Option<Reduction> {
    let Op::Kernel(kernel) = &graph[value].op else { return None };
    let [operand] = graph[value].operands[..] else { return None };
    kernel.reduction(graph.ty(operand))
}
