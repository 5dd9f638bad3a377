//! The matrix whose rows a loop runs over, and the access of values by row.

use crate::ir::kernel::Reduction;
use crate::ir::layout::Layout;
use crate::ir::{Graph, Op, Type, Value};
use crate::size::Size;

/// A matrix in memory: `rows` of `len` elements, for each sample if it is batched.
#[derive(Clone, Debug, PartialEq)]
pub struct RowSpace {
    pub batched: bool,
    pub rows: Size,
    pub len: Size,
}

/// The row_slice of memory that contains a row of a value that is a part of another's memory.
#[derive(Clone, Debug, PartialEq)]
pub struct RowSlice {
    /// Number of scalars before the row.
    pub start: Size,
    /// Number of scalars of the whole row_slice.
    pub len: Size,
}

/// The part of a value that one row of the matrix has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowAccess {
    /// A row of its own.
    Row,
    /// One number per row.
    Single,
    /// A row that all rows share.
    Shared,
    /// A number that all rows share, in a register.
    Number,
}

impl RowSpace {
    /// Returns the matrix whose rows a reduction reduces.
    pub fn of(graph: &Graph, value: Value) -> Option<Self> {
        let Reduction { rows, len, .. } = reduction(graph, value)?;
        let batched = graph.ty(value).batched;
        (len != Size::one()).then_some(Self { batched, rows, len })
    }

    /// Returns the row access of a value with memory of its own: a row of it, or one number.
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

    /// Returns the position of the rows of a value with this layout in memory of `whole` scalars
    /// (for each sample if it is batched), if that memory is equal stretches with one row in each.
    pub fn row_slice(&self, layout: &Layout, whole: &Size) -> Option<RowSlice> {
        let sizes: Vec<Size> = layout.axes.iter().map(|axis| axis.size.clone()).collect();
        let border =
            (0..=sizes.len()).rev().find(|axis| Size::product(&sizes[*axis..]) == self.len)?;
        let len = layout.pitch(border)?;
        let is_all = len.times(&self.rows) == *whole;
        is_all.then(|| RowSlice { start: layout.start(), len })
    }

    /// Returns the row access of an operand of an elementwise operation with this result.
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

/// Returns the reduction by which a value is computed, if it is one of rows.
pub fn reduction(graph: &Graph, value: Value) -> Option<Reduction> {
    let Op::Kernel(kernel) = &graph[value].op else { return None };
    let [operand] = graph[value].operands[..] else { return None };
    kernel.reduction(graph.ty(operand))
}
