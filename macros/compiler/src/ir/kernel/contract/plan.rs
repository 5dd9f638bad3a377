//! The matrix products of a contraction: adjacent axes that all tensors traverse alike are joined;
//! of the remaining axes, one each becomes the rows, the depth (summed) and the columns, and the
//! others repeat the product.

use super::super::Call;
use super::{Contract, Labels};
use crate::ir::Type;
use crate::ir::layout::Layout;
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// An axis of the operands and the result, or of some of them.
#[derive(Clone, Debug)]
struct Axis {
    /// Number of indices, times the samples if `batch`.
    size: Size,
    batch: bool,
    /// The strides in A, B and C; `None` if the tensor does not have the axis.
    strides: [Option<Size>; 3],
}

impl Axis {
    /// Returns an axis of size 1 that no tensor has.
    fn none() -> Self {
        Self { size: Size::one(), batch: false, strides: [const { None }; 3] }
    }

    fn is_in(&self, place: usize) -> bool {
        self.strides[place].is_some()
    }

    fn stride(&self, place: usize) -> Size {
        self.strides[place].clone().unwrap_or_default()
    }

    /// Returns this axis and one inside it as one, if all tensors can traverse both with one
    /// stride.
    fn joined(&self, inner: &Self) -> Option<Self> {
        let alike = |place: usize| match (&self.strides[place], &inner.strides[place]) {
            (None, None) => true,
            (Some(outer), Some(stride)) => *outer == stride.times(&inner.size),
            _ => false,
        };
        let joins = !inner.batch && (0..3).all(alike);
        let strides = inner.strides.clone();
        joins.then(|| Self { size: self.size.times(&inner.size), batch: self.batch, strides })
    }
}

/// A matrix product, repeated along axes.
pub(super) struct Plan {
    /// The axes along which the product is repeated, from the outermost.
    repeated: Vec<Axis>,
    rows: Axis,
    depth: Axis,
    columns: Axis,
    /// `true` if Cᵀ = Bᵀ · Aᵀ is computed, so that the rows of the result are contiguous. The
    /// strides of A and B are exchanged already.
    pub swapped: bool,
}

impl Plan {
    /// Plans the products of `contract` for operands and a result with these layouts.
    pub fn new(contract: &Contract, layouts: [&Layout; 3]) -> Self {
        let mut axes = axes(&contract.labels, layouts);
        join(&mut axes);
        // takes the last axis of a kind, preferably one that is contiguous in C
        let take = |axes: &mut Vec<Axis>, kind: [bool; 3]| {
            let is_it = |axis: &Axis| (0..3).all(|place| axis.is_in(place) == kind[place]);
            let along = |axis: &Axis| axis.strides[2] == Some(Size::one());
            let found = axes.iter().rposition(|axis| is_it(axis) && along(axis));
            let found = found.or_else(|| axes.iter().rposition(is_it));
            found.map_or_else(Axis::none, |index| axes.remove(index))
        };
        let rows = take(&mut axes, [true, false, true]);
        let columns = take(&mut axes, [false, true, true]);
        let depth = take(&mut axes, [true, true, false]);
        let mut plan = Self { repeated: axes, rows, depth, columns, swapped: false };
        if plan.rows.strides[2] == Some(Size::one()) && !plan.is_column_along_rows() {
            plan.swap();
        }
        plan
    }

    /// Returns true if C is one column and the rows of A are contiguous, which suits dot products.
    fn is_column_along_rows(&self) -> bool {
        !self.columns.is_in(2) && self.depth.stride(0) == Size::one()
    }

    fn swap(&mut self) {
        self.swapped = true;
        std::mem::swap(&mut self.rows, &mut self.columns);
        let all = self.repeated.iter_mut();
        for axis in all.chain([&mut self.rows, &mut self.depth, &mut self.columns]) {
            axis.strides.swap(0, 1);
        }
    }

    /// Returns the tokens of the axes along which products are repeated.
    pub fn axes(&self, call: &Call<'_>) -> Vec<TokenStream> {
        let runtime = call.runtime;
        let axis = |axis: &Axis| {
            let size = size(call, axis);
            let [a, b, c] = [0, 1, 2].map(|place| axis.stride(place).tokens());
            quote!(#runtime::contract::Axis { size: #size, a: #a, b: #b, c: #c })
        };
        self.repeated.iter().map(axis).collect()
    }

    /// Returns the tokens of the shape of one product.
    pub fn shape(&self, call: &Call<'_>) -> TokenStream {
        let runtime = call.runtime;
        let Self { rows, depth, columns, .. } = self;
        let stride = |axis: &Axis, place: usize| axis.stride(place).tokens();
        let [a_row, b_row, c_row] = [stride(rows, 0), stride(depth, 1), stride(rows, 2)];
        let [a_column, b_column] = [stride(depth, 0), stride(columns, 1)];
        let [rows, depth, columns] = [rows, depth, columns].map(|axis| size(call, axis));
        quote! {
            #runtime::contract::Shape {
                rows: #rows,
                depth: #depth,
                columns: #columns,
                a_row: #a_row,
                a_column: #a_column,
                b_row: #b_row,
                b_column: #b_column,
                c_row: #c_row,
            }
        }
    }
}

fn size(call: &Call<'_>, axis: &Axis) -> TokenStream {
    call.rows(&Type { batched: axis.batch, ..call.ty.clone() }, &axis.size)
}

/// Returns an axis for every label: the samples first, then the axes of the result, then the summed
/// ones.
fn axes(labels: &[Labels; 3], layouts: [&Layout; 3]) -> Vec<Axis> {
    let mut axes = Vec::new();
    if layouts.iter().any(|layout| layout.sample.is_some()) {
        let strides = layouts.map(|layout| layout.sample.clone());
        axes.push(Axis { size: Size::one(), batch: true, strides });
    }
    let mut seen = Vec::new();
    for place in [2, 0, 1] {
        for (axis, label) in labels[place].iter().enumerate() {
            let size = &layouts[place].axes[axis].size;
            if label.is_none() || *size == Size::one() || seen.contains(label) {
                continue;
            }
            seen.push(*label);
            let stride = |place: usize| {
                let at = labels[place].iter().position(|other| other == label)?;
                Some(layouts[place].axes[at].stride.clone())
            };
            let strides = [stride(0), stride(1), stride(2)];
            axes.push(Axis { size: size.clone(), batch: false, strides });
        }
    }
    axes
}

/// Joins axes until no two can be joined.
fn join(axes: &mut Vec<Axis>) {
    let pairs = |len: usize| (0..len).flat_map(move |i| (0..len).map(move |j| (i, j)));
    while let Some((outer, inner, joined)) = pairs(axes.len())
        .filter(|(i, j)| i != j)
        .find_map(|(i, j)| axes[i].joined(&axes[j]).map(|joined| (i, j, joined)))
    {
        axes[outer.min(inner)] = joined;
        axes.remove(outer.max(inner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(labels: [&[usize]; 3], shapes: [&[u64]; 3], batched: [bool; 3]) -> Plan {
        let labels = labels.map(|labels| labels.iter().map(|label| Some(*label)).collect());
        let ty = |i: usize| {
            let sizes = shapes[i].iter().map(|n| Size::from(*n)).collect();
            Type { batched: batched[i], ..Type::sample(sizes) }
        };
        let contract = Contract { labels, ty: ty(2) };
        let layouts = [0, 1, 2].map(|i| Layout::of(&ty(i)));
        Plan::new(&contract, [&layouts[0], &layouts[1], &layouts[2]])
    }

    #[test]
    fn shared_weights_are_one_product() {
        let plan =
            plan([&[0, 1], &[1, 2], &[0, 2]], [&[5, 7], &[7, 3], &[5, 3]], [true, false, true]);
        assert!(plan.repeated.is_empty() && plan.rows.batch && !plan.swapped);
        assert_eq!(plan.rows.size, Size::from(5));
    }

    #[test]
    fn gradients_of_shared_weights_sum_over_the_batch() {
        let plan =
            plan([&[0, 1], &[0, 2], &[1, 2]], [&[5, 7], &[5, 3], &[7, 3]], [true, true, false]);
        assert!(plan.repeated.is_empty() && plan.depth.batch);
        assert_eq!(plan.depth.size, Size::from(5));
    }

    #[test]
    fn heads_repeat_products() {
        // scores of [time, heads, width] with itself, as [heads, time, time]
        let labels: [&[usize]; 3] = [&[0, 1, 2], &[3, 1, 2], &[1, 0, 3]];
        let plan = plan(labels, [&[7, 2, 5], &[7, 2, 5], &[2, 7, 7]], [true; 3]);
        assert_eq!(plan.repeated.len(), 2);
        assert_eq!(plan.rows.stride(0), Size::from(10));
        assert_eq!(plan.rows.stride(2), Size::from(7));
    }

    #[test]
    fn a_vector_lies_along_memory() {
        let plan = plan([&[1, 0], &[1], &[0]], [&[7, 5], &[7], &[5]], [true, false, true]);
        assert!(plan.swapped);
        assert_eq!(plan.columns.size, Size::from(5));
    }
}
